package load

import (
	"path/filepath"
	"testing"
	"time"

	"synthos/dataset"
)

// TestYearsOfTwoDigits reads dates with years of two digits in the hundred years that
// the column as a whole calls for.
func TestYearsOfTwoDigits(t *testing.T) {
	for _, test := range []struct {
		name, reason string
		dates        []string
		want         []int
	}{
		{"articles", "67 beside years up to 16 is no future", []string{"1/1/67", "5/13/98", "12/31/00", "2/29/00", "7/4/16"}, []int{1967, 1998, 2000, 2000, 2016}},
		{"births", "a column that ends in the sixties is of the last century", []string{"1/13/20", "1/1/31", "1/1/42", "1/1/60"}, []int{1920, 1931, 1942, 1960}},
		{"orders", "recent years are of this one", []string{"1/13/19", "1/1/24", "1/1/25"}, []int{2019, 2024, 2025}},
		{"one year", "as package time has it", []string{"1/13/85", "2/13/85"}, []int{1985, 1985}},
		{"whole years", "years of four digits are what they say", []string{"1/13/2067", "1/1/1916"}, []int{2067, 1916}},
	} {
		path := filepath.Join(t.TempDir(), "in.csv")
		text := "n,day\n"
		for _, d := range test.dates {
			text += "1," + d + "\n"
		}
		writeTexts(t, path, text)
		table := readAll(t, path, Options{})
		if f := table.Schema.Fields[1]; f.Type != dataset.Time || f.Layout != "1/2/06" && f.Layout != "1/2/2006" {
			t.Fatalf("%s: %+v", test.name, f)
		}
		for i, x := range table.Columns[1].Floats {
			if year := time.Unix(int64(x), 0).UTC().Year(); year != test.want[i] || table.Columns[1].Null[i] {
				t.Errorf("%s: %s is read as %d, want %d; %s", test.name, test.dates[i], year, test.want[i], test.reason)
			}
		}
	}
}
