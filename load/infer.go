package load

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"unsafe"

	"synthos/dataset"
)

// A cell is what one place in a sample of a text file holds.
type cell struct {
	text   string // cut to sampleText bytes
	quoted bool   // JSON: a string, not a number, true or false
	at     int64  // the data row, from 1 on; 0 = not known
}

// sampleText is how much of a cell the sample keeps; one byte more than any
// number, point in time or truth value that is looked for.
const sampleText = 65

// validPrefix returns a copy of as much of text as a sample keeps, whole
// characters if they are UTF-8.
func validPrefix(text string) string {
	if len(text) > sampleText {
		text = text[:sampleText]
		text = text[:len(text)-incomplete([]byte(text))]
	}
	return strings.Clone(text)
}

// sampleRecords returns how many records of so many columns to look at to
// decide the types: 10,000, fewer in wide tables.
func sampleRecords(columns int) int { return min(10_000, max(200, (1<<21)/max(1, columns))) }

// thinned is a sample of a stream of cells of which it is not known how many will
// come: all of them up to a limit, then every second, every fourth, and so on. It
// is the same for the same cells in the same order.
type thinned struct {
	cells  []cell
	every  int // one of so many is kept; 0 stands for 1
	passed int // since the last one that was kept
}

// takes reports whether the next cell is to be added, and counts it.
func (t *thinned) takes() bool {
	if t.passed++; t.passed < t.every {
		return false
	}
	t.passed = 0
	return true
}

// add adds a cell that takes has accepted. At limit cells, every second goes.
func (t *thinned) add(c cell, limit int) {
	if len(t.cells) == cap(t.cells) {
		t.cells = slices.Grow(t.cells, max(64, len(t.cells)))
	}
	t.cells = append(t.cells, c)
	if len(t.cells) < limit {
		return
	}
	half := t.cells[:0]
	for i := 0; i < len(t.cells); i += 2 {
		half = append(half, t.cells[i])
	}
	clear(t.cells[len(half):])
	t.cells = half
	t.every = max(1, t.every) * 2
}

// Shares of the sample that decide a type.
const (
	mostly   = 0.9   // a column is of a type if at least this share of its cells reads as it
	anyCodes = 0.001 // from this share of codes on, a column of digits holds names
)

// infer decides the type of a column from the cells of a sample that are not
// null. typed says that the format tells strings from other values (JSON): its
// strings are then neither numbers nor booleans. The finding is "" or says
// what could not be decided; it fits behind the name of the column.
func infer(cells []cell, typed bool) (field dataset.Field, finding string) {
	var n, numbers, codes, wholes, bools int
	anyString := false
	var rest []string // neither number nor boolean
	var infinite []string
	for _, c := range cells {
		anyString = anyString || c.quoted
		text := unsafe.Slice(unsafe.StringData(c.text), len(c.text))
		if plain := !typed || !c.quoted; plain && isDecimal(text) {
			if v, ok := parseNumber(text); ok {
				n++
				numbers++
				if v == math.Trunc(v) {
					wholes++
				}
				continue
			}
		}
		if isNullNumber(text) {
			continue
		}
		n++
		plain := !typed || !c.quoted
		if plain && isCode(text) {
			codes++
			continue
		}
		if v, ok := parseNumber(text); ok && plain {
			numbers++
			if v == math.Trunc(v) {
				wholes++
			}
			continue
		}
		if plain && isInfinity(text) {
			infinite = append(infinite, c.text)
			continue
		}
		if _, ok := parseBool(text); ok && plain {
			bools++
			continue
		}
		rest = append(rest, c.text)
	}
	if numbers > 0 { // infinities are cells of a column of numbers that cannot be used
		numbers, wholes = numbers+len(infinite), wholes+len(infinite)
	} else {
		rest = append(rest, infinite...)
	}
	share := func(k int) float64 { return float64(k) / float64(n) }
	if !typed && len(rest) > 0 {
		if layout, written, ambiguous := numberLayout(cells, numbers); layout != "" && share(written) >= mostly {
			return dataset.Field{Type: dataset.Float, Integer: wholeAs(cells, layout), Layout: layout}, ambiguous
		}
		if layout, written, ambiguous := amountLayout(cells); layout != "" && share(written) >= mostly {
			return dataset.Field{Type: dataset.Float, Integer: wholeAs(cells, layout), Layout: layout}, ambiguous
		}
		for _, find := range []func([]cell) string{mixedLayout, unitLayout, clockLayout} {
			if layout := find(cells); layout != "" {
				return dataset.Field{Type: dataset.Float, Integer: wholeAs(cells, layout), Layout: layout}, ""
			}
		}
	}
	switch {
	case n == 0 && typed && anyString:
		return dataset.Field{Type: dataset.String}, ""
	case n == 0:
		return dataset.Field{Type: dataset.Float}, ""
	case codes > 0 && share(codes) >= anyCodes && share(codes+numbers) >= mostly:
		return dataset.Field{Type: dataset.String}, ""
	case share(numbers) >= mostly:
		return dataset.Field{Type: dataset.Float, Integer: wholes == numbers}, ""
	case share(bools) >= mostly:
		return dataset.Field{Type: dataset.Bool}, ""
	}
	if share(len(rest)) >= mostly {
		layout, hits, ambiguous := inferLayouts(rest)
		if share(hits) >= mostly {
			return dataset.Field{Type: dataset.Time, Layout: layout}, ambiguous
		}
	}
	return dataset.Field{Type: dataset.String}, ""
}

// isDecimal reports whether text begins with a digit or a minus sign and has a
// point: if it is a number, it is neither a code nor stands for null.
func isDecimal(text []byte) bool {
	return len(text) > 0 && (text[0] == '-' || text[0]-'0' <= 9) && bytes.IndexByte(text, '.') >= 0
}

// inferAs is infer where the type may be forced: 0 = it is not.
func inferAs(cells []cell, forced dataset.Type, typed bool) (dataset.Field, string) {
	field, finding := infer(cells, typed)
	if forced == 0 || forced == field.Type {
		return field, finding
	}
	field = dataset.Field{Type: forced}
	switch forced {
	case dataset.Float:
		field.Integer = wholeNumbers(cells)
		return field, ""
	case dataset.Time:
		texts := make([]string, 0, len(cells))
		for _, c := range cells {
			texts = append(texts, c.text)
		}
		layout, hits, finding := inferLayouts(texts)
		if hits == 0 {
			layout = isoDate
		}
		field.Layout = layout
		return field, finding
	}
	return field, ""
}

// readsAs reports whether the cells can be read in another layout than that of the
// field as well.
func readsAs(cells []cell, field dataset.Field, layout string) bool {
	if layout == "" {
		return false
	}
	count := func(layout string) (n int) {
		read := numberReader(layout)
		if field.Type == dataset.Time {
			read = timeReader(layout)
		}
		for _, c := range cells {
			if _, ok := read([]byte(c.text)); ok {
				n++
			}
		}
		return n
	}
	return count(layout) >= count(field.Layout)
}

// wholeNumbers reports whether there are numbers among the cells, all whole.
func wholeNumbers(cells []cell) bool { return wholeAs(cells, "") }

// wholeAs is wholeNumbers for numbers of a layout.
func wholeAs(cells []cell, layout string) bool {
	found := false
	read := numberReader(layout)
	for _, c := range cells {
		if v, ok := read([]byte(c.text)); ok {
			if v != math.Trunc(v) {
				return false
			}
			found = true
		}
	}
	return found
}
