package collapse

import (
	"context"
	"math"

	"synthos/encode"
	"synthos/forest"
	"synthos/stats"
)

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
