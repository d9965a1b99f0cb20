package load

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// contents is all that a file holds, in a form that is easy to compare.
type contents struct {
	Columns  []string // name and type: "price float"
	Rows     []string // number and cells: "0: 1.5 | a | <null>"
	Skipped  []int64
	Findings []string // row, column and message
}

// writeTemp writes a file into the test's folder and returns its path.
func writeTemp(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// openTemp opens a new file with the given text.
func openTemp(t testing.TB, name, text string, o Options) (dataset.Source, error) {
	t.Helper()
	s, err := Open(context.Background(), writeTemp(t, name, text), o)
	if err == nil {
		t.Cleanup(func() { s.Close() })
	}
	return s, err
}

// mustRead opens a new file with the given text and reads it all.
func mustRead(t testing.TB, name, text string, o Options) contents {
	t.Helper()
	s, err := openTemp(t, name, text, o)
	if err != nil {
		t.Fatal(err)
	}
	c, err := readContents(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// readContents reads all ranges of s and checks what every Source promises.
func readContents(s dataset.Source) (contents, error) {
	var c contents
	for _, f := range s.Schema().Fields {
		c.Columns = append(c.Columns, f.Name+" "+f.Type.String())
	}
	next := int64(0)
	for i, r := range s.Ranges() {
		if r.Index != i || r.FirstRow != next {
			return c, fmt.Errorf("range %d has index %d and first row %d, not %d", i, r.Index, r.FirstRow, next)
		}
		err := s.Read(context.Background(), r, func(b *dataset.Batch) error { return c.add(s.Schema(), b, &next) })
		if err != nil {
			return c, err
		}
		if r.Rows >= 0 && next != r.FirstRow+r.Rows {
			return c, fmt.Errorf("range %d ends at row %d, not %d", i, next, r.FirstRow+r.Rows)
		}
	}
	for _, f := range s.Findings() {
		c.Findings = append(c.Findings, fmt.Sprintf("%d %s: %s", f.Row, f.Column, f.Message))
	}
	return c, nil
}

// add appends a batch whose rows and skipped rows must go on at *next.
func (c *contents) add(schema *dataset.Schema, b *dataset.Batch, next *int64) error {
	for _, f := range b.Skipped {
		if f.Row != *next {
			return fmt.Errorf("row %d skipped where row %d is next", f.Row, *next)
		}
		c.Skipped = append(c.Skipped, f.Row)
		*next++
	}
	if b.FirstRow != *next {
		return fmt.Errorf("a batch starts at row %d, not %d", b.FirstRow, *next)
	}
	if len(b.Columns) != len(schema.Fields) {
		return fmt.Errorf("%d columns in a batch, %d in the schema", len(b.Columns), len(schema.Fields))
	}
	for row := range b.Rows {
		var line strings.Builder
		fmt.Fprintf(&line, "%d:", b.FirstRow+int64(row))
		for i := range b.Columns {
			line.WriteString(" | " + cellText(&b.Columns[i], schema.Fields[i].Type, row))
		}
		c.Rows = append(c.Rows, line.String())
	}
	*next += int64(b.Rows)
	return nil
}

func cellText(v *dataset.Vector, t dataset.Type, row int) string {
	switch {
	case v.Null[row]:
		for _, bad := range v.Invalid {
			if bad.Row == row {
				return "<invalid " + bad.Text + ">"
			}
		}
		return "<null>"
	case t == dataset.String:
		return v.Strings[row]
	}
	return strconv.FormatFloat(v.Floats[row], 'g', -1, 64)
}

// newRanges returns ranges with the given numbers of rows.
func newRanges(rows ...int64) []dataset.Range {
	var ranges []dataset.Range
	first := int64(0)
	for i, n := range rows {
		ranges = append(ranges, dataset.Range{Index: i, FirstRow: first, Rows: n})
		first += n
	}
	return ranges
}

func discard(*dataset.Batch) error { return nil }

func writeOver(path, text string) error { return os.WriteFile(path, []byte(text), 0o644) }

// readsColumn reads a column of cells, beside one of names, and checks its type and what is read of
// each cell; want nil = the cells as they stand.
func readsColumn(t *testing.T, about string, cells, want []string, typ dataset.Type) contents {
	t.Helper()
	if want == nil {
		want = cells
	}
	var text strings.Builder
	text.WriteString("a;b\n")
	var rows []string
	for i, c := range cells {
		fmt.Fprintf(&text, "%s;x%d\n", c, i)
		rows = append(rows, fmt.Sprintf("%d: | %s | x%d", i, want[i], i))
	}
	got := mustRead(t, "a.csv", text.String(), Options{})
	if diff := cmp.Diff(rows, got.Rows); diff != "" || got.Columns[0] != "a "+typ.String() {
		t.Errorf("%s: %v (-want +got):\n%s", about, got.Columns, diff)
	}
	return got
}
