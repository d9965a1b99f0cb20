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

// task is the prediction of one slot from the others.
type task struct {
	slot    int
	classes int // 0: a number
	values  []float64
	trees   int
	seed    uint64
}

func (v *view) newTask(slot int, seed uint64) task {
	t := task{slot: slot, trees: v.effort.trees, seed: v.in.Seed*1000003 + seed*1009 + uint64(slot)}
	s := v.space.Slots[slot]
	if s.Nominal {
		t.classes = s.Card - 2
		return t
	}
	t.values = v.scores[slot]
	return t
}

// known returns the rows of c whose target is neither null nor invalid.
func (t *task) known(c *encode.Codes) *encode.Codes {
	var rows []int
	last := uint16(c.Cards[t.slot] - 1)
	for i := range c.N {
		if code := c.Data[i*c.D+t.slot]; code != 0 && code != last {
			rows = append(rows, i)
		}
	}
	if len(rows) == c.N {
		return c
	}
	return c.Take(rows)
}

func (t *task) train(ctx context.Context, c *encode.Codes) *forest.Forest {
	c = t.known(c)
	config := forest.Config{Trees: t.trees, MaxDepth: 10, MinLeaf: 3, Seed: t.seed}
	if t.classes > 0 {
		y := make([]int, c.N)
		for i := range y {
			y[i] = int(c.Data[i*c.D+t.slot]) - 1
		}
		return forest.TrainClasses(ctx, forestData(c), y, t.classes, t.slot, config)
	}
	return forest.TrainValues(ctx, forestData(c), t.truth(c), t.slot, config)
}

// truth returns the normal score of each row's target.
func (t *task) truth(c *encode.Codes) []float64 {
	y := make([]float64, c.N)
	for i := range y {
		y[i] = t.values[c.Data[i*c.D+t.slot]]
	}
	return y
}

func forestData(c *encode.Codes) forest.Data {
	return forest.Data{N: c.N, D: c.D, Codes: c.Data, Cards: c.Cards, Nominal: c.Nominal}
}

// test returns the skill of f on the rows of c, and the loss of each row whose
// target is known: the negative log-likelihood, or the squared error.
func (t *task) test(f *forest.Forest, c *encode.Codes) (skill float64, loss []float64) {
	c = t.known(c)
	if c.N < MinRows {
		return math.NaN(), nil
	}
	loss = make([]float64, c.N)
	if t.classes == 0 {
		y, p := t.truth(c), make([]float64, c.N)
		f.PredictValues(forestData(c), p)
		_, variance := stats.MeanVar(y)
		sum := 0.0
		for i := range y {
			loss[i] = (y[i] - p[i]) * (y[i] - p[i])
			sum += loss[i]
		}
		if variance == 0 {
			return math.NaN(), loss
		}
		return 1 - sum/float64(c.N)/variance, loss
	}
	p := make([]float32, c.N*t.classes)
	f.PredictClasses(forestData(c), p)
	for i := range loss {
		y := int(c.Data[i*c.D+t.slot]) - 1
		loss[i] = -math.Log(max(1e-6, float64(p[i*t.classes+y])))
	}
	return t.classSkill(c, p), loss
}

// classSkill returns 2 AUC - 1, one level against the rest, weighted by how
// often a level occurs. Levels that occur fewer than 5 times do not count.
func (t *task) classSkill(c *encode.Codes, p []float32) float64 {
	sum, weight := 0.0, 0.0
	scores, labels := make([]float64, c.N), make([]bool, c.N)
	for k := range t.classes {
		n := 0
		for i := range labels {
			labels[i] = int(c.Data[i*c.D+t.slot])-1 == k
			scores[i] = float64(p[i*t.classes+k])
			if labels[i] {
				n++
			}
		}
		if n < 5 || c.N-n < 5 {
			continue
		}
		w := float64(n) * float64(c.N-n)
		sum += w * (2*stats.AUC(scores, labels) - 1)
		weight += w
	}
	if weight == 0 {
		return math.NaN()
	}
	return sum / weight
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
