package load

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"synthos/dataset"
)

// TestStringsLikeCSV reads strings of JSON as the same cells of CSV: all of a column are
// strings, so that nothing but their text tells what they are.
func TestStringsLikeCSV(t *testing.T) {
	for _, test := range []struct {
		name, reason string
		cells        []string
		typ          dataset.Type
	}{
		{"unit", "a number and the same unit", []string{"50 kg", "61.5 kg", "72 kg", "80 kg"}, dataset.Float},
		{"clock", "times of day are seconds", []string{"12:30", "08:15", "23:59", "00:01"}, dataset.Float},
		{"thousands", "groups of three", []string{"1,234.50", "12,345.25", "999.00", "1,000.75"}, dataset.Float},
		{"comma", "decimal commas", []string{"1,5", "2,25", "3,125", "4,75"}, dataset.Float},
		{"numbers", "quoted by a careless writer", []string{"1.5", "2", "-3e4", "NA"}, dataset.Float},
		{"booleans", "true and false", []string{"true", "false", "True", "FALSE"}, dataset.Bool},
		{"dates", "as ever", []string{"2024-01-31", "2023-12-01", "2024-02-02", "2024-03-03"}, dataset.Time},
		{"ids", "leading zeros are lost in numbers", []string{"00123", "00456", "1789", "12345"}, dataset.String},
		{"words", "text", []string{"a", "b", "12", "c"}, dataset.String},
	} {
		dir := t.TempDir()
		csv, ndjson := filepath.Join(dir, "in.csv"), filepath.Join(dir, "in.jsonl")
		rows, lines := "n;x\n", ""
		for i, c := range test.cells {
			rows += fmt.Sprintf("%d;%s\n", i, c)
			lines += fmt.Sprintf(`{"n":%d,"x":%q}`+"\n", i, c)
		}
		writeTexts(t, csv, rows)
		writeTexts(t, ndjson, lines)
		want, got := readAll(t, csv, Options{}), readAll(t, ndjson, Options{})
		if want.Schema.Fields[1] != got.Schema.Fields[1] || got.Schema.Fields[1].Type != test.typ {
			t.Errorf("%s: %+v, in CSV %+v: %s", test.name, got.Schema.Fields[1], want.Schema.Fields[1], test.reason)
			continue
		}
		for i := range test.cells {
			a, b := &want.Columns[1], &got.Columns[1]
			if a.Null[i] != b.Null[i] && test.typ != dataset.String || a.Floats != nil && a.Floats[i] != b.Floats[i] {
				t.Errorf("%s: %q is not what it is in CSV", test.name, test.cells[i])
			}
		}
	}
}

// TestStringsAreTold: numbers that stand as strings are told, and texts of
// instruction data stay texts.
func TestStringsAreTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in.jsonl")
	writeTexts(t, path, strings.Repeat(`{"question":"how many?","answer":"72","score":"1.5"}`+"\n", 3))
	src, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	for i, want := range []dataset.Type{dataset.String, dataset.String, dataset.Float} {
		if f := src.Schema().Fields[i]; f.Type != want {
			t.Errorf("%s is %v, want %v", f.Name, f.Type, want)
		}
	}
	told := false
	for _, f := range src.Findings() {
		told = told || f.Column == "score" && strings.Contains(f.Message, "strings that are all numbers")
	}
	if !told {
		t.Errorf("nothing is said about score: %v", src.Findings())
	}
}

// TestEditStrings changes numbers that stand as strings: strings take their place.
func TestEditStrings(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "in.jsonl")
	writeTexts(t, path, `{"w":"50 kg","p":"1.5","b":"true"}`+"\n"+`{"w":"60 kg","p":"2.5","b":"false"}`+"\n"+`{"w":"70 kg","p":"NA","b":"true"}`+"\n")
	out := filepath.Join(dir, "out.jsonl")
	edit := Edit{
		Numbers: map[string]func(float64) float64{"w": func(x float64) float64 { return x / 10 }},
		Cells:   map[Place]Value{{1, "p"}: {Number: 7}, {1, "b"}: {Number: 1}},
	}
	edit.Dropped = func(int64) (string, bool) { return "", false }
	if _, err := Copy(t.Context(), opened(t, path), out, "", edit, nil); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"w": "5 kg", "p": "1.5", "b": "true"}` + "\n" + `{"w": "6 kg", "p": "7", "b": "true"}` + "\n" + `{"w": "7 kg", "p": "NA", "b": "true"}` + "\n"
	if string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}
