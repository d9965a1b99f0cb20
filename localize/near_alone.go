package localize

import (
	"slices"
)

// naturalTwins is the share of the rows of healthy data that are near duplicates of another,
// beside what chance explains: of 313 real tables, few have more.
const naturalTwins = 0.002

// nearAlone tells what near finds in data without a reference.
type nearAlone struct {
	near     *near
	sample   []found // for the rows of the sample
	spacing  *spacings
	patterns *patterns
	odd      int // the column in which rows contradict others that they equal in all else; -1 = none
}

func (w *near) fitAlone() error {
	a := &nearAlone{near: w, odd: -1}
	w.alone = a
	var err error
	if a.sample, err = w.findUnequal(w.view.data); err != nil {
		return err
	}
	a.spacing = fitSpacings(a.sample, len(w.data.at))
	if a.patterns, err = fitPatterns(w.view); err != nil {
		return err
	}
	w.list[nearGroup].null = besides(severityLow, byTheory(1, 1)) // healthy data have as much
	w.list[nearTwin].null = besides(naturalTwins, byTheory(1, 1))
	w.list[nearContradiction].null = besides(a.fitOdd(), byTheory(1, 1))
	return nil
}

// fitOdd chooses the column in which most rows contradict another, and returns the share of the
// rows that differ in just one of the other columns, the one where most do: rows that were put
// together from few others do that in any column.
func (a *nearAlone) fitOdd() float64 {
	count := make([]int, len(a.near.view.names))
	for i := range a.sample {
		if f := &a.sample[i]; a.oneApart(f) > 0 {
			count[f.best().differ]++
		}
	}
	most, next := 0, 0
	for j, n := range count {
		// Contradictions make a column as much harder to tell, for the forest that learns and
		// for the rows that it is asked about.
		consistent := 1 - float64(n)/float64(len(a.sample))
		switch {
		case n > most && a.near.told[j] >= leastSkill*consistent*consistent:
			most, next, a.odd = n, max(next, most), j
		default:
			next = max(next, n)
		}
	}
	return float64(next+1) / float64(len(a.sample)+1)
}

// oneApart returns by how much it is no chance that a row differs from another in one column only,
// as minus the logarithm of a probability; 0 if it does not.
func (a *nearAlone) oneApart(f *found) float64 {
	m := f.best()
	if m.differ < 0 || m.equal < 3 || m.equal != a.near.columns()-1 {
		return 0
	}
	return max(0, a.spacing.surprise(&m))
}

// findUnequal is findOwn for all rows, without the matches that are equal to a row: those
// are for repeats to judge.
func (w *near) findUnequal(r *rows) ([]found, error) {
	if w.alone.sample != nil && r == w.view.data {
		return w.alone.sample, nil
	}
	own, err := w.findOwn(r, someOf(r.n(), r.n()))
	if err != nil {
		return nil, err
	}
	for i, h := range r.hash() {
		own[i].matches = slices.DeleteFunc(own[i].matches, func(m match) bool { return m.rows.hash()[m.at] == h })
	}
	return own, nil
}

// strengths returns how unlikely it is that the best matches of rows beat those after them by so
// much, that they follow templates, and that they contradict another one; and their templates.
func (a *nearAlone) strengths(r *rows, own []found) (out [][]float64, follows []int) {
	out, follows = zeros(len(a.near.list), len(own)), a.patterns.of(r)
	for i := range own {
		f := &own[i]
		out[nearTwin][i] = a.spacing.strength(f, a.near.columns())
		out[nearGroup][i] = a.patterns.strength(follows[i])
		if f.best().differ == a.odd && a.odd >= 0 {
			out[nearContradiction][i] = a.oneApart(f)
		}
	}
	return out, follows
}
