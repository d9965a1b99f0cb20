package encode

import (
	"testing"

	"synthos/dataset"
)

func TestRangesOfWholeNumbersNameThem(t *testing.T) {
	table := &dataset.Table{
		Schema:  &dataset.Schema{Fields: []dataset.Field{{Name: "n", Type: dataset.Float, Kind: dataset.Numerical, Integer: true}, {Name: "x", Type: dataset.Float, Kind: dataset.Numerical}}},
		Columns: make([]dataset.Vector, 2),
	}
	for i := range 60 {
		table.RowIDs = append(table.RowIDs, int64(i))
		for j := range 2 {
			table.Columns[j].Floats = append(table.Columns[j].Floats, float64(i%6))
			table.Columns[j].Null = append(table.Columns[j].Null, false)
		}
	}
	s := Fit(table, nil)
	for _, test := range []struct {
		got, want string
	}{
		{s.Level(0, 1), "up to 0"}, {s.Level(0, 3), "2"}, {s.Level(0, 6), "5 and above"},
		{s.Span(0, 1, 3), "up to 2"}, {s.Span(0, 3, 3), "= 2"}, {s.Span(0, 2, 4), "1 to 3"}, {s.Span(0, 4, 6), "3 and above"}, {s.Span(0, 0, 0), "= null"},
		{s.Level(1, 1), "below 0.5"}, {s.Span(1, 2, 4), "0.5 to 3.5"}, {s.Span(1, 4, 6), "2.5 and above"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}
