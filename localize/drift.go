package localize

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"synthos/encode"
	"synthos/verdict"
)

const (
	driftBlocks = 60   // that the sample is cut into, in the order of the file, at most
	driftRows   = 30   // sampled rows of a block, at least
	driftLevels = 8    // most frequent levels of a nominal column that are followed
	driftMost   = 0.4  // share of the file up to which a stretch is the exception
	driftBlock  = 4    // standard deviations of a block from which it can belong to a stretch
	driftAll    = 8    // the same for the stretch as a whole
	driftShare  = 0.15 // by how much the share of a level must change to be worth a word
	driftMean   = 0.5  // the same of the mean of a number, in standard deviations
	driftSame   = 0.7  // overlap from which two stretches are one
)

// drift is a stretch of the file in which a column is not what it is elsewhere.
type drift struct {
	column   int // of the space
	from, to int // places in view.data, both inclusive
	strength float64
	say      string
}

// drifts finds stretches of rows, up to two fifths of the file, in which a column
// has another level than before and after, and in reference mode than in the
// reference: rows that a broken sensor, another version of a generator or a careless
// merge wrote. Sorted and grouped files have no such stretch: there blocks differ
// from each other all over, and what is usual is the spread between blocks.
//
// A block is told by the mean of normal scores, the share of nulls and the share of
// each frequent level. Its distance from the median block is measured in the larger
// of the spread of all blocks (1.4826 times the median absolute deviation) and what
// chance allows for its number of rows.
//
// The rows of a stretch are not suspicious one by one: each may be good.
func (v *view) drifts() []verdict.RowGroup {
	n := v.data.n()
	blocks := min(driftBlocks, n/driftRows)
	if blocks < 10 {
		return nil
	}
	best := map[int]drift{} // of each column
	for _, x := range v.series() {
		d, ok := x.stretch(blocks)
		if !ok || !x.real(d) {
			continue
		}
		if old, found := best[x.column]; !found || d.strength > old.strength {
			best[x.column] = d
		}
	}
	list := slices.SortedFunc(maps.Values(best), func(a, b drift) int {
		return cmp.Or(cmp.Compare(b.strength, a.strength), cmp.Compare(a.column, b.column))
	})
	out := []verdict.RowGroup{}
	for len(list) > 0 {
		lead, together := list[0], []string{}
		list = slices.DeleteFunc(list, func(d drift) bool {
			same := lead.overlap(d) > driftSame
			if same {
				together = append(together, v.near.Columns[d.column].Field.Name)
			}
			return same
		})
		out = append(out, v.driftGroup(lead, together))
	}
	return out
}

// overlap returns the share of the rows of either stretch that both have.
func (d drift) overlap(o drift) float64 {
	both := min(d.to, o.to) - max(d.from, o.from) + 1
	return max(0, float64(both)/float64(max(d.to, o.to)-min(d.from, o.from)+1))
}

// driftGroup describes a stretch; columns are those that drift in it, most first.
func (v *view) driftGroup(d drift, columns []string) verdict.RowGroup {
	ids := v.data.table.RowIDs
	g := verdict.RowGroup{Cause: "drift", Dimension: "distribution_shift", Columns: columns, From: ids[d.from], To: ids[d.to], Rows: []int64{}}
	g.RowsTotal = g.To - g.From + 1
	for row := g.From; row <= g.To && len(g.Rows) < groupRows; row++ {
		g.Rows = append(g.Rows, row)
	}
	others := ""
	if n := len(columns) - 1; n > 0 {
		others = fmt.Sprintf("; so %s %d more %s", map[bool]string{true: "does", false: "do"}[n == 1], n, plural(n, "column"))
	}
	g.Detail = fmt.Sprintf("rows %d to %d drift in %s: %s%s", g.From, g.To, columns[0], d.say, others)
	return g
}

// series is a number of each row of the data, in the order of the file.
type series struct {
	column    int // of the space of distances
	values    []float64
	reference []float64 // the same of good rows; nil in self mode
	share     bool      // values are 0 or 1
	least     float64   // a smaller difference between inside and outside is not reported
	say       func(inside, outside float64) string
}

// series returns what is followed along the file.
func (v *view) series() []series {
	d := v.data.features()
	var g *encode.Features
	if v.good != nil {
		g = v.good.features()
	}
	follow := func(column, feature int, least float64, say func(inside, outside float64) string) series {
		s := series{column: column, values: featureOf(d, feature), least: least, say: say, share: least == driftShare}
		if g != nil {
			s.reference = featureOf(g, feature)
		}
		return s
	}
	shares := func(what string) func(inside, outside float64) string {
		return func(inside, outside float64) string {
			return fmt.Sprintf("%s %.0f %% of the rows, %.0f %% elsewhere", what, 100*inside, 100*outside)
		}
	}
	var out []series
	for k := range v.near.Columns {
		c := &v.near.Columns[k]
		switch {
		case c.Text():
			continue
		case c.Nominal():
			for j := 0; j < min(driftLevels, c.Width-1); j++ {
				s := follow(k, c.Offset+j, driftShare, shares("one level has"))
				for _, side := range [][]float64{s.values, s.reference} { // levels are scaled by 1/sqrt(2)
					for i, x := range side {
						if side[i] = 0; x > 0 {
							side[i] = 1
						}
					}
				}
				out = append(out, s)
			}
		default:
			out = append(out, follow(k, c.Offset, driftMean, func(inside, outside float64) string {
				side := "above"
				if inside < outside {
					side = "below"
				}
				return fmt.Sprintf("on average %.1f standard deviations %s the other rows", math.Abs(inside-outside), side)
			}))
		}
		out = append(out, follow(k, c.Offset+c.Width-1, driftShare, shares("nulls are")))
	}
	return out
}

func featureOf(f *encode.Features, j int) []float64 {
	out := make([]float64, f.N)
	for i := range out {
		out[i] = float64(f.Row(i)[j])
	}
	return out
}

// stretch returns the run of blocks that is farthest from the others.
func (s *series) stretch(blocks int) (drift, bool) {
	n := len(s.values)
	at := func(b int) int { return b * n / blocks }
	means := make([]float64, blocks)
	for b := range means {
		means[b], _ = moments(s.values[at(b):at(b+1)])
	}
	middle := medianOf(means)
	apart := make([]float64, blocks)
	for b, m := range means {
		apart[b] = math.Abs(m - middle)
	}
	_, variance := moments(s.values)
	chance := math.Sqrt(variance / (float64(n) / float64(blocks)))
	spread := max(1.4826*medianOf(apart), chance)
	if spread <= 0 {
		return drift{}, false
	}
	var best drift
	for b := 0; b < blocks; {
		first, sum, sign := b, 0.0, math.Copysign(1, means[b]-middle)
		for b < blocks && sign*(means[b]-middle) >= driftBlock*spread {
			sum += sign * (means[b] - middle) / spread
			b++
		}
		if b == first {
			b++
			continue
		}
		if strength := sum / math.Sqrt(float64(b-first)); strength > best.strength {
			best = drift{column: s.column, from: at(first), to: at(b) - 1, strength: strength}
		}
	}
	if best.strength < driftAll {
		return drift{}, false
	}
	s.sharpen(&best, n/blocks, middle)
	if float64(best.to-best.from+1) > driftMost*float64(n) {
		return drift{}, false
	}
	inside, _ := moments(s.values[best.from : best.to+1])
	outside, _ := moments(slices.Concat(s.values[:best.from], s.values[best.to+1:]))
	best.say = s.say(inside, outside)
	return best, math.Abs(inside-outside) >= s.least
}

// sharpen moves the ends of a stretch by up to a block to where the values change:
// where the sum of their distances from half way between inside and outside is largest.
func (s *series) sharpen(d *drift, block int, outside float64) {
	inside, _ := moments(s.values[d.from : d.to+1])
	half, sign := (inside+outside)/2, math.Copysign(1, inside-outside)
	gain := func(i int) float64 { return sign * (s.values[i] - half) }
	sum, best, from := 0.0, 0.0, d.from
	for i := d.from - 1; i >= max(0, d.from-block); i-- { // earlier rows that belong to it
		if sum += gain(i); sum > best {
			best, from = sum, i
		}
	}
	sum = 0
	for i := d.from; i < min(d.to, d.from+block); i++ { // first rows that do not
		if sum -= gain(i); sum > best {
			best, from = sum, i+1
		}
	}
	sum, best = 0, 0
	to := d.to
	for i := d.to + 1; i < min(len(s.values), d.to+1+block); i++ {
		if sum += gain(i); sum > best {
			best, to = sum, i
		}
	}
	sum = 0
	for i := d.to; i > max(from, d.to-block); i-- {
		if sum -= gain(i); sum > best {
			best, to = sum, i-1
		}
	}
	d.from, d.to = from, to
}

// real reports whether a stretch is more than the order of the file. With good rows,
// the data as a whole must be farther from them than chance allows, and nearer
// without the stretch. Without, a sorted file is told by values that stand in the
// stretch only: of a level anywhere, of a number at an end of the file.
func (s *series) real(d drift) bool {
	in, out := s.values[d.from:d.to+1], slices.Concat(s.values[:d.from], s.values[d.to+1:])
	inside, _ := moments(in)
	outside, _ := moments(out)
	if s.reference == nil {
		if s.share {
			return inside < 0.98 || outside > 0.02
		}
		atEnd := d.from == 0 || d.to == len(s.values)-1
		return !atEnd || slices.Min(in) <= slices.Max(out) && slices.Max(in) >= slices.Min(out)
	}
	usual, variance := moments(s.reference)
	whole, _ := moments(s.values)
	chance := math.Sqrt(variance * (1/float64(len(s.values)) + 1/float64(len(s.reference))))
	return math.Abs(whole-usual) > 3*chance && math.Abs(outside-usual) < math.Abs(whole-usual)/2
}

// moments returns mean and variance of x.
func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, variance
}

func medianOf(x []float64) float64 {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
