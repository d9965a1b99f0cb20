package encode

import (
	"math/rand/v2"
	"sort"
	"strconv"

	"synthos/dataset"
)

// Decode returns rows of values for rows of codes, such as rows drawn from a
// network: a cell is that of a random row of from with the same code in the
// column. So a number is a random quantile within its bin, in the spacing that
// the column's numbers have, and a level keeps its name, also where the Space
// did not know it. A text is that of a row with the same length and topics, as
// far as there is one. A code that no row of from has becomes a number of the
// bin or a level that the Space was fitted on, or else null.
//
// The columns are those of the Space, in its order. from needs them all, in any
// order. The same seed gives the same rows.
func (s *Space) Decode(c *Codes, from *dataset.Table, seed uint64) *dataset.Table {
	donors := s.Codes(from)
	out := &dataset.Table{Schema: &dataset.Schema{}, RowIDs: make([]int64, c.N)}
	for i := range out.RowIDs {
		out.RowIDs[i] = int64(i)
	}
	for k := range s.Columns {
		col := &s.Columns[k]
		random := rand.New(rand.NewPCG(seed, uint64(k)))
		cells := col.Cells(from)
		v := dataset.Vector{Null: make([]bool, c.N)}
		if col.Field.Type == dataset.String {
			v.Strings = make([]string, c.N)
		} else {
			v.Floats = make([]float64, c.N)
		}
		width := 1
		if col.text != nil {
			width = len(col.text.slots())
		}
		byCode := map[[1 + textTopics]uint16][]int{}
		for i := range donors.N {
			key := codesOf(donors.Row(i)[col.Slot:], width)
			byCode[key] = append(byCode[key], i)
			for n := width - 1; n > 0; n-- { // texts alike in fewer slots
				near := codesOf(donors.Row(i)[col.Slot:], n)
				near[n] = anyCode
				byCode[near] = append(byCode[near], i)
			}
		}
		for i := range c.N {
			row := c.Row(i)[col.Slot:]
			u := random.Float64()
			if row[0] == 0 {
				v.Null[i] = true
				continue
			}
			rows := byCode[codesOf(row, width)]
			for n := width - 1; n > 0 && len(rows) == 0; n-- {
				near := codesOf(row, n)
				near[n] = anyCode
				rows = byCode[near]
			}
			if len(rows) == 0 {
				col.fitted(row[0], u, &v, i)
				continue
			}
			donor := rows[int(u*float64(len(rows)))]
			v.Null[i] = cells.Null[donor]
			if v.Strings != nil {
				v.Strings[i] = cells.Strings[donor]
			} else {
				v.Floats[i] = cells.Floats[donor]
			}
		}
		out.Schema.Fields = append(out.Schema.Fields, col.Field)
		out.Columns = append(out.Columns, v)
	}
	return out
}

// anyCode is no code of a text's slots.
const anyCode = textBins + 2

// codesOf returns the first n codes of a column.
func codesOf(row []uint16, n int) (key [1 + textTopics]uint16) {
	copy(key[:], row[:n])
	return key
}

// fitted sets cell i of v to what code stands for, by what the column was fitted
// on, and to null if that is nothing.
func (c *Column) fitted(code uint16, u float64, v *dataset.Vector, i int) {
	switch {
	case c.nominal != nil && int(code) <= len(c.nominal.names):
		name := c.nominal.names[code-1]
		if v.Strings != nil {
			v.Strings[i] = name
		} else if x, err := strconv.ParseFloat(name, 64); err == nil {
			v.Floats[i] = x
		} else {
			v.Null[i] = true
		}
	case c.ordered != nil:
		lo, hi := c.ordered.within(code)
		if lo == hi {
			v.Null[i] = true
			return
		}
		v.Floats[i] = c.ordered.sorted[lo+int(u*float64(hi-lo))]
	default:
		v.Null[i] = true
	}
}

// within returns the range of the fitted values of a bin, an empty one for a
// code that is no bin.
func (o *ordered) within(code uint16) (lo, hi int) {
	if code == 0 || int(code) > len(o.edges)+1 {
		return 0, 0
	}
	lo, hi = 0, len(o.sorted)
	if code > 1 {
		lo = sort.SearchFloat64s(o.sorted, o.edges[code-2])
	}
	if int(code) <= len(o.edges) {
		hi = sort.SearchFloat64s(o.sorted, o.edges[code-1])
	}
	return lo, hi
}
