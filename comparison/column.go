package comparison

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"synthos/dataset"
	"synthos/stats"
	"synthos/verdict"
)

const (
	maxLost  = 10 // lost levels named a column
	lostRows = 8  // a level in fewer reference rows may be missing by chance
)

// histogram counts the cells of a column: by bin, and nulls.
type histogram struct {
	bins  []float64
	nulls float64
}

// all returns the counts with the nulls as one more bin.
func (h *histogram) all() []float64 { return append(slices.Clone(h.bins), h.nulls) }

func (h *histogram) nullShare() verdict.Number {
	return rounded(h.nulls / max(1, sum(h.bins)+h.nulls))
}

// counts returns the histogram of the rows of v for which keep is true, or of all.
func (b *bins) counts(f dataset.Field, v *dataset.Vector, keep func(i int) bool) *histogram {
	h := &histogram{bins: make([]float64, b.count())}
	for i, null := range v.Null {
		switch {
		case keep != nil && !keep(i):
		case null:
			h.nulls++
		default:
			h.bins[b.of(f, v, i)]++
		}
	}
	return h
}

// compare returns the distributions of p. halves splits the reference's rows.
func (p *pair) compare(halves []bool) verdict.ColumnComparison {
	b := fitBins(p.field, p.yardstick())
	data := b.counts(p.field, p.data, nil)
	out := verdict.ColumnComparison{
		Name: p.field.Name, Kind: p.field.Kind, Unit: "value", Levels: b.levels,
		Data: shares(data.bins), Reference: []verdict.Number{}, DataNull: data.nullShare(),
		Change: verdict.Number(math.NaN()), Floor: verdict.Number(math.NaN()), ReferenceNull: verdict.Number(math.NaN()), New: verdict.Number(math.NaN()),
	}
	if b.levels == nil {
		out.Edges = numbers(b.edges)
	}
	switch {
	case b.words:
		out.Unit = "words"
	case p.field.Type == dataset.Time && b.levels == nil:
		out.Unit = "time"
	}
	if p.ref == nil {
		return withoutEmpty(out, b)
	}
	ref := b.counts(p.field, p.ref, nil)
	out.Reference, out.ReferenceNull = shares(ref.bins), ref.nullShare()
	out.Change = rounded(distance(data.all(), ref.all()))
	first := b.counts(p.field, p.ref, func(i int) bool { return !halves[i] })
	second := b.counts(p.field, p.ref, func(i int) bool { return halves[i] })
	out.Floor = rounded(distance(first.all(), second.all()) * floorScale(len(p.data.Null), len(p.ref.Null)))
	if b.levels != nil {
		out.New = out.Data[len(out.Data)-1]
		out.Lost = p.lost()
		// Bins are the reference's own levels, so its halves have no new ones. Another
		// sample would.
		out.Floor = rounded(float64(out.Floor) + p.unseen())
	}
	return withoutEmpty(out, b)
}

// unseen returns the share of cells that another sample of the reference's source
// is expected to have of levels that the reference does not have.
func (p *pair) unseen() float64 {
	count, _ := levelCounts(p.field, p.ref)
	covered := stats.GoodTuring(slices.Collect(maps.Values(count)))
	if math.IsNaN(covered) {
		return 0
	}
	return 1 - covered
}

// withoutEmpty drops the bin for levels that the reference does not have, if
// the data have none.
func withoutEmpty(c verdict.ColumnComparison, b *bins) verdict.ColumnComparison {
	last := len(c.Data) - 1
	if b.levels == nil || c.Data[last] > 0 {
		return c
	}
	c.Levels, c.Data = c.Levels[:last], c.Data[:last]
	if len(c.Reference) > 0 {
		c.Reference = c.Reference[:last]
	}
	return c
}

// lost returns the levels of the reference that the data have (nearly) lost,
// most frequent first.
func (p *pair) lost() []verdict.LevelShare {
	ref, total := levelCounts(p.field, p.ref)
	data, rows := levelCounts(p.field, p.data)
	var out []verdict.LevelShare
	for name, n := range ref {
		r, d := float64(n)/max(1, total), float64(data[name])/max(1, rows)
		if n >= lostRows && d*lostBelow < r {
			out = append(out, verdict.LevelShare{Level: clip(name), Reference: rounded(r), Data: rounded(d)})
		}
	}
	slices.SortFunc(out, func(a, b verdict.LevelShare) int {
		return cmp.Or(cmp.Compare(b.Reference, a.Reference), cmp.Compare(a.Level, b.Level))
	})
	return out[:min(maxLost, len(out))]
}

func levelCounts(f dataset.Field, v *dataset.Vector) (count map[string]int, total float64) {
	count = map[string]int{}
	for i, null := range v.Null {
		if !null {
			count[level(f, v, i)]++
			total++
		}
	}
	return count, total
}
