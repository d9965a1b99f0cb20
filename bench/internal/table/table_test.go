package table

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/load"
)

// TestShapes checks the make-up of tables of several widths.
func TestShapes(t *testing.T) {
	for _, c := range []struct {
		cols   int
		want   [5]int // booleans, dates, floats, integers, categories
		reason string
	}{
		{50, [5]int{1, 1, 35, 8, 5}, "the table that the figures are known of"},
		{5, [5]int{1, 1, 1, 1, 1}, "one of each at least"},
		{1000, [5]int{20, 20, 700, 160, 100}, "the same shares at any width"},
	} {
		var got [5]int
		for _, col := range New(1, c.cols, 1).columns {
			got[col.kind]++
		}
		if got != c.want {
			t.Errorf("%d columns: %v of each kind, want %v: %s", c.cols, got, c.want, c.reason)
		}
	}
}

// read returns all rows of a file as text, "" for a null.
func read(t *testing.T, path string) (fields []dataset.Field, rows [][]string) {
	t.Helper()
	src, err := load.Open(t.Context(), path, load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	for _, r := range src.Ranges() {
		err := src.Read(t.Context(), r, func(b *dataset.Batch) error {
			for i := range b.Rows {
				row := make([]string, len(b.Columns))
				for j, v := range b.Columns {
					switch {
					case v.Null[i]:
					case v.Strings != nil:
						row[j] = v.Strings[i]
					default:
						row[j] = fmt.Sprint(v.Floats[i])
					}
				}
				rows = append(rows, row)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return src.Schema().Fields, rows
}

// TestFormatsAgree reads a table back from every format.
func TestFormatsAgree(t *testing.T) {
	const rows, cols = 2000, 20
	dir := t.TempDir()
	path := filepath.Join(dir, "data.parquet")
	if err := WriteParquet(path, New(rows, cols, 3)); err != nil {
		t.Fatal(err)
	}
	fields, fromParquet := read(t, path)
	for extension, write := range map[string]func(string, *Table) error{".csv": WriteCSV, ".jsonl": WriteNDJSON, ".arrow": WriteArrow, ".xlsx": WriteExcel} {
		path := filepath.Join(dir, "data"+extension)
		if err := write(path, New(rows, cols, 3)); err != nil {
			t.Fatal(err)
		}
		_, got := read(t, path)
		if diff := cmp.Diff(fromParquet, got); diff != "" {
			t.Fatalf("the same table differs in two formats (-parquet +%s):\n%.2000s", extension, diff)
		}
	}
	if len(fromParquet) != rows || len(fields) != cols {
		t.Fatalf("%d rows and %d columns, want %d and %d", len(fromParquet), len(fields), rows, cols)
	}
	nulls := 0
	for _, row := range fromParquet {
		for _, c := range row {
			if c == "" {
				nulls++
			}
		}
	}
	if share := float64(nulls) / rows / cols; math.Abs(share-nullShare) > 0.004 { // 5 standard deviations
		t.Errorf("%.4f of the cells are null, want %.2f", share, nullShare)
	}
}

// TestPopulation checks that two seeds are two samples of one population, and
// that its columns are correlated as their mixes say.
func TestPopulation(t *testing.T) {
	const rows = 4000
	column := func(seed uint64, j int) []float64 {
		var x []float64
		New(rows, 10, seed).each(func(row []cell) error {
			x = append(x, row[j].number)
			return nil
		})
		return x
	}
	columns := New(1, 10, 1).columns
	a, b := -1, -1 // the first two columns that are linear in the factors
	for j, c := range columns {
		if c.kind == float && !c.skewed {
			if a < 0 {
				a = j
			} else if b < 0 {
				b = j
			}
		}
	}
	want := 0.0
	for f := range columns[a].mix {
		want += columns[a].mix[f] * columns[b].mix[f]
	}
	for seed := range uint64(2) {
		x, y := column(seed, a), column(seed, b)
		var sx, sy, sxx, syy, sxy, n float64
		for i := range x {
			if x[i] != 0 && y[i] != 0 { // not null
				dx, dy := x[i]-columns[a].offset, y[i]-columns[b].offset
				sx, sy, sxx, syy, sxy, n = sx+dx, sy+dy, sxx+dx*dx, syy+dy*dy, sxy+dx*dy, n+1
			}
		}
		r := (n*sxy - sx*sy) / math.Sqrt((n*sxx-sx*sx)*(n*syy-sy*sy))
		if math.Abs(r-want) > 0.06 { // 4 standard deviations at 4000 rows
			t.Errorf("seed %d: columns %d and %d correlate by %.3f, want %.3f", seed, a, b, r, want)
		}
	}
	if cmp.Equal(column(0, a), column(1, a)) {
		t.Error("two seeds give the same rows")
	}
	if !cmp.Equal(column(1, a), column(1, a)) {
		t.Error("one seed gives two tables")
	}
}
