package main

import (
	"context"
	"path/filepath"
	"testing"

	"synthos/dataset"
	"synthos/load"
	"synthos/profile"
	"synthos/scan"
	"synthos/verdict"
)

// TestRowScores writes scores and reads them back: every row, in order, as it was.
func TestRowScores(t *testing.T) {
	l := &verdict.Localization{RowScores: []float32{0, 0.25, 1, 0.815625}}
	for _, name := range []string{"scores.csv", "scores.parquet", "scores.jsonl"} {
		path := filepath.Join(t.TempDir(), name)
		if err := writeRowScores(path, l); err != nil {
			t.Fatal(err)
		}
		src, err := load.Open(t.Context(), path, load.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := profile.Run(context.Background(), scan.Local{Jobs: 1}, src, profile.Options{}, nil)
		src.Close()
		if err != nil {
			t.Fatal(err)
		}
		if names := p.Schema.Names(); p.Rows != 4 || len(names) != 2 || names[0] != "row" || names[1] != "score" {
			t.Fatalf("%s: %d rows of %v", name, p.Rows, names)
		}
		for i, want := range l.RowScores {
			row, score := p.Sample.Columns[0], p.Sample.Columns[1]
			if row.Floats[i] != float64(i) || float32(score.Floats[i]) != want || p.Schema.Fields[1].Type != dataset.Float {
				t.Errorf("%s: row %v scores %v, want row %d, %v", name, row.Floats[i], score.Floats[i], i, want)
			}
		}
	}
	if err := writeRowScores(filepath.Join(t.TempDir(), "scores.csv"), nil); err == nil {
		t.Error("scores that were not computed were written")
	}
}
