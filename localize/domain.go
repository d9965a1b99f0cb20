package localize

import (
	"math"
	"slices"
	"sort"

	"synthos/dataset"
	"synthos/encode"
)

// domain is what values a column usually has.
type domain struct {
	name   string
	field  dataset.Field
	n      int             // rows it was fitted on
	nulls  int             // of them null
	counts map[string]int  // nominal: rows by level
	single int             // levels of one row
	bits   map[uint64]bool // nominal, stored as numbers: the levels
	sorted []float64       // ordered: the values, ascending
	rate   float64         // of values beyond a tail's edge
	low    tail
	high   tail
}

// tail is one end of the values of a column, on the scale of logarithms of
// distances from the median.
type tail struct {
	edge  float64 // values up to here are usual
	scale float64 // mean excess of the usual values over their upper tenth
	usual int     // how many values, from the other end on, are usual
}

// fitDomain fits a column of rows known to be good; trim is the share of the
// values at either end that are not taken to be good.
func fitDomain(c *encode.Column, v *dataset.Vector, trim float64) domain {
	d := domain{name: c.Field.Name, field: c.Field, n: len(v.Null)}
	if c.Nominal() {
		d.counts, d.bits = map[string]int{}, map[uint64]bool{}
	}
	for i, null := range v.Null {
		switch {
		case null:
			d.nulls++
		case d.counts != nil:
			d.counts[encode.Cell(v, i)]++
			if v.Floats != nil {
				d.bits[math.Float64bits(v.Floats[i])] = true
			}
		case v.Floats != nil:
			d.sorted = append(d.sorted, v.Floats[i])
		}
	}
	for _, n := range d.counts {
		if n == 1 {
			d.single++
		}
	}
	slices.Sort(d.sorted)
	d.rate = max(trim, 1/float64(max(1, len(d.sorted))))
	d.low, d.high = d.fitTail(-1, trim), d.fitTail(1, trim)
	return d
}

// median and unit put distances on a scale without a unit.
func (d *domain) median() float64 { return d.sorted[len(d.sorted)/2] }

func (d *domain) unit() float64 {
	m := len(d.sorted)
	for _, p := range []float64{0.25, 0.05, 0.01, 0} {
		if r := d.sorted[int((1-p)*float64(m-1))] - d.sorted[int(p*float64(m-1))]; r > 0 {
			return r
		}
	}
	return max(1e-9, math.Abs(d.sorted[0]))
}

// far returns how far x lies on the side of sign, as a logarithm.
func (d *domain) far(x, sign float64) float64 {
	return math.Log1p(max(0, sign*(x-d.median())/d.unit()))
}

func (d *domain) fitTail(sign, trim float64) tail {
	m := len(d.sorted)
	if m < 20 {
		return tail{edge: math.Inf(1), scale: 1}
	}
	y := make([]float64, m)
	for i, x := range d.sorted {
		y[i] = d.far(x, sign)
	}
	slices.Sort(y)
	usual := y[:m-int(trim*float64(m))]
	if trim > 0 {
		usual = usual[:sort.SearchFloat64s(usual, fence(y))]
	}
	t := tail{edge: usual[len(usual)-1], scale: meanExcess(usual, len(usual)*9/10), usual: len(usual)}
	if t.scale <= 0 {
		t.scale = max(1e-3, t.edge)
	}
	if trim > 0 { // values are judged by themselves, and tails need not fall evenly
		t.scale *= 2
	}
	if trim > 0 && usual[len(usual)*98/100] == 0 { // hardly any values: what else there is may be as good
		t.edge = math.Inf(1)
	}
	return t
}

// fence returns from where on distances from the median are those of other numbers, of ascending
// ones that are 0 on the other side: after the first gap beyond the upper quartile of those on this
// side that is as wide as all between their quartiles, and a factor of e wide. Tails thin out, and levels lie
// apart, but they have no such gap.
func fence(y []float64) float64 {
	side := y[sort.SearchFloat64s(y, math.SmallestNonzeroFloat64):]
	if len(side) < 4 {
		return math.Inf(1)
	}
	upper := side[len(side)*3/4:]
	width := upper[0] - side[len(side)/4]
	if width == 0 { // one value, or nearly, tells no width
		return math.Inf(1)
	}
	for i, x := range upper[1:] {
		if x-upper[i] > max(1, width) {
			return x
		}
	}
	return math.Inf(1)
}

// level returns the strength of a level: 0 if others have it. own says that the
// row itself was counted.
func (d *domain) level(name string, own bool) float64 {
	n := d.counts[name]
	if own {
		n--
	}
	if n > 0 {
		return 0
	}
	return -math.Log(float64(d.single+1) / float64(d.n+1))
}

// knows reports whether a row that the domain was fitted on has the level of cell
// i of v, which is not null. It may say no where level finds that one has: to two
// numbers of one text.
func (d *domain) knows(v *dataset.Vector, i int) bool {
	if v.Floats != nil {
		return d.bits[math.Float64bits(v.Floats[i])]
	}
	return d.counts[v.Strings[i]] > 0
}

// within returns between which numbers all strengths are certainly below from.
func (d *domain) within(from float64) (lo, hi float64) {
	if len(d.sorted) < 20 || math.IsInf(from, 1) {
		return math.Inf(-1), math.Inf(1)
	}
	reach := func(t tail) float64 { // the inverse of value and far
		y := max(t.edge, t.edge+(from+math.Log(d.rate))*t.scale)
		return d.unit() * math.Expm1(y) * (1 - 1e-9)
	}
	m := d.median()
	slack := 1e-12 * math.Abs(m)
	return m - reach(d.low) + slack, m + reach(d.high) - slack
}

// value returns the strength of a number: 0 within the usual values, else minus
// the logarithm of about the chance of it.
func (d *domain) value(x float64, own bool) float64 {
	m := len(d.sorted)
	if m < 20 {
		return 0
	}
	sign, t := 1.0, d.high
	if x < d.median() {
		sign, t = -1, d.low
	}
	y, edge := d.far(x, sign), t.edge
	if own && y >= edge { // what the others reach
		next := d.sorted[m-2]
		if sign < 0 {
			next = d.sorted[1]
		}
		edge = d.far(next, sign)
	}
	if y <= edge {
		return 0
	}
	return -math.Log(d.rate) + (y-edge)/t.scale
}

// null returns the strength of a null.
func (d *domain) null() float64 {
	return -math.Log((float64(d.nulls) + 0.5) / (float64(d.n) + 1))
}
