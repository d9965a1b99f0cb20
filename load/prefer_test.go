package load

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"synthos/dataset"
)

// TestWritten reads cells that can be read in several ways like those of another file,
// as a reference is for the data.
func TestWritten(t *testing.T) {
	year := func(x float64) float64 { return float64(time.Unix(int64(x), 0).UTC().Year()) }
	month := func(x float64) float64 { return float64(time.Unix(int64(x), 0).UTC().Month()) }
	for _, test := range []struct {
		name, reason    string
		reference, data []string
		show            func(float64) float64
		alone, want     []float64
	}{
		{"hundred years", "births from 1920 to 1960: 25 is 1925", []string{"1/13/20", "1/1/31", "1/1/42", "1/1/60"}, []string{"1/13/22", "2/1/25", "3/1/30"},
			year, []float64{2022, 2025, 2030}, []float64{1922, 1925, 1930}},
		{"other hundred years", "2060 is no year of articles until 2016", []string{"1/13/67", "1/1/98", "1/1/16"}, []string{"1/13/58", "2/1/60"},
			year, []float64{1958, 1960}, []float64{1958, 1960}},
		{"day first", "no value above 12 in the data", []string{"13/04/2024", "01/05/2024", "02/05/2024"}, []string{"03/04/2024", "05/06/2024"},
			month, []float64{3, 5}, []float64{4, 6}},
		{"decimal comma", "1.234 is 1234 beside 1.234,5", []string{"1.234,5", "2,5", "3.456,25"}, []string{"1.234", "2.567"},
			nil, []float64{1.234, 2.567}, []float64{1234, 2567}},
		{"decimal point", "1.5 is no number with a decimal comma", []string{"1.234,5", "2,5", "3.456,25"}, []string{"1.234", "2.5"},
			nil, []float64{1.234, 2.5}, []float64{1.234, 2.5}},
	} {
		write := func(name string, cells []string) string {
			path := filepath.Join(t.TempDir(), name)
			writeTexts(t, path, "n;x\n1;"+strings.Join(cells, "\n1;")+"\n")
			return path
		}
		reference, data := write("reference.csv", test.reference), write("data.csv", test.data)
		src, err := Open(t.Context(), reference, Options{})
		if err != nil {
			t.Fatal(err)
		}
		types := map[string]dataset.Type{}
		for _, f := range src.Schema().Fields {
			types[f.Name] = f.Type
		}
		o := Options{Types: types, Prefer: Written(src)}
		src.Close()
		for _, side := range []struct {
			o    Options
			want []float64
		}{{Options{}, test.alone}, {o, test.want}} {
			v := readAll(t, data, side.o).Columns[1]
			for i, x := range v.Floats {
				if test.show != nil {
					x = test.show(x)
				}
				if v.Null[i] || x != side.want[i] {
					t.Errorf("%s: %q is read as %v, want %v (null: %v); %s", test.name, test.data[i], x, side.want[i], v.Null[i], test.reason)
				}
			}
		}
	}
}

// TestWrappedJudge: what a source knows about its columns is asked of it however it is
// shown, here as the roles of conversations.
func TestWrappedJudge(t *testing.T) {
	var text strings.Builder
	for i := range 12_000 {
		more := ""
		if i == 4000 { // between the rows of the sample
			more = `,"late":1`
		}
		fmt.Fprintf(&text, `{"messages":[{"role":"user","content":"question %d"},{"role":"assistant","content":"answer %d"}],"n":%d%s}`+"\n", i, i, i, more)
	}
	path := filepath.Join(t.TempDir(), "chats.jsonl")
	writeTexts(t, path, text.String())
	for _, whole := range []bool{false, true} {
		src, err := Open(t.Context(), path, Options{Whole: whole})
		if err != nil {
			t.Fatal(err)
		}
		defer src.Close()
		if _, is := src.(*chatSource); !is {
			t.Fatalf("a %T", src)
		}
		for _, r := range src.Ranges() {
			if err := src.Read(t.Context(), r, func(*dataset.Batch) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if got := Misjudged(src, nil, nil); got == whole {
			t.Errorf("with all rows looked at %v: misjudged %v", whole, got)
		}
	}
}
