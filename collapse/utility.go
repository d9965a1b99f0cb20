package collapse

import (
	"context"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"synthos/cache"
	"synthos/encode"
	"synthos/forest"
	"synthos/stats"
)

const (
	maxClasses = 32   // levels of a column that can be a target
	solidSkill = 0.25 // shares of lost skill are of at least this much
	leastSkill = 0.1  // columns that real data predict worse than this are no targets
)

// utility is what forests show that predict columns from the others: trained
// on the data and on the reference, tested on held-out real rows and on the
// data (TSTR and TRTS, Esteban et al., arXiv:1706.02633).
type utility struct {
	targets []int // slots
	splits  []utilitySplit
}

// utilitySplit holds one number a target. Skill is R2 for ordered columns and
// 2 AUC - 1 for levels: 1 is perfect, 0 is chance.
type utilitySplit struct {
	realOnReal []float64 // trained on reference rows, tested on others
	dataOnReal []float64 // trained on the data, tested on reference rows
	realOnData []float64 // trained on reference rows, tested on the data
	tested     []int     // rows that realOnReal was tested on
	wobble     []float64 // how much the skill of realOnReal differs by chance, as a standard deviation would
	surprise   []float64 // share of the data's cells that surprise a model of the reference more than 98 in 100 real cells do
	surpriseB  []float64 // the same share of held-out real cells, on a half that did not set the threshold
}

func (v *view) utilities() (*utility, error) {
	return v.utility.get(v.findUtility)
}

func (v *view) findUtility() (*utility, error) {
	u := &utility{targets: v.targets()}
	u.splits = make([]utilitySplit, min(v.effort.costly, len(v.splits)))
	g, ctx := errgroup.WithContext(v.ctx)
	g.SetLimit(max(1, v.in.Jobs))
	for k := range u.splits {
		s := &u.splits[k]
		for _, x := range []*[]float64{&s.realOnReal, &s.dataOnReal, &s.realOnData, &s.wobble, &s.surprise, &s.surpriseB} {
			*x = make([]float64, len(u.targets))
		}
		s.tested = make([]int, len(u.targets))
		rows := v.splits[k]
		d := v.data.codes.Take(head(rows.d, v.effort.forest))
		a := v.ref.codes.Take(head(rows.a, v.effort.forest))
		b := v.ref.codes.Take(head(rows.b, v.effort.forest))
		for t, slot := range u.targets {
			task := v.newTask(slot, uint64(k))
			g.Go(func() error {
				return guarded(func() error {
					real, err := task.real(ctx, v.in.Memory, a, b)
					if err != nil {
						return err
					}
					s.measure(ctx, t, task, real, d, b)
					return ctx.Err()
				})
			})
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return u, nil
}

// head returns every len/n-th of the rows, at most n.
func head(rows []int, n int) []int {
	if len(rows) <= n {
		return rows
	}
	out := make([]int, n)
	for i := range out {
		out[i] = rows[i*len(rows)/n]
	}
	return out
}

// targets returns the slots worth predicting: those most associated with others.
func (v *view) targets() []int {
	var slots []int
	for j, s := range v.space.Slots {
		if s.Card >= 4 && (!s.Nominal || s.Card-2 <= maxClasses) && !v.space.Columns[s.Column].Text() {
			slots = append(slots, j)
		}
	}
	if len(slots) <= v.effort.targets {
		return slots
	}
	strength := v.pairs().strength
	slices.SortStableFunc(slots, func(x, y int) int {
		switch {
		case strength[x] > strength[y]:
			return -1
		case strength[x] < strength[y]:
			return 1
		}
		return x - y
	})
	slots = slots[:v.effort.targets]
	slices.Sort(slots)
	return slots
}

// realSkill is what real rows show of a task.
type realSkill struct {
	forest        *forest.Forest // trained on some of them
	skill, wobble float64        // on others; see utilitySplit
	loss          []float64      // of others
}

// real trains on the rows a of the reference and tests on b. What comes out is kept in m.
func (t *task) real(ctx context.Context, m *cache.Memory, a, b *encode.Codes) (*realSkill, error) {
	key := func() *cache.Key {
		key := cache.NewContentKey("utility")
		for _, n := range []int{t.slot, t.classes, t.trees, len(t.values)} {
			key.Number(uint64(n))
		}
		key.Number(t.seed)
		for _, z := range t.values {
			key.Number(math.Float64bits(z))
		}
		addCodes(key, a)
		addCodes(key, b)
		return key
	}
	return cache.Recall(m, key, func() (*realSkill, error) {
		r := &realSkill{forest: t.train(ctx, a)}
		r.skill, r.loss = t.test(r.forest, b)
		even, odd := halves(b)
		x, _ := t.test(r.forest, even)
		y, _ := t.test(r.forest, odd)
		if r.wobble = math.Abs(x-y) / math.Sqrt2; math.IsNaN(r.wobble) {
			r.wobble = 1 / math.Sqrt(float64(b.N)) // no level occurs often enough in half of the rows
		}
		return r, ctx.Err()
	})
}

func (s *utilitySplit) measure(ctx context.Context, i int, t task, real *realSkill, d, b *encode.Codes) {
	s.realOnReal[i], s.wobble[i] = real.skill, real.wobble
	lossB := real.loss
	s.tested[i] = max(1, len(lossB))
	var lossD []float64
	s.realOnData[i], lossD = t.test(real.forest, d)
	s.dataOnReal[i] = 0 // nothing to learn from is no skill
	if t.known(d).N >= MinRows {
		s.dataOnReal[i], _ = t.test(t.train(ctx, d), b)
	}
	s.surprise[i], s.surpriseB[i] = math.NaN(), math.NaN()
	if len(lossB) >= 2*MinRows && len(lossD) > 0 {
		half := len(lossB) / 2
		limit := stats.Quantile(lossB[:half], 0.98)
		s.surprise[i] = shareAbove(lossD, limit)
		s.surpriseB[i] = shareAbove(lossB[half:], limit)
	}
}

// halves returns every other row of c, and the rest.
func halves(c *encode.Codes) (even, odd *encode.Codes) {
	var rows [2][]int
	for i := range c.N {
		rows[i%2] = append(rows[i%2], i)
	}
	return c.Take(rows[0]), c.Take(rows[1])
}

// chance returns for each target how much the skill of realOnReal differs by chance between
// halves of the test rows: the standard deviation, over the splits.
func (u *utility) chance() []float64 {
	out := make([]float64, len(u.targets))
	for t := range out {
		for _, s := range u.splits {
			// Two halves tell little about their own scatter: half of it is what the rows make one expect.
			out[t] += (square(s.wobble[t]) + 2/float64(s.tested[t])) / 2 / float64(len(u.splits))
		}
		out[t] = math.Sqrt(out[t])
	}
	return out
}

// skillLost returns the share of skill that x has lost against whole: 0 to 1. Of
// little skill even a small difference by chance would be a large share, so it
// is taken of at least solidSkill.
func skillLost(x, whole float64) float64 {
	return max(0, min(1, (whole-x)/max(whole, solidSkill)))
}

func shareAbove(x []float64, limit float64) float64 {
	n := 0
	for _, v := range x {
		if v > limit {
			n++
		}
	}
	return float64(n) / float64(len(x))
}
