package recommend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"synthos/dataset"
	"synthos/encode"
	"synthos/stats"
)

var restoreModes = fix{
	kind:  "restore_modes",
	about: "add rows of the kinds, levels and tails of the reference that the data lost",
	real:  true,
	need: func(v *view) float64 {
		if v.donors == nil {
			return 0
		}
		need := v.missing("mode_collapse", "diversity_loss", "distribution_shift")
		if need == 0 || len(v.regions().list) == 0 {
			return 0
		}
		return need
	},
	apply: func(v *view, t *dataset.Table, rng *rand.Rand) (*dataset.Table, details, bool) {
		l := v.regions()
		if l.mass < 0.002 || l.mass > mostRestored {
			return nil, details{}, false
		}
		var donors []int
		for _, i := range v.unused(t) {
			if rng.Float64() < l.weight[i] {
				donors = append(donors, i)
			}
		}
		if len(donors) == 0 {
			return nil, details{}, false
		}
		d := details{total: v.toAdd(l.mass), change: v.toAdd(l.mass), columns: l.columns}
		d.title = fmt.Sprintf("Add %s rows of %s", count(d.total), several(len(l.list), "lost region"))
		d.text = "Generate or collect rows of: " + strings.Join(l.list[:min(4, len(l.list))], "; ") + ". The gain was measured with real rows."
		return v.add(t, donors, l.mass, rng), d, true
	},
	cost: func(p *Prices, d *details) float64 { return p.GeneratedRow * float64(d.total) },
}

// mostRestored is the share of a healed table from which adding is no fix any more.
const mostRestored = 0.5

// lostRegions are regions of the reference with less than half of their share in
// the data.
type lostRegions struct {
	list    []string  // in words, worst first
	columns []string  // of levels and tails
	weight  []float64 // of each donor: the share of its worst region that is missing
	mass    float64   // share of a healed table that has to be added
	regions []region  // in no order
}

// region is a set of donors and its share in the data.
type region struct {
	what, column string
	rows         []int
	data         float64
	// holds reports whether a row is in it, given its codes, its features and its kind.
	holds func(codes []uint16, features []float32, kind int32) bool
	lacks float64 // of its share in the reference, the share that is missing; 0 = none
}

// regions finds what the data lost; it is done once.
func (v *view) regions() *lostRegions {
	if v.lost != nil {
		return v.lost
	}
	v.lost = &lostRegions{weight: make([]float64, v.donors.Rows())}
	if v.encoded().Width == 0 || v.donors.Rows() == 0 || v.pool.Rows() == 0 {
		return v.lost
	}
	all := append(v.levelRegions(), v.kindRegions()...)
	var lost []region
	var missing []float64
	for _, g := range all {
		q := float64(len(g.rows)) / float64(v.donors.Rows())
		noise := math.Sqrt(q * (1 - q) * (1/float64(v.donors.Rows()) + 1/float64(v.pool.Rows())))
		if g.data < q/2 && q-g.data > 3*noise {
			g.lacks = 1 - g.data/q
			lost = append(lost, g)
			missing = append(missing, q-g.data)
			for _, i := range g.rows {
				v.lost.weight[i] = max(v.lost.weight[i], g.lacks)
			}
		}
	}
	v.lost.regions = lost
	seen := map[string]bool{}
	for _, i := range descending(missing) {
		g := &lost[i]
		q := g.data + missing[i]
		v.lost.list = append(v.lost.list, fmt.Sprintf("%s (%.1f %% of the reference, %.1f %% here)", g.what, 100*q, 100*g.data))
		if g.column != "" && !seen[g.column] {
			seen[g.column] = true
			v.lost.columns = append(v.lost.columns, g.column)
		}
	}
	for _, w := range v.lost.weight {
		v.lost.mass += w / float64(len(v.lost.weight))
	}
	return v.lost
}

// tail is the share of a number's values that each of its tails holds.
const tail = 0.01

// levelRegions returns the levels and bins of every column, and the two tails of
// every number.
func (v *view) levelRegions() []region {
	var out []region
	real, data := v.space.Codes(v.donors), v.space.Codes(v.pool)
	fr, fd := v.space.Features(v.donors), v.space.Features(v.pool)
	for k := range v.space.Columns {
		c := &v.space.Columns[k]
		name := c.Field.Name
		if c.Text() {
			continue
		}
		card := v.space.Slots[c.Slot].Card
		rows, n := make([][]int, card), make([]float64, card)
		for i := range real.N {
			code := real.Row(i)[c.Slot]
			rows[code] = append(rows[code], i)
		}
		for i := range data.N {
			n[data.Row(i)[c.Slot]]++
		}
		for code := 1; code < card-1; code++ {
			slot := c.Slot
			out = append(out, region{
				what: name + " " + v.space.Level(slot, uint16(code)), column: name, rows: rows[code], data: n[code] / float64(data.N),
				holds: func(codes []uint16, _ []float32, _ int32) bool { return int(codes[slot]) == code },
			})
		}
		if !c.Nominal() {
			out = append(out, tails(name, c.Offset, fr, fd)...)
		}
	}
	return out
}

// tails returns the rows outside the central 98 % of one feature.
func tails(name string, at int, real, data *encode.Features) []region {
	z := make([]float64, real.N)
	for i := range z {
		z[i] = float64(real.Row(i)[at])
	}
	box := stats.Quantiles(z, []float64{tail, 1 - tail})
	low := region{
		what: "the lowest values of " + name, column: name,
		holds: func(_ []uint16, features []float32, _ int32) bool { return float64(features[at]) < box[0] },
	}
	high := region{
		what: "the highest values of " + name, column: name,
		holds: func(_ []uint16, features []float32, _ int32) bool { return float64(features[at]) > box[1] },
	}
	for i, x := range z {
		switch {
		case x < box[0]:
			low.rows = append(low.rows, i)
		case x > box[1]:
			high.rows = append(high.rows, i)
		}
	}
	for i := range data.N {
		switch x := float64(data.Row(i)[at]); {
		case x < box[0]:
			low.data += 1 / float64(data.N)
		case x > box[1]:
			high.data += 1 / float64(data.N)
		}
	}
	return []region{low, high}
}

// kindRegions returns the micro-clusters.
func (v *view) kindRegions() []region {
	k := v.kinds()
	donors := v.coded(v.donors)
	out := make([]region, k.n)
	for i, c := range donors.kind {
		out[c].rows = append(out[c].rows, i)
	}
	for c := range out {
		out[c].data = k.data[c]
		out[c].what = "rows like " + v.describe(donors.codes, out[c].rows)
		out[c].holds = func(_ []uint16, _ []float32, kind int32) bool { return int(kind) == c }
	}
	return out
}

// lacking returns of each row of t, by its worst region, the share that is missing
// of it in the data; 0 if it is in none that the data lost.
func (v *view) lacking(t *dataset.Table) []float64 {
	out := make([]float64, t.Rows())
	lost := v.regions()
	if len(lost.regions) == 0 || t.Rows() == 0 {
		return out
	}
	c := v.coded(t)
	for i := range out {
		for k := range lost.regions {
			if g := &lost.regions[k]; g.lacks > out[i] && g.holds(c.codes.Row(i), c.features.Row(i), c.kind[i]) {
				out[i] = g.lacks
			}
		}
	}
	return out
}

// describe names the two levels that tell rows from the others best.
func (v *view) describe(c *encode.Codes, rows []int) string {
	var gain []float64
	var what []string
	for j := range v.space.Slots {
		all, own := make([]float64, c.Cards[j]), make([]float64, c.Cards[j])
		for i := range c.N {
			all[c.Row(i)[j]] += 1 / float64(c.N)
		}
		for _, i := range rows {
			own[c.Row(i)[j]] += 1 / float64(len(rows))
		}
		best := 0
		for code := range own {
			if own[code]-all[code] > own[best]-all[best] {
				best = code
			}
		}
		gain = append(gain, own[best]-all[best])
		what = append(what, v.space.Slots[j].Name+" "+v.space.Level(j, uint16(best)))
	}
	order := descending(gain)
	s := what[order[0]]
	if len(order) > 1 {
		s += " and " + what[order[1]]
	}
	return s
}
