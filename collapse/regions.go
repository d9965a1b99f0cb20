package collapse

import (
	"fmt"
	"math/bits"
	"slices"

	"synthos/verdict"
)

// Regions of the reference that the data left, in words.

const (
	leastRegion    = 0.01 // share of the reference that a region holds, at least
	mostConditions = 400
	mostRegions    = 3
)

// condition is a level of a column, or all above or below an edge: codes low to high of a slot.
type condition struct {
	slot      int
	low, high uint16
	data, ref []uint64 // one bit a row: whether it holds
}

// region is where one or two conditions hold. lost is the mass of the reference
// there that the data abandoned.
type region struct {
	of           []*condition
	share, there float64 // of the reference; of the data
}

func (r *region) lost() float64 { return r.share - 4*r.there }

// lostRegions returns the regions of one or two conditions that the data have
// abandoned, the largest first; none overlaps much with one before. They are searched
// on one resample of the reference and must hold on another.
func (v *view) lostRegions() []region {
	s := &v.splits[0]
	conditions := v.conditions(s)
	check := v.ref.codes.Take(s.b)
	n := float64(len(s.d))
	free := [2][]uint64{ones(len(s.d)), ones(len(s.a))} // rows that no region holds yet
	var out []region
	for len(out) < mostRegions {
		best := region{}
		consider := func(of ...*condition) {
			data, ref := 0, 0
			for w := range free[1] {
				x, y := free[0][w], free[1][w]
				for _, c := range of {
					x, y = x&c.data[w], y&c.ref[w]
				}
				data, ref = data+bits.OnesCount64(x), ref+bits.OnesCount64(y)
			}
			r := region{of: of, share: float64(ref) / n, there: float64(data) / n}
			// A second condition must be worth its words.
			if r.share >= leastRegion && r.lost() > 0 && r.lost() > best.lost()*(1+0.1*float64(len(of)-len(best.of))) {
				best = region{of: slices.Clone(of), share: r.share, there: r.there}
			}
		}
		for i, c := range conditions {
			consider(c)
			for _, other := range conditions[i+1:] {
				if other.slot != c.slot {
					consider(c, other)
				}
			}
		}
		if best.of == nil {
			break
		}
		for w := range free[1] {
			x, y := ^uint64(0), ^uint64(0)
			for _, c := range best.of {
				x, y = x&c.data[w], y&c.ref[w]
			}
			free[0][w], free[1][w] = free[0][w]&^x, free[1][w]&^y
		}
		held := 0
		for i := range check.N {
			row, in := check.Row(i), true
			for _, c := range best.of {
				in = in && row[c.slot] >= c.low && row[c.slot] <= c.high
			}
			if in {
				held++
			}
		}
		if best.share = float64(held) / n; best.lost() > 0 && best.share >= leastRegion/2 {
			out = append(out, best)
		} else if len(out) == 0 && best.share == 0 {
			break
		}
	}
	return out
}

func ones(n int) []uint64 {
	out := make([]uint64, (n+63)/64)
	for i := range n {
		out[i/64] |= 1 << (i % 64)
	}
	return out
}

// conditions returns the levels of at least leastRegion of the reference, and the
// tenths of ordered columns from either end, of which there are not more than the
// data are rarer at than the reference.
func (v *view) conditions(s *split) []*condition {
	data, ref := v.data.codes.Take(s.d), v.ref.codes.Take(s.a)
	var out []*condition
	var gain []float64
	for j := range v.space.Slots {
		slot := &v.space.Slots[j]
		if v.space.Columns[slot.Column].Text() {
			continue
		}
		p, q := codeShares(data, j), codeShares(ref, j)
		add := func(low, high int) {
			there, share := 0.0, 0.0
			for code := low; code <= high; code++ {
				there, share = there+p[code], share+q[code]
			}
			if share < leastRegion || share > 0.9 || there >= 1.5*share {
				return
			}
			out = append(out, &condition{slot: j, low: uint16(low), high: uint16(high)})
			gain = append(gain, share-there)
		}
		if slot.Nominal {
			for code := range q {
				add(code, code)
			}
			continue
		}
		add(0, 0)
		last := slot.Card - 2 // the one after holds what is invalid
		below, tenth := 0.0, 1
		for code := 1; code < last; code++ {
			if below += q[code]; below*10 < float64(tenth) {
				continue
			}
			add(1, code)
			add(code+1, last)
			tenth = int(below*10) + 1
		}
	}
	if len(out) > mostConditions {
		order := byDescending(gain)
		out = pick(out, order[:mostConditions])
	}
	for _, c := range out {
		mark := func(x []uint16, d, n int) []uint64 {
			in := make([]uint64, (n+63)/64)
			for i := range n {
				if code := x[i*d+c.slot]; code >= c.low && code <= c.high {
					in[i/64] |= 1 << (i % 64)
				}
			}
			return in
		}
		c.data, c.ref = mark(data.Data, data.D, data.N), mark(ref.Data, ref.D, ref.N)
	}
	return out
}

// words names a region: "contract = two-year and tenure 60 and above".
func (v *view) words(r *region) string {
	s := ""
	for i, c := range r.of {
		if i > 0 {
			s += " and "
		}
		s += v.columnOf(c.slot) + " " + v.space.Span(c.slot, c.low, c.high)
	}
	return s
}

// nameRegions adds what was lost to a measurement.
func (v *view) nameRegions(m *measurement) {
	regions := v.lostRegions()
	for i := range regions {
		r := &regions[i]
		var columns []string
		for _, c := range r.of {
			columns = append(columns, v.columnOf(c.slot))
		}
		m.contributors = append(m.contributors, verdict.Contributor{
			Columns: columns,
			Detail:  fmt.Sprintf("lost: %s, %.1f %% of the reference, %.1f %% here", v.words(r), 100*r.share, 100*r.there),
			Damage:  verdict.Number(r.lost() / scaleOf(ReferenceMode, m.name).PerDamage),
		})
	}
	if len(regions) > 0 {
		m.reason += fmt.Sprintf(", such as %s (%.1f %% of the reference, %.1f %% here)", v.words(&regions[0]), 100*regions[0].share, 100*regions[0].there)
	}
}
