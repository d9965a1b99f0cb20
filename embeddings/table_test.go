package embeddings

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/load"
	"synthos/scan"
)

// fromText writes text to a file of the given name, reads it as synthos does in
// ranges of 200 bytes, and returns the vectors of rows.
func fromText(t *testing.T, name, text string, rows []int64, want int64) ([]float32, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := load.Open(context.Background(), path, load.Options{RangeBytes: 200})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	f, err := FromSource(context.Background(), scan.Local{Jobs: 3}, src, path, rows, want, nil)
	if err != nil {
		return nil, err
	}
	return f.Data, nil
}

// lines returns n lines of format with the numbers i/4, i/8 and -i of row i.
func lines(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+"\n", float64(i)/4, float64(i)/8, -i)
	}
	return b.String()
}

func TestTablesGiveTheRowsThatAreAskedFor(t *testing.T) {
	const n = 500
	rows := []int64{0, 1, 77, 250, 251, 499}
	var want []float32
	for _, i := range rows {
		want = append(want, float32(i)/4, float32(i)/8, float32(-i))
	}
	tests := []struct{ name, file, text string }{
		{"a column a dimension", "v.csv", "a,b,c\n" + lines(n, "%g,%g,%d")},
		{"JSON lines of numbers", "v.jsonl", lines(n, `{"a":%g,"b":%g,"c":%d}`)},
		{"JSON lines of lists", "v.jsonl", lines(n, `{"embedding":[%g,%g,%d]}`)},
		{"lists in CSV, as pandas writes them", "v.csv", "v\n" + lines(n, `"[%g, %g, %d]"`)},
		{"lists in CSV, as NumPy prints them", "v.tsv", "v\n" + lines(n, `[%g %g %d]`)},
	}
	for _, test := range tests {
		got, err := fromText(t, test.file, test.text, rows, n)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestTableErrorsSayWhereAndWhatToDo(t *testing.T) {
	rows := make([]int64, 20)
	for i := range rows {
		rows[i] = int64(i)
	}
	good := lines(20, "%g,%g,%d")
	tests := []struct {
		name, file, text string
		want             int64
		says             []string
	}{
		{"too few rows", "v.csv", "a,b,c\n" + good, 21, []string{"20 vectors", "21 rows"}},
		{"a column of names", "v.csv", "a,b,c\n" + strings.ReplaceAll(good, "-", "x"), 20, []string{`"c"`, "does not hold numbers"}},
		{"an empty cell", "v.csv", "a,b,c\n" + strings.Replace(good, "1.5,", ",", 1), 20, []string{"row 6", `"a"`, "is empty"}},
		{"an index", "v.csv", "i,b\n" + index(20), 20, []string{`"i"`, "counts the rows", "index=False"}},
		{"lists of several lengths", "v.jsonl", strings.Replace(lines(20, `{"e":[%g,%g,%d]}`), ",-7]", "]", 1), 20, []string{"row 7", "2 dimensions", "row 0 has 3"}},
		{"a word in a list", "v.jsonl", strings.Replace(lines(20, `{"e":[%g,%g,%d]}`), ",-7]", `,"seven"]`, 1), 20, []string{"row 7", `"seven" is no number`}},
	}
	for _, test := range tests {
		_, err := fromText(t, test.file, test.text, rows[:min(20, test.want)], test.want)
		var e *dataset.Error
		if !errors.As(err, &e) || e.Do == "" {
			t.Errorf("%s: error %v, want one that says what to do", test.name, err)
			continue
		}
		for _, s := range test.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %q does not say %q", test.name, err, s)
			}
		}
	}
}

// index returns n lines of two columns of which the first counts the rows.
func index(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d,%g\n", i, float64(i*i%7)/4)
	}
	return b.String()
}
