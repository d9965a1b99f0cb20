package localize

import (
	"context"
	"math"
	"slices"

	"synthos/encode"
	"synthos/forest"
)

// target is a column to predict.
type target struct {
	slot    int
	classes int
	shares  []float64         // of each class
	skill   float64           // how much of what can be known of the class the forests know, 0-1
	forest  [2]*forest.Forest // nil if there was nothing to learn from
}

// targetSlots returns the slots that are predicted: columns of few levels first,
// which are most likely labels, then an even choice.
func targetSlots(s *encode.Space) []int {
	var labels, others []int
	for j, slot := range s.Slots {
		switch {
		case slot.Card < 4: // null, one value, other
		case slot.Nominal && slot.Card-2 <= surpriseClasses:
			labels = append(labels, j)
		default:
			others = append(others, j)
		}
	}
	room := surpriseTargets - min(len(labels), surpriseTargets*2/3)
	if len(others) > room {
		picked := make([]int, room)
		for i := range picked {
			picked[i] = others[i*len(others)/room]
		}
		others = picked
	}
	slots := slices.Concat(labels[:min(len(labels), surpriseTargets-len(others))], others)
	slices.Sort(slots)
	return slots
}

// class returns the class of a code that is neither null nor invalid.
func (t *target) class(code uint16) int { return min(int(code)-1, t.classes-1) }

// known returns the rows of c whose target is neither null nor invalid.
func (t *target) known(c *encode.Codes) []int {
	var out []int
	last := uint16(c.Cards[t.slot] - 1)
	for i := range c.N {
		if code := c.Data[i*c.D+t.slot]; code != 0 && code != last {
			out = append(out, i)
		}
	}
	return out
}

// classShares returns how often each class occurs, of the rows that have one.
func (t *target) classShares(c *encode.Codes) []float64 {
	out := make([]float64, t.classes)
	rows := t.known(c)
	for _, i := range rows {
		out[t.class(c.Data[i*c.D+t.slot])] += 1 / float64(len(rows))
	}
	return out
}

func (t *target) train(ctx context.Context, c *encode.Codes, trees int, seed uint64) *forest.Forest {
	rows := t.known(c)
	if len(rows) < fewLabelled {
		return nil
	}
	c = c.Take(rows)
	y := make([]int, c.N)
	for i := range y {
		y[i] = t.class(c.Data[i*c.D+t.slot])
	}
	return forest.TrainClasses(ctx, forestData(c), y, t.classes, t.slot, forest.Config{
		Trees: trees, MaxDepth: 12, MinLeaf: 3, Features: max(2, min(surpriseFeatures, c.D/3)),
		Seed: seed*1000003 + uint64(t.slot),
	})
}

func forestData(c *encode.Codes) forest.Data {
	return forest.Data{N: c.N, D: c.D, Codes: c.Data, Cards: c.Cards, Nominal: c.Nominal}
}

// strengths writes how surprising the target of each row of c is to forest h:
// minus the logarithm of the probability of its class or a less probable one. 0
// where it is null, invalid or cannot be predicted. In self mode, where no good
// rows say how surprising rare classes usually are, a class is only held against a row
// as far as the row makes it less probable than it is anyway.
//
// It returns the mean probability that the forest gives to the class that is there.
func (t *target) strengths(h int, c *encode.Codes, self bool, out []float64) (known float64) {
	if t.forest[h] == nil {
		return 0
	}
	rows := t.known(c)
	part := c.Take(rows)
	p := make([]float32, part.N*t.classes)
	t.forest[h].PredictClasses(forestData(part), p)
	for k, i := range rows {
		q := p[k*t.classes : (k+1)*t.classes]
		own, tail := q[t.class(part.Data[k*part.D+t.slot])], 0.0
		for _, x := range q {
			if x <= own {
				tail += float64(x)
			}
		}
		share := 1.0
		if self {
			share = t.shares[t.class(part.Data[k*part.D+t.slot])]
		}
		out[i] = max(0, math.Log(share/max(1e-9, tail)))
		known += float64(own) / float64(len(rows))
	}
	return known
}

// skillOf puts a mean probability of the class that is there between that of a
// guess by the shares alone and certainty.
func (t *target) skillOf(known float64) float64 {
	guess := 0.0
	for _, s := range t.shares {
		guess += s * s
	}
	if guess >= 1 {
		return 0
	}
	return max(0, (known-guess)/(1-guess))
}
