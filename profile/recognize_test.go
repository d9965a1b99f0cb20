package profile

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/scan"
)

// recognizable returns a table of numbers and texts with a cell that cannot be read.
func recognizable() *dataset.Table {
	t := table(500,
		floats("x", 500, func(i int) float64 { return float64(i % 90) }).null(func(i int) bool { return i%7 == 0 }),
		texts("s", 500, func(i int) string { return fmt.Sprint("level ", i%11) }))
	t.Columns[0].Invalid = []dataset.Invalid{{Row: 7, Text: "7 kg"}}
	return t
}

// TestRecognize finds the profile's digest and sample again, however the rows are cut.
func TestRecognize(t *testing.T) {
	p := run(t, scan.Memory(recognizable(), 3), 2, Options{Sample: 60, Seed: 5})
	for _, cut := range []int{1, 2, 7} {
		got, err := Recognize(context.Background(), scan.Local{Jobs: 2}, scan.Memory(recognizable(), cut), Options{Sample: 60, Seed: 5}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.RowsDigest != p.RowsDigest || got.Rows != p.Rows || got.Skipped != p.Skipped {
			t.Errorf("cut in %d: digest %s of %d rows, want %s of %d", cut, got.RowsDigest, got.Rows, p.RowsDigest, p.Rows)
		}
		if diff := cmp.Diff(p.Sample.Columns, got.Sample.Columns); diff != "" {
			t.Errorf("cut in %d: another sample (-profile +recognized):\n%s", cut, diff)
		}
	}
}

// unsaid is a source that does not tell how many rows it has.
type unsaid struct{ dataset.Source }

func (u unsaid) Ranges() []dataset.Range {
	ranges := slices.Clone(u.Source.Ranges())
	for i := range ranges {
		ranges[i].Rows = -1
	}
	return ranges
}

func (u unsaid) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	return u.Source.Read(ctx, u.Source.Ranges()[r.Index], yield)
}

// TestRecognizeExpects is wrong about the number of rows: the sample is the same.
func TestRecognizeExpects(t *testing.T) {
	p := run(t, scan.Memory(recognizable(), 3), 2, Options{Sample: 10, Seed: 5})
	for _, rows := range []int64{0, 1, 500, 100_000_000} {
		got, err := Recognize(context.Background(), scan.Local{Jobs: 2}, unsaid{scan.Memory(recognizable(), 3)}, Options{Sample: 10, Seed: 5, Rows: rows}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.RowsDigest != p.RowsDigest || got.Rows != p.Rows {
			t.Errorf("%d rows expected: digest %s of %d rows, want %s of %d", rows, got.RowsDigest, got.Rows, p.RowsDigest, p.Rows)
		}
		if diff := cmp.Diff(p.Sample.RowIDs, got.Sample.RowIDs); diff != "" {
			t.Errorf("%d rows expected: another sample (-profile +recognized):\n%s", rows, diff)
		}
	}
}

// TestRowsDigestTellsRowsApart changes one thing at a time.
func TestRowsDigestTellsRowsApart(t *testing.T) {
	seen := map[string]string{}
	for _, c := range []struct {
		name   string
		change func(t *dataset.Table) *dataset.Table
	}{
		{"as it is", func(t *dataset.Table) *dataset.Table { return t }},
		{"another number", func(t *dataset.Table) *dataset.Table { t.Columns[0].Floats[400]++; return t }},
		{"a null more", func(t *dataset.Table) *dataset.Table { t.Columns[1].Null[3] = true; return t }},
		{"another unreadable text", func(t *dataset.Table) *dataset.Table { t.Columns[0].Invalid[0].Text = "7 lb"; return t }},
		{"two rows exchanged", func(t *dataset.Table) *dataset.Table {
			rows := evenRows(t.Rows())
			rows[100], rows[101] = 101, 100
			out := t.Take(rows)
			out.RowIDs = t.RowIDs
			return out
		}},
		{"a row less", func(t *dataset.Table) *dataset.Table { return t.Take(evenRows(t.Rows() - 1)) }},
	} {
		digest := run(t, scan.Memory(c.change(recognizable()), 2), 1, Options{}).RowsDigest
		if other, known := seen[digest]; known {
			t.Errorf("%s has the digest of %s", c.name, other)
		}
		seen[digest] = c.name
	}
}

func evenRows(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}
