package main

import (
	"fmt"

	"synthos/dataset"
	"synthos/load"
	"synthos/verdict"
)

// writeRowScores writes the suspicion of every row, 0 to 1, in the order of the file.
func writeRowScores(path string, l *verdict.Localization) error {
	if l == nil || len(l.RowScores) == 0 {
		return fmt.Errorf("%s was not written: there are no scores of rows, since the stage localize did not end", path)
	}
	n := len(l.RowScores)
	t := &dataset.Table{
		Schema: &dataset.Schema{Fields: []dataset.Field{
			{Name: "row", Type: dataset.Float, Integer: true},
			{Name: "score", Type: dataset.Float},
		}},
		Columns: []dataset.Vector{{Floats: make([]float64, n), Null: make([]bool, n)}, {Floats: make([]float64, n), Null: make([]bool, n)}},
		RowIDs:  make([]int64, n),
	}
	for i, s := range l.RowScores {
		t.RowIDs[i] = int64(i)
		t.Columns[0].Floats[i], t.Columns[1].Floats[i] = float64(i), float64(s)
	}
	return load.Write(path, t)
}
