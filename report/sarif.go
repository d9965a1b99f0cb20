package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"synthos/verdict"
)

// The parts of SARIF 2.1.0 (OASIS Standard, 27 March 2020) that code hosts show.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool      `json:"tool"`
		Results    []sarifResult  `json:"results"`
		Properties map[string]any `json:"properties,omitempty"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string    `json:"id"`
		Short sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		Rule       string          `json:"ruleId"`
		Index      int             `json:"ruleIndex"`
		Level      string          `json:"level"`
		Message    sarifText       `json:"message"`
		Locations  []sarifLocation `json:"locations"`
		Properties map[string]any  `json:"properties,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int64 `json:"startLine"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

const sarifRows = 500 // rows that are shown: code hosts take a few thousand results

// SARIF writes r as SARIF 2.1.0: a result for each condition of approval that
// does not hold, for each dimension that is low, for each score that fell below
// a baseline, and for each of the worst rows. Rows of text files have the line
// that they start on, if it is known; all have their number.
func SARIF(w io.Writer, r *verdict.Result) error {
	r = printable(r)
	b := sarifBuilder{r: r, index: map[string]int{}, results: []sarifResult{}} // null would say that nobody looked
	b.rule("rejected", "the dataset is not fit to train on")
	b.rule("regression", "a score fell below that of the baseline")
	if !r.ApprovedForTraining {
		b.add("rejected", "error", r.Reason, 0, -1, nil)
	}
	if r.Collapse != nil {
		for i := range r.Collapse.Dimensions {
			b.dimension(&r.Collapse.Dimensions[i])
		}
	}
	if r.Baseline != nil {
		for _, c := range r.Baseline.Changes {
			if c.Fell {
				b.add("regression", "error", changeText(&c), 0, -1, nil)
			}
		}
	}
	if r.Localization != nil {
		for _, row := range head(r.Localization.Rows, sarifRows) {
			b.row(&row)
		}
	}
	log := sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{
			Tool: sarifTool{sarifDriver{Name: "synthos", Version: r.Version, Rules: b.rules}}, Results: b.results,
			Properties: map[string]any{"approved_for_training": r.ApprovedForTraining, "collapse_score": r.CollapseScore, "diversity_score": r.DiversityScore, "seed": r.Seed},
		}},
	}
	out, err := json.MarshalIndent(log, "", "  ")
	if err != nil {
		return fmt.Errorf("cannot write the result as SARIF: %w", err)
	}
	_, err = w.Write(append(escapeUnprintable(out), '\n'))
	return err
}

type sarifBuilder struct {
	r       *verdict.Result
	rules   []sarifRule
	index   map[string]int
	results []sarifResult
}

// rule returns the position of a rule, and makes it if it is new.
func (b *sarifBuilder) rule(id, about string) int {
	at, known := b.index[id]
	if !known {
		at = len(b.rules)
		b.index[id] = at
		b.rules = append(b.rules, sarifRule{id, sarifText{about}})
	}
	return at
}

func (b *sarifBuilder) add(rule, level, text string, line, row int64, properties map[string]any) {
	location := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{dataURI(b.file(row))}}}
	if line > 0 {
		location.Physical.Region = &sarifRegion{line}
	}
	if row >= 0 {
		location.Logical = []sarifLogical{{fmt.Sprintf("row %d", row), "row"}}
	}
	b.results = append(b.results, sarifResult{
		Rule: rule, Index: b.index[rule], Level: level, Message: sarifText{text}, Locations: []sarifLocation{location}, Properties: properties,
	})
}

// file returns the file that a row is in; for row < 0 the data as they were named.
func (b *sarifBuilder) file(row int64) string {
	if b.r.Load != nil && row >= 0 {
		for _, f := range b.r.Load.Files {
			if row >= f.FirstRow && row < f.FirstRow+f.Rows {
				return f.Path
			}
		}
	}
	return b.r.Config.Data
}

func (b *sarifBuilder) dimension(d *verdict.Dimension) {
	b.rule(d.Name, strings.ReplaceAll(d.Name, "_", " "))
	level := map[string]string{gradeFatal: "error", gradePoor: "warning"}[grade(b.r, d)]
	if level != "" {
		b.add(d.Name, level, fmt.Sprintf("%s is %s: %s", d.Name, d.Score, d.Reason), 0, -1, nil)
	}
}

func (b *sarifBuilder) row(row *verdict.Row) {
	rule := "row"
	if len(row.Dimensions) > 0 {
		rule = row.Dimensions[0]
	}
	b.rule(rule, strings.ReplaceAll(rule, "_", " "))
	level := "note"
	if slices.Contains([]string{"high", "medium"}, row.Severity) {
		level = "warning"
	}
	b.add(rule, level, fmt.Sprintf("row %d: %s", row.Row, row.Reason), row.Line, row.Row, map[string]any{"suspicion": row.Score, "columns": row.Columns})
}

// dataURI returns the path of the data as SARIF wants it: a relative reference,
// a file URI, or the address that it is.
func dataURI(path string) string {
	if strings.Contains(path, "://") {
		if u, err := url.Parse(path); err == nil {
			return u.String()
		}
	}
	path = filepath.ToSlash(path)
	u := url.URL{Path: path}
	if strings.HasPrefix(path, "/") {
		u.Scheme = "file"
	}
	if s := u.String(); s != "" {
		return s
	}
	return "data"
}
