package profile

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"

	"synthos/dataset"
	"synthos/sketch"
)

// rows keeps the rows of the sample, column by column. Row numbers are chosen
// by bottom, which gives every chosen row a slot.
type rows struct {
	bottom  *sketch.BottomK
	columns []cells
	latest  []int // scratch of add: the row of the batch that each slot got last
}

// cells are the cells of one column of the sample, by slot.
type cells struct {
	floats  []float64 // if the column is stored as numbers
	strings []string  // else
	null    []bool
	invalid map[int]string // what stands in the file
}

func newRows(k int, o Options, columns int) *rows {
	r := &rows{bottom: sketch.NewBottomK(k, o.Seed), columns: make([]cells, columns)}
	if o.Rows > 0 {
		r.bottom.Expect(o.Rows)
	}
	return r
}

// pick is a row of a batch that was chosen for a slot.
type pick struct{ row, slot int }

// add offers all rows of b. Columns must be those of fields.
func (r *rows) add(b *dataset.Batch, fields []dataset.Field) {
	picks := r.pick(b)
	if len(picks) == 0 {
		return
	}
	for j := range r.columns {
		c, v := &r.columns[j], &b.Columns[j]
		c.grow(r.bottom.Len(), fields[j].Type)
		if fields[j].Type.Numeric() {
			c.addFloats(v, picks)
		} else {
			c.addStrings(v, picks)
		}
		c.addInvalid(v, picks)
	}
}

// pick chooses among the rows of b. Of rows that got the same slot one after the
// other only the last is returned.
func (r *rows) pick(b *dataset.Batch) []pick {
	var picks []pick
	for i := range b.Rows {
		if slot, chosen := r.bottom.AddRow(b.FirstRow + int64(i)); chosen {
			picks = append(picks, pick{i, slot})
		}
	}
	r.latest = slices.Grow(r.latest[:0], r.bottom.Len())[:r.bottom.Len()]
	for _, p := range picks {
		r.latest[p.slot] = p.row
	}
	return slices.DeleteFunc(picks, func(p pick) bool { return r.latest[p.slot] != p.row })
}

// grow makes room for n slots.
func (c *cells) grow(n int, t dataset.Type) {
	more := n - len(c.null)
	if more <= 0 {
		return
	}
	c.null = append(c.null, make([]bool, more)...)
	if t.Numeric() {
		c.floats = append(c.floats, make([]float64, more)...)
	} else {
		c.strings = append(c.strings, make([]string, more)...)
	}
}

// set empties the slot and makes it null or not.
func (c *cells) set(slot int, null bool) {
	c.null[slot] = null
	if len(c.invalid) > 0 {
		delete(c.invalid, slot)
	}
}

func (c *cells) setInvalid(slot int, text string) {
	if c.invalid == nil {
		c.invalid = make(map[int]string)
	}
	c.invalid[slot] = text
}

func (c *cells) addFloats(v *dataset.Vector, picks []pick) {
	for _, p := range picks {
		x := v.Floats[p.row]
		switch {
		case v.Null[p.row] || x != x:
			c.set(p.slot, true)
			c.floats[p.slot] = 0
		case !finite(x):
			c.set(p.slot, true)
			c.floats[p.slot] = 0
			c.setInvalid(p.slot, strconv.FormatFloat(x, 'g', -1, 64))
		default:
			c.set(p.slot, false)
			c.floats[p.slot] = positiveZero(x)
		}
	}
}

func (c *cells) addStrings(v *dataset.Vector, picks []pick) {
	for _, p := range picks {
		c.set(p.slot, v.Null[p.row])
		c.strings[p.slot] = ""
		if !v.Null[p.row] {
			c.strings[p.slot] = strings.Clone(v.Strings[p.row]) // the batch ends with this call
		}
	}
}

func (c *cells) addInvalid(v *dataset.Vector, picks []pick) {
	if len(v.Invalid) == 0 {
		return
	}
	text := make(map[int]string, len(v.Invalid))
	for _, x := range v.Invalid {
		text[x.Row] = x.Text
	}
	for _, p := range picks {
		if t, bad := text[p.row]; bad && v.Null[p.row] {
			c.setInvalid(p.slot, strings.Clone(t))
		}
	}
}

// merge offers the rows of o, whose columns are those of fields too.
func (r *rows) merge(o *rows, fields []dataset.Field) {
	var moves [][2]int
	r.bottom.Merge(o.bottom, func(from, to int) { moves = append(moves, [2]int{from, to}) })
	if len(moves) == 0 {
		return
	}
	for j := range r.columns {
		into, from := &r.columns[j], &o.columns[j]
		into.grow(r.bottom.Len(), fields[j].Type)
		for _, m := range moves {
			into.set(m[1], from.null[m[0]])
			if fields[j].Type.Numeric() {
				into.floats[m[1]] = from.floats[m[0]]
			} else {
				into.strings[m[1]] = from.strings[m[0]]
			}
			if text, bad := from.invalid[m[0]]; bad {
				into.setInvalid(m[1], text)
			}
		}
	}
}

// table returns the sample, ascending by row number.
func (r *rows) table(schema *dataset.Schema) *dataset.Table {
	ids, slots := r.bottom.Rows()
	t := &dataset.Table{Schema: schema, RowIDs: ids, Columns: make([]dataset.Vector, len(r.columns))}
	for j := range r.columns {
		c, v := &r.columns[j], &t.Columns[j]
		v.Null = make([]bool, len(slots))
		if schema.Fields[j].Type.Numeric() {
			v.Floats = make([]float64, len(slots))
		} else {
			v.Strings = make([]string, len(slots))
		}
		for i, slot := range slots {
			v.Null[i] = c.null[slot]
			if v.Floats != nil {
				v.Floats[i] = c.floats[slot]
			} else {
				v.Strings[i] = c.strings[slot]
			}
			if text, bad := c.invalid[slot]; bad {
				v.Invalid = append(v.Invalid, dataset.Invalid{Row: i, Text: text})
			}
		}
	}
	return t
}

// appendTable appends the cells of t in row order, column by column.
func appendTable(b []byte, t *dataset.Table) []byte {
	for j := range t.Columns {
		v := &t.Columns[j]
		for i, null := range v.Null {
			b = appendBool(b, null)
			if v.Floats != nil {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v.Floats[i]))
			} else {
				b = appendString(b, v.Strings[i])
			}
		}
		b = binary.LittleEndian.AppendUint64(b, uint64(len(v.Invalid)))
		for _, x := range v.Invalid {
			b = appendString(binary.LittleEndian.AppendUint64(b, uint64(x.Row)), x.Text)
		}
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint64(b, uint64(len(s))), s...)
}
