package report

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"synthos/dataset"
	"synthos/verdict"
)

func inspected() *verdict.Load {
	return &verdict.Load{
		Path: "a.csv", Format: "csv", Rows: 1000, SampleRows: 100, RowsSkipped: 2, FilesTotal: 2,
		Files: []verdict.File{{Path: "a/1.csv"}, {Path: "a/2.csv", FirstRow: 400}},
		Columns: []verdict.Column{
			{Name: "age", Kind: dataset.Numerical, Type: dataset.Float, KindEvidence: "whole numbers from 1 to 90", Nulls: 20, Invalid: 3,
				InvalidRows: []int64{7, 12, 900}, Broken: []string{"abc"}, Distinct: 80, DistinctIs: "exact", Min: 1, Max: 90,
				Quantiles: &verdict.Quantiles{P50: 41}, Examples: []string{"3", "4"}},
			{Name: "joined", Kind: dataset.Datetime, Type: dataset.Time, Min: 0, Max: 86400 * 366, Quantiles: &verdict.Quantiles{P50: 86400}, DistinctIs: "estimate", Distinct: 5000},
			{Name: "key\x1b[31m", Kind: dataset.ID, Type: dataset.String, KindEvidence: "all differ", Min: verdict.Number(math.NaN()), DistinctIs: "exact", Examples: []string{"x\ny"}},
		},
		Findings: []dataset.Finding{{Row: 4, Message: "has 2 of 3 fields"}, {Row: -1, Column: "age", Message: "odd"}},
	}
}

func TestInspection(t *testing.T) {
	var out bytes.Buffer
	if err := Inspection(&out, inspected(), false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"a.csv: csv, 1,000 rows, 3 columns", "2 files, from a/1.csv to a/2.csv", "2 more rows could not be read", "sample of 100 rows",
		"numerical", "2.0 %", "0.3 %", "whole numbers from 1 to 90; such as 3 | 4",
		`3 invalid cells, the first in rows 7, 12, 900, such as ["abc"]`, "1970-01-01", "1971-01-02", "~5,000",
		"all differ; not modelled", "row 4: has 2 of 3 fields", "age: odd",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, "\x1b") || cells(strings.TrimSuffix(line, "\n")) > textWidth {
			t.Errorf("too wide, or not clean: %q", line)
		}
	}
}

// The JSON of an inspection is strict, with null for what is unknown.
func TestInspectionJSON(t *testing.T) {
	var out bytes.Buffer
	if err := InspectionJSON(&out, inspected()); err != nil {
		t.Fatal(err)
	}
	var back verdict.Load
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Rows != 1000 || len(back.Columns) != 3 || back.Columns[0].Quantiles.P50 != 41 || !math.IsNaN(float64(back.Columns[2].Min)) {
		t.Errorf("read back as %+v", back)
	}
}
