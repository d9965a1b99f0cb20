package report

import (
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"synthos/verdict"
)

// rankingFormats are the reports about several candidates.
var rankingFormats = []struct {
	extension string
	write     func(io.Writer, *verdict.Ranking) error
}{
	{".json", RankingJSON}, {".html", RankingHTML}, {".md", RankingMarkdown},
}

// CheckRanking is Check for SaveRanking.
func CheckRanking(path string) error {
	if _, err := rankingWriter(path); err != nil {
		return err
	}
	return Check(path)
}

// SaveRanking writes r to path as Save writes a Result: .json, .html or .md.
func SaveRanking(path string, r *verdict.Ranking) error {
	write, err := rankingWriter(path)
	if err != nil {
		return err
	}
	if err := writeFile(path, func(w io.Writer) error { return write(w, r) }); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// RankingExtensions returns the extensions that SaveRanking takes.
func RankingExtensions() []string {
	var out []string
	for _, f := range rankingFormats {
		out = append(out, f.extension)
	}
	return out
}

func rankingWriter(path string) (func(io.Writer, *verdict.Ranking) error, error) {
	for _, f := range rankingFormats {
		if f.extension == strings.ToLower(filepath.Ext(path)) {
			return f.write, nil
		}
	}
	return nil, fmt.Errorf("report: %s: the extension must say the format of a ranking: one of %s", path, strings.Join(RankingExtensions(), " "))
}

// RankingJSON writes r as JSON writes a Result, with schema_version set to
// verdict.RankingVersion and the whole result of each candidate.
func RankingJSON(w io.Writer, r *verdict.Ranking) error {
	out := verdict.Ranking{SchemaVersion: verdict.RankingVersion, Reference: r.Reference, Candidates: slices.Clone(r.Candidates)}
	for i := range out.Candidates {
		if c := &out.Candidates[i]; c.Result != nil {
			result := *c.Result
			result.SchemaVersion = verdict.SchemaVersion
			c.Result = &result
		}
	}
	b, err := json.Marshal(out, jsonOptions)
	if err != nil {
		return fmt.Errorf("cannot write the ranking as JSON: %w", err)
	}
	_, err = w.Write(append(escapeUnprintable(b), '\n'))
	return err
}

// candidateView is a line of the table.
type candidateView struct {
	*verdict.Candidate
	Decision  string
	Approved  bool
	Collapse  string
	Diversity string
	Why       string
	Cells     []rankCell // one a dimension
}

type rankCell struct {
	Name, Score, Grade string
}

// rankingView is what the writers draw.
type rankingView struct {
	Reference  string
	Title      string
	Dimensions []string
	Candidates []candidateView
	More       string
}

const rankingMost = 200 // candidates drawn

func newRankingView(r *verdict.Ranking) *rankingView {
	clean := printableValue(reflect.ValueOf(*r)).Interface().(verdict.Ranking)
	v := &rankingView{Reference: clean.Reference, Title: fmt.Sprintf("%d datasets ranked", len(clean.Candidates)), More: moreThan(len(clean.Candidates), rankingMost)}
	for i := range head(clean.Candidates, rankingMost) {
		if res := clean.Candidates[i].Result; res != nil && res.Collapse != nil {
			for _, d := range res.Collapse.Dimensions {
				if !slices.Contains(v.Dimensions, d.Name) {
					v.Dimensions = append(v.Dimensions, d.Name)
				}
			}
		}
	}
	for i := range head(clean.Candidates, rankingMost) {
		c := &clean.Candidates[i]
		view := candidateView{Candidate: c, Decision: "ERROR", Collapse: "-", Diversity: "-", Why: c.Error}
		if res := c.Result; res != nil {
			view.Decision, view.Approved = decision(res), res.ApprovedForTraining
			view.Collapse, view.Diversity, view.Why = res.CollapseScore.String(), res.DiversityScore.String(), res.Reason
			for _, name := range v.Dimensions {
				cell := rankCell{Name: name, Score: "-", Grade: gradeUnknown}
				if res.Collapse != nil {
					if d := res.Collapse.Dimension(name); d != nil {
						cell.Score, cell.Grade = d.Score.String(), grade(res, d)
					}
				}
				view.Cells = append(view.Cells, cell)
			}
		}
		v.Candidates = append(v.Candidates, view)
	}
	return v
}

// RankingText writes r as a table for a terminal, 100 columns wide.
func RankingText(w io.Writer, r *verdict.Ranking, color bool) error {
	v := newRankingView(r)
	t := text{Result: &verdict.Result{}, color: color}
	width := 4
	for _, c := range v.Candidates {
		width = max(width, min(36, cells(c.Data)))
	}
	t.b.WriteString(t.paint(bold, pad("rank", 5)+pad("data", width)+"  verdict   collapse  diversity") + "\n")
	for _, c := range v.Candidates {
		style := red
		if c.Approved {
			style = green
		}
		t.b.WriteString(padLeft(fmt.Sprint(c.Rank), 4) + " " + pad(fit(c.Data, width), width) + "  " + t.paint(style, pad(c.Decision, 8)) + "  " +
			padLeft(c.Collapse, 8) + "  " + padLeft(c.Diversity, 9) + "\n")
		for _, line := range Wrap(c.Why, textWidth-6, 2) {
			t.line("     %s", line)
		}
	}
	if v.More != "" {
		t.line("%s", v.More)
	}
	_, err := io.WriteString(w, t.take())
	return err
}

// RankingMarkdown writes r as GitHub-flavoured Markdown.
func RankingMarkdown(w io.Writer, r *verdict.Ranking) error {
	v := newRankingView(r)
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", escapeMarkdown(v.Title))
	if v.Reference != "" {
		fmt.Fprintf(&b, "Judged against %s.\n\n", escapeMarkdown(v.Reference))
	}
	headings := []string{":rank", "data", "verdict", ":collapse", ":diversity"}
	for _, d := range v.Dimensions {
		headings = append(headings, ":"+escapeMarkdown(d))
	}
	var rows [][]string
	for _, c := range v.Candidates {
		row := []string{fmt.Sprint(c.Rank), c.Data, c.Decision, c.Collapse, c.Diversity}
		for _, cell := range c.Cells {
			row = append(row, cell.Score)
		}
		for len(row) < len(headings) {
			row = append(row, "-")
		}
		rows = append(rows, row)
	}
	markdownTable(&b, headings, rows)
	for _, c := range v.Candidates {
		fmt.Fprintf(&b, "%d. %s: %s\n", c.Rank, escapeMarkdown(c.Data), escapeMarkdown(c.Why))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// RankingHTML writes r as one page like HTML's.
func RankingHTML(w io.Writer, r *verdict.Ranking) error {
	v := newRankingView(r)
	all := v.Candidates
	return executeHTML(w, "ranking", func(shrink int) any {
		v.Candidates = head(all, rankingMost>>shrink)
		return v
	})
}
