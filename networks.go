package synthos

import (
	"context"
	"math"
	"slices"

	"synthos/cascade"
	"synthos/collapse"
	"synthos/encode"
	"synthos/stats"
)

// What a training has shown: training implements collapse.Networks.

// mostHeldOut is how many held-out rows of a table are kept, at most.
const mostHeldOut = 2000

// holdOut keeps rows of the reference that the twins were not trained on, and of the data
// that their networks were not trained on.
func (t *training) holdOut(ref, data cascade.Data) {
	k := len(ref.Cards)
	for n, i := range thinned(t.twins.HeldOut) {
		row := ref.Codes[i*k : (i+1)*k]
		if n%2 == 0 {
			t.direction = append(t.direction, row...)
		} else {
			t.floor = append(t.floor, row...)
		}
	}
	for _, i := range thinned(t.own.HeldOut) {
		t.unseen = append(t.unseen, data.Codes[i*k:(i+1)*k]...)
	}
}

// thinned returns at most mostHeldOut of the rows, evenly.
func thinned(rows []int) []int {
	out := make([]int, min(len(rows), mostHeldOut))
	for n := range out {
		out[n] = rows[n*len(rows)/len(out)]
	}
	return out
}

// leastHeldOut is how many held-out rows must give the direction of the reference's
// gradient, and how many its floor: the direction of few is that of chance.
const leastHeldOut = 50

// Opposed implements collapse.Networks.
func (t *training) Opposed(ctx context.Context, rows *encode.Codes) (share, floor float64, ok bool, err error) {
	k := len(t.slots)
	if t.twins == nil || len(t.floor) < leastHeldOut*k {
		return 0, 0, false, nil
	}
	modelled := make([]uint16, 0, rows.N*k)
	for i := range rows.N {
		for _, j := range t.slots {
			modelled = append(modelled, rows.Row(i)[j])
		}
	}
	opposed := func(codes []uint16) (float64, error) {
		cosines, err := t.twins.Alignment(ctx, codes, len(codes)/k, t.direction, len(t.direction)/k)
		n := 0
		for _, c := range cosines {
			if c < 0 {
				n++
			}
		}
		return float64(n) / float64(len(cosines)), err
	}
	if share, err = opposed(modelled); err != nil {
		return 0, 0, false, err
	}
	floor, err = opposed(t.floor)
	return share, floor, true, err
}

// GradientNoise implements collapse.Networks: the median over the tiny networks,
// since single estimates differ by much.
func (t *training) GradientNoise() (data, reference float64) {
	noise := func(c *cascade.Cascade) float64 {
		var scales []float64
		for _, m := range tinyOf(c) {
			if g := float64(m.Training.GradientNoise); g > 0 && !math.IsInf(g, 0) {
				scales = append(scales, g)
			}
		}
		return stats.Quantile(scales, 0.5)
	}
	return noise(t.own), noise(t.twins)
}

// Gap implements collapse.Networks: the mean over the tiny networks. A network
// learns fewer rows by heart more: what it gains by that falls as one by the rows (as
// in Akaike's criterion, 1974), so the reference's gap is taken to the data's rows.
func (t *training) Gap() (data, reference float64) {
	gap := func(c *cascade.Cascade) float64 {
		sum, n := 0.0, 0.0
		for _, m := range tinyOf(c) {
			if g := m.HeldOutLoss - m.TrainLoss; !m.Training.Diverged && !math.IsNaN(g) {
				sum += g
				n++
			}
		}
		return sum / n
	}
	data, reference = gap(t.own), gap(t.twins)
	if t.twins != nil && t.own.RowsTrained > 0 {
		reference *= max(1, float64(t.twins.RowsTrained)/float64(t.own.RowsTrained))
	}
	return data, reference
}

// tinyOf returns the tiny networks of c, none if c is nil.
func tinyOf(c *cascade.Cascade) []cascade.Member {
	var out []cascade.Member
	if c != nil {
		for _, m := range c.Members {
			if m.Training.Tier == cascade.Tiny {
				out = append(out, m)
			}
		}
	}
	return out
}

// Diverged implements collapse.Networks.
func (t *training) Diverged() float64 {
	n := 0
	for _, m := range t.own.Members {
		if m.Training.Diverged {
			n++
		}
	}
	return float64(n) / float64(len(t.own.Members))
}

// Predictions implements collapse.Networks.
func (t *training) Predictions() (*encode.Codes, *encode.Space) { return t.predictions, t.space }

// scorer returns the networks that tell what a normal row is: those trained on
// the reference, or without one those trained on the data.
func (t *training) scorer() *cascade.Cascade {
	if t.twins != nil {
		return t.twins
	}
	return t.own
}

// partsOfHeldOut is into how many parts held-out rows are split, to see how losses scatter.
const partsOfHeldOut = 10

// Losses implements collapse.Networks. Networks of the data and of the reference are
// compared in pairs of the same seed and mask rate, so that only what they learned from
// makes a difference.
func (t *training) Losses(ctx context.Context) (*collapse.Losses, error) {
	if t.twins == nil {
		return nil, nil
	}
	k := len(t.slots)
	real := append(slices.Clone(t.direction), t.floor...)
	parts := min(partsOfHeldOut, len(real)/k, len(t.unseen)/k)
	if parts < 2 {
		return nil, nil
	}
	var by [3][][][]float64
	for i, ask := range []struct {
		networks *cascade.Cascade
		rows     []uint16
	}{{t.twins, real}, {t.own, real}, {t.twins, t.unseen}} {
		var err error
		if by[i], err = ask.networks.ColumnLosses(ctx, ask.rows, len(ask.rows)/k, parts); err != nil {
			return nil, err
		}
	}
	pairs, lost := 0.0, make([][3][]float64, k) // a part, a number
	for j := range lost {
		for i := range by {
			lost[j][i] = make([]float64, parts)
		}
	}
	for n := range min(len(by[0]), len(by[1])) {
		if by[0][n] == nil || by[1][n] == nil {
			continue
		}
		pairs++
		for j := range lost {
			for i := range by {
				for part, losses := range by[i][n] {
					lost[j][i][part] += losses[j]
				}
			}
		}
	}
	if pairs == 0 {
		return nil, nil
	}
	out := &collapse.Losses{Usual: make([][]float64, t.allSlots), Taught: make([][]float64, t.allSlots), Shown: make([][]float64, t.allSlots)}
	for n, j := range t.slots {
		for i, to := range [][][]float64{out.Usual, out.Taught, out.Shown} {
			for part := range lost[n][i] {
				lost[n][i][part] /= pairs
			}
			to[j] = lost[n][i]
		}
	}
	return out, nil
}
