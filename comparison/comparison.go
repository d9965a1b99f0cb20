// Package comparison makes what a reader wants to see of the data beside the
// reference: the distribution of every column, the pairs of columns that go
// together otherwise, and a map of the rows. It decides nothing; stages 2 and 4
// measure, on the same samples, what these pictures show.
package comparison

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"synthos/dataset"
	"synthos/encode"
	"synthos/verdict"
)

const (
	maxColumns = 1000 // kept, the most changed ones
	maxPairs   = 8
	maxText    = 64 // characters of a level
	lostBelow  = 4  // what the data hold less than a 4th of is lost; as in mode_collapse
)

// Input is what Make compares.
type Input struct {
	Data      *dataset.Table
	Reference *dataset.Table // nil = there is none; then Data is shown by itself
	Space     *encode.Space  // fitted on the reference, for the map; nil = no map
	Flagged   map[int64]bool // row numbers that localization flagged
	Seed      uint64
}

// Make returns the comparison of in. It does not change the tables. It returns
// an error only if ctx ends.
func Make(ctx context.Context, in Input) (*verdict.Comparison, error) {
	out := &verdict.Comparison{Rows: in.Data.Rows(), Columns: []verdict.ColumnComparison{}, Pairs: []verdict.PairComparison{}}
	columns := matched(in.Data, in.Reference)
	out.ColumnsTotal = len(columns)
	if in.Reference != nil {
		out.ReferenceRows = in.Reference.Rows()
	}
	halves := halve(out.ReferenceRows, in.Seed)
	for i := range columns {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		out.Columns = append(out.Columns, columns[i].compare(halves))
	}
	if in.Reference != nil {
		slices.SortStableFunc(out.Columns, func(a, b verdict.ColumnComparison) int {
			return descending(excess(a.Change, a.Floor), excess(b.Change, b.Floor))
		})
		out.Pairs = pairs(columns, halves)
	}
	out.Columns = out.Columns[:min(maxColumns, len(out.Columns))]
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if in.Space != nil {
		out.Map = plane(in)
	}
	return out, nil
}

// pair is one column of the data and, if there is a reference, the same of it.
type pair struct {
	field     dataset.Field
	data, ref *dataset.Vector
}

// yardstick returns the cells that bins are made from.
func (p *pair) yardstick() *dataset.Vector {
	if p.ref != nil {
		return p.ref
	}
	return p.data
}

// matched returns the columns that both sides have and that can be drawn: no
// ids, and none without a value.
func matched(data, ref *dataset.Table) []pair {
	var out []pair
	var places []int
	if ref != nil {
		places = ref.Schema.Places(data.Schema.Names())
	}
	for j, f := range data.Schema.Fields {
		if f.Kind == dataset.ID || f.Kind == dataset.Unknown {
			continue
		}
		p := pair{field: f, data: &data.Columns[j]}
		if ref != nil {
			k := places[j]
			if k < 0 || ref.Schema.Fields[k].Type.Numeric() != f.Type.Numeric() {
				continue
			}
			p.ref = &ref.Columns[k]
		}
		if slices.Contains(p.yardstick().Null, false) {
			out = append(out, p)
		}
	}
	return out
}

// halve splits n rows into two random halves: half[i] says which one row i is in.
func halve(n int, seed uint64) []bool {
	half := make([]bool, n)
	for k, i := range rand.New(rand.NewPCG(seed, 0x68616c7665)).Perm(n) {
		half[i] = k%2 == 1
	}
	return half
}

// floorScale turns a distance between halves of m reference rows into what a
// distance between n and m rows of one source is expected to be: distances of
// histograms of one source shrink with the root of 1/n + 1/m.
func floorScale(n, m int) float64 {
	if n == 0 || m == 0 {
		return math.NaN()
	}
	return math.Sqrt((1/float64(n) + 1/float64(m)) / (4 / float64(m)))
}

// distance returns the total variation distance of two histograms of counts,
// 0-1; NaN if one is empty.
func distance(a, b []float64) float64 {
	na, nb := sum(a), sum(b)
	if na == 0 || nb == 0 {
		return math.NaN()
	}
	d := 0.0
	for i := range a {
		d += math.Abs(a[i]/na - b[i]/nb)
	}
	return d / 2
}

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

// shares returns x divided by its sum, rounded to what can be seen.
func shares(x []float64) []verdict.Number {
	out, n := make([]verdict.Number, len(x)), max(1, sum(x))
	for i, v := range x {
		out[i] = rounded(v / n)
	}
	return out
}

// rounded keeps five decimals: enough to draw, and short in JSON.
func rounded(x float64) verdict.Number { return verdict.Number(math.Round(x*1e5) / 1e5) }

// excess of a change over its floor, for sorting; unknown comes last.
func excess(change, floor verdict.Number) float64 {
	if e := float64(change - floor); !math.IsNaN(e) {
		return e
	}
	return math.Inf(-1)
}

func descending(a, b float64) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}
