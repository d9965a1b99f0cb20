// Package headline computes the figures that a run over a benchmark is judged
// by: how well the scores tell harmful data from healthy data, how often the
// decision is wrong, whether the planted dimension falls and whether the bad
// rows are found.
package headline

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Item is one line of a benchmark's manifest.csv: a dataset and what is known
// about it. Paths are relative to the manifest's folder.
type Item struct {
	ID            string
	Family        string // real, chain, planted, synthesizer, ...
	Source        string // the real dataset that it comes from
	File          string
	ReferenceFile string // "" = to be judged by itself
	Label         string // healthy, collapsed or defect
	LabelBasis    string // real, yardstick, planted, real errors
	Severity      float64
	SkillLost     float64 // tstr_loss: share of a model's score that was measured to be lost; NaN = not measured
	TailLost      float64 // tail_loss: share of the tails that was measured to be lost; NaN = not measured
	Defect        string  // what was planted, "" = nothing
	Dose          string  // mild, medium or severe
	Dimension     string  // which should fall; "" or "none" = none
	Alternatives  []string
	Generator     string
	Generation    int
	Kind          string // tabular or text
	Expect        string // approve, reject or either
	Borderline    bool   // left out of the headline figures
	Rows          int
	BadRowsFile   string // the rows to blame, "" = unknown
	IgnoreFile    string // rows that count neither way, "" = none
}

// Harmful reports whether the item is labelled as unfit for training.
func (it *Item) Harmful() bool { return it.Label == "collapsed" || it.Label == "defect" }

// ReadManifest reads manifest.csv in the folder dir. A missing column that only
// some figures need counts as empty; without id, file or label there is an error.
func ReadManifest(dir string) ([]Item, error) {
	path := filepath.Join(dir, "manifest.csv")
	var items []Item
	seen := map[string]bool{}
	err := readRecords(path, []string{"id", "file", "label"}, func(get func(string) string) error {
		it := Item{
			ID: get("id"), Family: get("family"), Source: get("source"), File: get("file"), ReferenceFile: get("reference_file"),
			Label: get("label"), LabelBasis: get("label_basis"), Defect: get("defect"), Dose: get("dose"), Dimension: get("dimension"),
			Generator: get("generator"), Kind: get("kind"), Expect: get("expect"), Borderline: get("borderline") == "1",
			BadRowsFile: get("bad_rows_file"), IgnoreFile: get("ignore_rows_file"),
		}
		for name := range strings.SplitSeq(get("dimension_alt"), ";") {
			if name != "" {
				it.Alternatives = append(it.Alternatives, name)
			}
		}
		if seen[it.ID] {
			return fmt.Errorf("the id %q occurs twice", it.ID)
		}
		seen[it.ID] = true
		var err error
		if it.Severity, err = optional(get("severity"), parseFloat); err != nil {
			return err
		}
		if it.Generation, err = optional(get("generation"), strconv.Atoi); err != nil {
			return err
		}
		if it.Rows, err = optional(get("rows"), strconv.Atoi); err != nil {
			return err
		}
		it.SkillLost, it.TailLost = number(get("tstr_loss")), number(get("tail_loss"))
		items = append(items, it)
		return nil
	})
	return items, err
}

func parseFloat(s string) (float64, error) { return strconv.ParseFloat(s, 64) }

// optional parses s, or returns 0 if it is empty.
func optional[T int | float64](s string, parse func(string) (T, error)) (T, error) {
	if s == "" {
		return 0, nil
	}
	return parse(s)
}

// readRecords calls yield for every record of a CSV file with a header; get
// returns a cell by its column's name, "" if there is no such column.
func readRecords(path string, required []string, yield func(get func(string) string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err == io.EOF {
		return fmt.Errorf("%s: the file is empty", path)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, name := range required {
		if !slices.Contains(header, name) {
			return fmt.Errorf("%s: there is no column %q; its header is %v", path, name, header)
		}
	}
	for {
		record, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		get := func(name string) string {
			if j := slices.Index(header, name); j >= 0 {
				return strings.TrimSpace(record[j])
			}
			return ""
		}
		if err := yield(get); err != nil {
			line, _ := r.FieldPos(0)
			return fmt.Errorf("%s: line %d: %w", path, line, err)
		}
	}
}
