// Package encode turns rows into what can be computed with: bin codes, which
// the networks and the forests read, and float32 features, which distances
// need. A Space is fitted once, on the rows that are the yardstick, and applied
// to everything that is compared with them; so edges, levels and scales always
// come from one place and have open ends.
package encode

import (
	"fmt"

	"synthos/dataset"
	"synthos/text"
)

const (
	maxOwnBins   = 32 // an ordered column with at most this many values gets a bin for each
	quantileBins = 20 // otherwise it gets this many bins of about equal mass
	maxLevels    = 62 // levels of a nominal column with a code of their own
	maxOneHot    = 32 // levels with a feature of their own; the rest share one
	textBins     = 8  // bins of each slot of a text column
	textTopics   = 3  // topic components of a text column with a slot of their own
	textFeatures = 16 // topic components among its features
)

// Space is the encoded space of a table.
type Space struct {
	Columns []Column // the modelled columns
	Slots   []Slot   // the coded columns: one for each Column, several for a text
	Width   int      // features of a row
	LeftOut []LeftOut
}

// Slot is one coded column.
type Slot struct {
	Column  int    // index into Space.Columns
	Name    string // the column's name, with a suffix for the parts of a text
	Card    int    // codes are 0 (null) to Card-1 (invalid, or a level not seen when fitting)
	Nominal bool   // codes are levels without order
}

// LeftOut is a column that is not modelled, and why.
type LeftOut struct {
	Name   string
	Reason string
}

// Column is one modelled column.
type Column struct {
	Field   dataset.Field
	Index   int // position in the table the Space was fitted on
	Offset  int // its first feature
	Width   int // how many features it has; the last says whether it is null
	Slot    int // its first slot
	ordered *ordered
	nominal *nominal
	text    *textual
}

// Nominal reports whether the column's values have no order.
func (c *Column) Nominal() bool { return c.nominal != nil }

// Text reports whether the column holds free text.
func (c *Column) Text() bool { return c.text != nil }

// Fit returns the Space of the columns of t called names, in that order; nil
// names means all. Columns of kind id or unknown are left out. Fit does not
// change t. It panics if t has no column of one of the names.
func Fit(t *dataset.Table, names []string, more ...*dataset.Table) *Space {
	if names == nil {
		names = t.Schema.Names()
	}
	s := &Space{}
	for i, j := range t.Schema.Places(names) {
		name := names[i]
		if j < 0 {
			panic(fmt.Sprintf("encode: no column %q to fit", name))
		}
		f, v := t.Schema.Fields[j], &t.Columns[j]
		c := Column{Field: f, Index: j, Offset: s.Width, Slot: len(s.Slots)}
		switch {
		case f.Kind == dataset.ID:
			s.LeftOut = append(s.LeftOut, LeftOut{name, "an id names rows, it does not describe them"})
			continue
		case f.Kind == dataset.Unknown:
			s.LeftOut = append(s.LeftOut, LeftOut{name, "every cell is null"})
			continue
		case f.Kind == dataset.Text && f.Type == dataset.String:
			c.text = fitText(v, cellsOf(name, more))
			c.Width = textFeatures + 2
			for _, part := range c.text.slots() {
				s.Slots = append(s.Slots, Slot{Column: len(s.Columns), Name: name + part, Card: textBins + 2})
			}
		case f.Type == dataset.String || f.Kind == dataset.Categorical || f.Kind == dataset.Boolean:
			c.nominal = fitNominal(v)
			c.Width = min(len(c.nominal.names), maxOneHot) + 2
			s.Slots = append(s.Slots, Slot{Column: len(s.Columns), Name: name, Card: c.nominal.card(), Nominal: true})
		default:
			c.ordered = fitOrdered(v)
			c.Width = 2
			s.Slots = append(s.Slots, Slot{Column: len(s.Columns), Name: name, Card: c.ordered.card()})
		}
		s.Width += c.Width
		s.Columns = append(s.Columns, c)
	}
	return s
}

// Select returns the Space of some of the columns, given by their indices in
// ascending order: what they are fitted to stays the same. All columns are s itself.
func (s *Space) Select(columns []int) *Space {
	if len(columns) == len(s.Columns) {
		return s
	}
	out := &Space{LeftOut: s.LeftOut}
	for _, k := range columns {
		c := s.Columns[k]
		c.Offset = out.Width
		slot := len(out.Slots)
		for j := c.Slot; j < len(s.Slots) && s.Slots[j].Column == k; j++ {
			of := s.Slots[j]
			of.Column = len(out.Columns)
			out.Slots = append(out.Slots, of)
		}
		c.Slot = slot
		out.Width += c.Width
		out.Columns = append(out.Columns, c)
	}
	return out
}

// Cards returns the number of codes of each slot.
func (s *Space) Cards() []int {
	cards := make([]int, len(s.Slots))
	for i := range s.Slots {
		cards[i] = s.Slots[i].Card
	}
	return cards
}

// SlotNames returns the name of each slot.
func (s *Space) SlotNames() []string {
	names := make([]string, len(s.Slots))
	for i := range s.Slots {
		names[i] = s.Slots[i].Name
	}
	return names
}

// Cells returns the cells of t that c reads; t may have its columns in any order.
func (c *Column) Cells(t *dataset.Table) *dataset.Vector {
	if c.Index < len(t.Schema.Fields) && t.Schema.Fields[c.Index].Name == c.Field.Name {
		return &t.Columns[c.Index]
	}
	j := t.Schema.Index(c.Field.Name)
	if j < 0 {
		panic(fmt.Sprintf("encode: no column %q to encode", c.Field.Name))
	}
	return &t.Columns[j]
}

// hashTokens returns the hashed tokens of each cell; null cells have none.
func hashTokens(v *dataset.Vector) [][]uint64 {
	docs := make([][]uint64, len(v.Null))
	var buf []string
	for i, s := range v.Strings {
		if v.Null[i] {
			continue
		}
		buf = text.Tokens(s, buf[:0])
		doc := make([]uint64, len(buf))
		for k, token := range buf {
			doc[k] = text.Hash(token)
		}
		docs[i] = doc
	}
	return docs
}

func cellsOf(name string, tables []*dataset.Table) []*dataset.Vector {
	var out []*dataset.Vector
	for _, t := range tables {
		j := t.Schema.Index(name)
		if j < 0 {
			panic(fmt.Sprintf("encode: no column %q to fit", name))
		}
		out = append(out, &t.Columns[j])
	}
	return out
}
