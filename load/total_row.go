package load

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"synthos/dataset"
)

// totalWords begin the label of a row of sums, in lower case.
func totalWords() []string {
	return []string{"total", "totals", "grand total", "subtotal", "sum", "overall", "gesamt", "gesamtsumme", "summe", "somme", "totale", "suma", "totaal", "合計", "总计", "合计", "итого", "всего"}
}

// sums are those of the columns of numbers over the rows of a range, and its last row if
// a cell of that is a word for totals.
type sums struct {
	sum, size []float64 // of the values and of their absolute values
	last      totalRow
}

// totalRow is a row that is called a total; its text is "" if there is none.
type totalRow struct {
	row          int64
	column, text string
	values       []float64 // NaN = none
}

// add adds the rows of a batch; final says that its last row may be that of the file.
func (s *sums) add(schema *dataset.Schema, b *dataset.Batch, final bool) {
	if s.sum == nil {
		s.sum, s.size = make([]float64, len(schema.Fields)), make([]float64, len(schema.Fields))
	}
	for j, f := range schema.Fields {
		if f.Type != dataset.Float {
			continue
		}
		v := &b.Columns[j]
		for i, x := range v.Floats[:b.Rows] {
			if !v.Null[i] {
				s.sum[j] += x
				s.size[j] += math.Abs(x)
			}
		}
	}
	if final {
		s.last = lastTotal(schema, b)
	}
}

// lastTotal returns the last row of a batch if one of its cells is a word for totals. It
// may be an Invalid cell of a column of numbers.
func lastTotal(schema *dataset.Schema, b *dataset.Batch) (t totalRow) {
	i := b.Rows - 1
	if i < 0 || b.FirstRow+int64(i) < 2 {
		return t
	}
	t.row = b.FirstRow + int64(i)
	look := func(name, cell string) {
		label := strings.ToLower(strings.Trim(cell, " \t:.*"))
		if t.text == "" && slices.Contains(totalWords(), label) {
			t.column, t.text = name, cell
		}
	}
	for j, f := range schema.Fields {
		v := &b.Columns[j]
		x := math.NaN()
		switch {
		case v.Null[i]:
			for _, bad := range v.Invalid {
				if bad.Row == i {
					look(f.Name, bad.Text)
				}
			}
		case f.Type == dataset.String:
			look(f.Name, strings.Clone(v.Strings[i]))
		case f.Type == dataset.Float:
			x = v.Floats[i]
		}
		t.values = append(t.values, x)
	}
	return t
}

// totals knows the sums of all ranges of a source that have been read.
type totals struct {
	mu      sync.Mutex
	byRange map[int]*sums
}

// set replaces those of a range.
func (t *totals) set(index int, s *sums) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byRange == nil {
		t.byRange = map[int]*sums{}
	}
	t.byRange[index] = s
}

// rounding is by what share of the sizes in a column its sum in the file may be off.
const rounding = 1e-5

// findings tells, once all ranges have been read, if the last row of the file holds the
// sums of the rows above it. It stays a row: only its reader knows.
func (t *totals) findings(path string, schema *dataset.Schema, ranges int) []dataset.Finding {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ranges == 0 || len(t.byRange) < ranges || t.byRange[ranges-1].last.text == "" {
		return nil
	}
	last := t.byRange[ranges-1].last
	var found []string
	for j, x := range last.values {
		sum, size := 0.0, 0.0
		for r := range ranges {
			if s := t.byRange[r]; s.sum != nil {
				sum, size = sum+s.sum[j], size+s.size[j]
			}
		}
		if above := sum - x; x != 0 && math.Abs(above-x) <= rounding*size {
			found = append(found, schema.Fields[j].Name)
		}
	}
	if len(found) == 0 {
		return nil
	}
	return []dataset.Finding{{Path: path, Row: last.row, Column: last.column,
		Message: fmt.Sprintf("the last row says %q and holds the sums of %s: it is no row like the others; take it out of the file", last.text, strings.Join(found, ", "))}}
}

// endsInTotal reports whether a word for totals may be in the last line of text.
func endsInTotal(text []byte) bool {
	text = bytes.TrimRight(text, "\r\n\t ,;|")
	line := bytes.ToLower(text[bytes.LastIndexByte(text, '\n')+1:])
	return slices.ContainsFunc(totalWords(), func(word string) bool { return bytes.Contains(line, []byte(word)) })
}
