package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// Columns that people write in more than one way are read where that can be done
// without a guess; else they are text, and a note says why and where.
func TestTold(t *testing.T) {
	for _, test := range []struct {
		name, reason string
		cells        []string
		want         []string // nil = the cells as they stand
		typ          dataset.Type
		finding      string
	}{
		{"dates in two ways", "neither can mean the other", []string{"2024-01-05", "06 Jan 2024", "2024-01-07 12:00"},
			[]string{"1.7044128e+09", "1.7044992e+09", "1.7046288e+09"}, dataset.Time,
			`points in time written in several ways, all of them read: as "2024-01-05" (row 0), as "06 Jan 2024" (row 1)`},
		{"with and without a time", "the day of one tells that of the other", []string{"13/01/2024", "05/01/2024 10:30", "14/01/2024"},
			[]string{"1.705104e+09", "1.7044506e+09", "1.7051904e+09"}, dataset.Time,
			`points in time written in several ways, all of them read: as "13/01/2024" (row 0), as "05/01/2024 10:30" (row 1)`},
		{"day and month exchanged", "no way reads 03/04", []string{"13/04/2024", "04/14/2024", "03/04/2024"}, nil, dataset.String,
			`dates with the day first ("13/04/2024", row 0) and with the month first ("04/14/2024", row 1): what the others mean cannot be told, so all are kept as text; write them in one way`},
		{"decimal marks", "each number tells by itself", []string{"1,5", "2.5", "7", "1.234,5"}, []string{"1.5", "2.5", "7", "1234.5"}, dataset.Float,
			"decimal points (row 1) and decimal commas (rows 0, 3) in one column: each is read by its mark"},
		{"decimal marks that do not tell", "1.234 may be either", []string{"1,5", "2.5", "1.234"}, nil, dataset.String,
			`decimal points (row 1) and decimal commas (row 0) in one column: what numbers like "1.234" (row 2) mean cannot be told, so all are kept as text; write them in one way`},
		{"lakhs", "groups of two digits, as in India", []string{"1,23,456", "12,34,56,789.50", "-2,000"}, []string{"123456", "1.234567895e+08", "-2000"}, dataset.Float, ""},
		{"no lakhs", "groups that nobody writes", []string{"123,45,678", "1,234,56", "1,23,456,789"}, nil, dataset.String, ""},
		{"times of day", "as in Parquet and Excel", []string{"12:30", "9:05:07", "11:59 PM", "12:00 am", "0:00:01.5"}, []string{"45000", "32707", "86340", "0", "1.5"}, dataset.Float,
			"times of day, read as seconds since midnight"},
		{"ratios", "no times of day", []string{"16:9", "4:3", "21:9"}, nil, dataset.String, ""},
		{"a unit", "the same behind all", []string{"50 kg", "1,000.5kg", "-7 KG", "8 kgs"}, []string{"50", "1000.5", "-7", "8"}, dataset.Float, "numbers with kg: read as the number beside it"},
		{"a unit with a digit", "is no number", []string{"50 m2", "7.5 m²"}, []string{"50", "7.5"}, dataset.Float, "numbers with m²: read as the number beside it"},
		{"two units", "are two scales", []string{"50 kg", "110 lb", "60 kg"}, nil, dataset.String, "numbers with different units, kept as text: kg (rows 0, 2), lb (row 1); convert them to one unit"},
		{"a unit and none", "may be another", []string{"50 kg", "60"}, nil, dataset.String, "numbers with different units, kept as text: kg (row 0), none (row 1); convert them to one unit"},
		{"codes", "what only looks like units", []string{"A4 12", "B5 13", "A4 14"}, nil, dataset.String, ""},
		{"flats", "a letter at a number", []string{"12B", "14B", "7B"}, nil, dataset.String, ""},
		{"leading zeros", "names", []string{"007 kg", "008 kg"}, nil, dataset.String, ""},
		{"words", "no units that are known", []string{"5 apples", "6 apples"}, nil, dataset.String, ""},
	} {
		got := readsColumn(t, test.name+": "+test.reason, test.cells, test.want, test.typ)
		var findings []string
		if test.finding != "" {
			findings = []string{"-1 a: " + test.finding}
		}
		if diff := cmp.Diff(findings, got.Findings); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", test.name, test.reason, diff)
		}
	}
}
