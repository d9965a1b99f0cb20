package encode

import (
	"strings"

	"synthos/dataset"
)

// Codes holds the bin codes of rows: N*D row-major, Data[i*D+j] is the code of
// slot j of row i. 0 is null, the last code of a slot is "invalid, or a level
// not seen when fitting".
type Codes struct {
	N, D    int
	Cards   []int
	Nominal []bool
	Data    []uint16
}

// Row returns the codes of row i; it aliases Data.
func (c *Codes) Row(i int) []uint16 { return c.Data[i*c.D : (i+1)*c.D] }

// Take returns the rows at the given indices, in that order.
func (c *Codes) Take(rows []int) *Codes {
	out := &Codes{N: len(rows), D: c.D, Cards: c.Cards, Nominal: c.Nominal, Data: make([]uint16, len(rows)*c.D)}
	for i, r := range rows {
		copy(out.Row(i), c.Row(r))
	}
	return out
}

// Features holds the features of rows: N*D float32 row-major.
type Features struct {
	N, D int
	Data []float32
}

// Row returns the features of row i; it aliases Data.
func (f *Features) Row(i int) []float32 { return f.Data[i*f.D : (i+1)*f.D] }

// Take returns the rows at the given indices, in that order.
func (f *Features) Take(rows []int) *Features {
	out := &Features{N: len(rows), D: f.D, Data: make([]float32, len(rows)*f.D)}
	for i, r := range rows {
		copy(out.Row(i), f.Row(r))
	}
	return out
}

// Codes encodes the rows of t, which must have every column the Space was
// fitted on, in any order.
func (s *Space) Codes(t *dataset.Table) *Codes {
	d := len(s.Slots)
	out := &Codes{N: t.Rows(), D: d, Cards: s.Cards(), Nominal: make([]bool, d), Data: make([]uint16, t.Rows()*d)}
	for j := range s.Slots {
		out.Nominal[j] = s.Slots[j].Nominal
	}
	if out.N == 0 {
		return out
	}
	for i := range s.Columns {
		c := &s.Columns[i]
		cells, at := c.Cells(t), out.Data[c.Slot:]
		switch {
		case c.ordered != nil:
			c.ordered.codes(cells, at, d)
		case c.nominal != nil:
			c.nominal.codes(cells, at, d)
		default:
			c.text.codes(cells, at, d)
		}
	}
	return out
}

// Features encodes the rows of t. Numbers and times become normal scores by the
// fitted quantiles, levels one-hot by 1/sqrt(2), texts topics and a length; null
// is its own value.
func (s *Space) Features(t *dataset.Table) *Features {
	out := &Features{N: t.Rows(), D: s.Width, Data: make([]float32, t.Rows()*s.Width)}
	if out.N == 0 {
		return out
	}
	for i := range s.Columns {
		c := &s.Columns[i]
		cells, at := c.Cells(t), out.Data[c.Offset:]
		switch {
		case c.ordered != nil:
			c.ordered.features(cells, at, s.Width)
		case c.nominal != nil:
			c.nominal.features(cells, at, s.Width)
		default:
			c.text.features(cells, at, s.Width)
		}
	}
	return out
}

// Level describes code of slot j in words: a level's name, a range of numbers,
// "null".
func (s *Space) Level(j int, code uint16) string {
	slot := &s.Slots[j]
	c := &s.Columns[slot.Column]
	switch {
	case code == 0:
		return "null"
	case c.nominal != nil && int(code) <= len(c.nominal.names):
		return c.nominal.names[code-1]
	case int(code) == slot.Card-1:
		return "invalid or unseen"
	case c.ordered != nil:
		return c.ordered.interval(int(code), int(code), c.Field)
	}
	return "other text"
}

// Span describes the codes low to high of slot j as a condition: "= two-year",
// "60 and above". Of a nominal slot, of null and of what is invalid, low must equal high.
func (s *Space) Span(j int, low, high uint16) string {
	slot := &s.Slots[j]
	if o := s.Columns[slot.Column].ordered; o != nil && low > 0 && int(high) < slot.Card-1 {
		if words := o.interval(int(low), int(high), s.Columns[slot.Column].Field); strings.Contains(words, " ") {
			return words
		}
	}
	return "= " + s.Level(j, low)
}

// BinScores returns, for each code of the ordered slot j, the mean normal score
// of the values it was fitted on: a number for a code. Null and invalid are 0.
func (s *Space) BinScores(j int) []float64 {
	out := make([]float64, s.Slots[j].Card)
	c := &s.Columns[s.Slots[j].Column]
	o := c.ordered
	if c.text != nil {
		o = c.text.slot(j - c.Slot)
	}
	if o == nil {
		return out
	}
	n := make([]float64, len(out))
	z := 0.0
	for i, x := range o.sorted {
		if i == 0 || x != o.sorted[i-1] {
			z = o.score(x)
		}
		code := o.bin(x)
		out[code] += z
		n[code]++
	}
	for code := range out {
		if n[code] > 0 {
			out[code] /= n[code]
		}
	}
	return out
}
