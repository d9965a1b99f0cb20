package encode

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"time"

	"synthos/dataset"
)

// ordered encodes numbers and points in time.
type ordered struct {
	sorted []float64 // the values it was fitted on, ascending, without nulls
	edges  []float64 // bin b+1 holds edges[b-1] <= x < edges[b]; open at both ends
	scale  float64   // unit of the extension beyond the fitted range, > 0
}

func fitOrdered(v *dataset.Vector) *ordered {
	o := &ordered{}
	for i, x := range v.Floats {
		if !v.Null[i] {
			o.sorted = append(o.sorted, x)
		}
	}
	slices.Sort(o.sorted)
	o.edges = equalMassEdges(o.sorted)
	o.scale = spread(o.sorted)
	return o
}

// equalMassEdges returns the inner edges of bins over sorted values: one bin a
// value if there are at most maxOwnBins, else quantileBins bins of about equal
// mass, where a value that holds more than a bin's share gets its own.
func equalMassEdges(sorted []float64) []float64 {
	values, counts := runs(sorted)
	if len(values) <= maxOwnBins {
		return middles(values)
	}
	var edges []float64
	left, bins, mass := len(sorted), quantileBins, 0
	for i := range values {
		mass += counts[i]
		share := float64(left) / float64(bins)
		next := 0
		if i+1 < len(values) {
			next = counts[i+1]
		}
		// Close the bin when it is full, or when the next value fills one alone.
		if i+1 < len(values) && bins > 1 && (float64(mass) >= share || float64(next) >= share) {
			edges = append(edges, middle(values[i], values[i+1]))
			left -= mass
			bins--
			mass = 0
		}
	}
	return edges
}

func runs(sorted []float64) (values []float64, counts []int) {
	for i, x := range sorted {
		if i == 0 || x != sorted[i-1] {
			values, counts = append(values, x), append(counts, 0)
		}
		counts[len(counts)-1]++
	}
	return values, counts
}

func middles(values []float64) []float64 {
	var edges []float64
	for i := 1; i < len(values); i++ {
		edges = append(edges, middle(values[i-1], values[i]))
	}
	return edges
}

// middle returns a number m with a < m <= b, half way where float64 allows.
func middle(a, b float64) float64 {
	if m := a + (b-a)/2; m > a {
		return m
	}
	return b
}

// spread returns the interquartile range of sorted values, or a wider measure
// where that is 0; it is positive.
func spread(sorted []float64) float64 {
	n := len(sorted)
	if n == 0 {
		return 1
	}
	for _, p := range []float64{0.25, 0.05, 0.01, 0} {
		if r := sorted[int(math.Ceil((1-p)*float64(n-1)))] - sorted[int(p*float64(n-1))]; r > 0 {
			return r
		}
	}
	return max(1, math.Abs(sorted[0]))
}

// card counts the codes: null, the bins, invalid.
func (o *ordered) card() int { return len(o.edges) + 3 }

// bin returns the code of x: 1 to card-2.
func (o *ordered) bin(x float64) uint16 {
	edges, at := o.edges, 0
	for n := len(edges); n > 0; {
		half := (n + 1) / 2
		beyond := 1 // the compiler sets a flag: no branch to guess wrong
		if x < edges[at+half-1] {
			beyond = 0
		}
		at += half & -beyond
		n -= half
	}
	return uint16(at) + 1
}

// score returns the normal score of x: the standard normal quantile of its
// mid-rank among the fitted values, extended linearly beyond their range, at
// most 4 more. It does not depend on the unit of x.
func (o *ordered) score(x float64) float64 {
	n := len(o.sorted)
	if n == 0 {
		return 0
	}
	below := sort.SearchFloat64s(o.sorted, x)
	upTo := below + sort.Search(n-below, func(i int) bool { return o.sorted[below+i] > x })
	p := (float64(below) + float64(upTo)) / 2 / float64(n)
	edge := 0.5 / float64(n)
	z := math.Sqrt2 * math.Erfinv(2*min(1-edge, max(edge, p))-1)
	if lo := o.sorted[0]; x < lo {
		z -= min(4, 4*(lo-x)/o.scale)
	}
	if hi := o.sorted[n-1]; x > hi {
		z += min(4, 4*(x-hi)/o.scale)
	}
	return z
}

func (o *ordered) codes(v *dataset.Vector, out []uint16, stride int) {
	for i, x := range v.Floats {
		if !v.Null[i] {
			out[i*stride] = o.bin(x)
		}
	}
	markInvalid(v, out, stride, o.card())
}

func (o *ordered) features(v *dataset.Vector, out []float32, stride int) {
	for i, x := range v.Floats {
		if v.Null[i] {
			out[i*stride+1] = 1
		} else {
			out[i*stride] = float32(o.score(x))
		}
	}
}

// markInvalid gives cells that could not be read the last code.
func markInvalid(v *dataset.Vector, out []uint16, stride, card int) {
	for _, bad := range v.Invalid {
		out[bad.Row*stride] = uint16(card - 1)
	}
}

// interval describes the bins low to high in words.
func (o *ordered) interval(low, high int, f dataset.Field) string {
	show := func(x float64) string {
		if f.Type == dataset.Time {
			return time.Unix(int64(x), 0).UTC().Format("2006-01-02 15:04")
		}
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	if len(o.edges) == 0 {
		return "any"
	}
	from, to := o.edges[max(0, low-2)], o.edges[min(len(o.edges), high)-1]
	below := "below "
	if f.Integer && f.Type != dataset.Time { // edges lie between the numbers: name these
		from, to, below = math.Ceil(from), math.Floor(to), "up to "
	}
	switch {
	case low == 1:
		return below + show(to)
	case high > len(o.edges):
		return show(from) + " and above"
	case f.Integer && from == to:
		return show(from)
	}
	return show(from) + " to " + show(to)
}
