package localize

import (
	"cmp"
	"math"
	"slices"

	"synthos/encode"
	"synthos/forest"
)

const (
	// shareAsked is the share of the rows that forests are asked about in full though
	// no channel accuses anybody: those that fit least in the columns that are
	// told best, so that the order of their scores means something.
	shareAsked   = 0.01
	targetsAsked = 4
)

// prepare finds from which strength of each target on a row has to be heard: where
// the target's own channel accuses, where the channel of the quiet ones does, and
// for the rows that fit least.
func (w *surprise) prepare(*judge) error {
	w.ask = make([]float64, len(w.targets))
	if len(w.targets) == 0 {
		return nil
	}
	last := w.list[len(w.targets)].from()
	best := w.best(targetsAsked)
	odd := w.oddest(best, shareAsked)
	if odd < 1 {
		odd = math.Inf(1) // nothing surprises anybody
	}
	for k := range w.targets {
		w.ask[k] = w.list[k].from()
		if w.quiet[k] && !math.IsInf(last, 1) {
			w.ask[k] = min(w.ask[k], leastOf(w.first[k], w.list[k].null, last))
		}
	}
	for _, k := range best {
		w.ask[k] = min(w.ask[k], odd)
	}
	w.screens = make([][2]*forest.Screen, len(w.targets))
	for k := range w.targets {
		for h, f := range w.targets[k].forest {
			if f != nil && !math.IsInf(w.ask[k], 1) {
				w.screens[k][h] = f.Screen(w.targets[k].limits(w.view.good == nil, w.ask[k]))
			}
		}
	}
	return nil
}

// limits returns for each class up to which probability it may have at least the strength from.
func (t *target) limits(self bool, from float64) []float64 {
	out := make([]float64, t.classes)
	for class := range out {
		out[class] = math.Exp(-from) * (1 + 1e-5)
		if self {
			out[class] *= t.shares[class]
		}
	}
	return out
}

// best returns at most n of the targets that can be told from the other columns, those told best.
func (w *surprise) best(n int) []int {
	var out []int
	for k := range w.targets {
		if w.targets[k].skill >= leastSkill {
			out = append(out, k)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(w.targets[b].skill, w.targets[a].skill) })
	return out[:min(n, len(out))]
}

// oddest returns the strength that a share of the sample has in at least one of
// the targets.
func (w *surprise) oddest(targets []int, share float64) float64 {
	most := make([]float64, len(w.first[0]))
	for _, k := range targets {
		for i, x := range w.first[k] {
			most[i] = max(most[i], x)
		}
	}
	slices.Sort(most)
	return most[int((1-share)*float64(len(most)-1))]
}

// leastOf returns a strength below which minus the logarithm of the null stays
// below weight; +Inf if no strength reaches it.
func leastOf(seen []float64, n null, weight float64) float64 {
	reaches := func(s float64) bool { return -math.Log(max(1e-300, n(s))) >= weight }
	hi := slices.Max(seen) + 1
	for !reaches(hi) {
		if hi *= 2; hi > 1e6 {
			return math.Inf(1)
		}
	}
	lo := 0.0
	for range 60 { // the null falls as the strength grows
		if m := lo + (hi-lo)/2; reaches(m) {
			hi = m
		} else {
			lo = m
		}
	}
	return lo
}

// screen marks the rows that have a cell of at least the strength from which they
// are asked about.
func (w *surprise) screen(r *rows, mark []bool) error {
	if len(w.targets) == 0 {
		return nil
	}
	codes, half := r.codes(), make([]int8, r.n())
	for i, id := range r.table.RowIDs {
		half[i] = int8(w.forestOf(id))
	}
	for k := range w.targets {
		for h := range w.screens[k] {
			for _, i := range w.surprising(k, h, codes, half) {
				mark[i] = true
			}
		}
		if err := w.view.ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// surprising returns the rows of c, of those that forest h predicts, whose strength in
// target k is enough to be heard; half says which forest predicts a row. Most
// rows are left out since their class alone is too probable: it bounds the
// probability of the class and all less probable ones together.
func (w *surprise) surprising(k, h int, c *encode.Codes, half []int8) []int {
	if w.screens[k][h] == nil {
		return nil
	}
	t := &w.targets[k]
	y, last := make([]int32, c.N), uint16(c.Cards[t.slot]-1)
	for i := range y {
		y[i] = -1
		if code := c.Data[i*c.D+t.slot]; int(half[i]) == h && code != 0 && code != last {
			y[i] = int32(t.class(code))
		}
	}
	at := w.screens[k][h].Improbable(forestData(c), y)
	strengths := make([]float64, len(at))
	t.strengths(h, c.Take(at), w.view.good == nil, strengths)
	out := at[:0]
	for n, i := range at {
		if strengths[n] >= w.ask[k] {
			out = append(out, i)
		}
	}
	return out
}
