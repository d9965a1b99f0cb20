package localize

import (
	"math"
	"slices"

	"synthos/cache"
	"synthos/encode"
	"synthos/stats"
)

// near is the witness of rows that are too much alike: near duplicates, groups
// made from one template, rows that contradict a row like them, and near copies of
// reference rows; and of those that are like no reference row.
//
// Some rows are alike in any table, most where rows are dense. So a row's best
// match in the data counts against its best match among good rows. Good rows are
// treated the same way: some of them take the part of the data, the others
// stay what they are, in the proportion of the real ones.
type near struct {
	view  *view
	data  *index
	good  *index    // nil in self mode
	slack float64   // distances are not told apart below this
	told  []float64 // by column of the space: how well it can be told from the others
	texts bool      // there is free text, whose distances are those of prose to judge
	list  []*channel
	sieve *nearScreen // of rows beyond the sample; nil = all are heard
	alone *nearAlone  // nil with a reference
}

// The channels of near; those from nearDistance on need a reference.
const (
	nearTwin = iota
	nearGroup
	nearContradiction
	nearDistance
	nearCopy
	nearCopyDistance
	nearFar
)

// fitNear takes how well the columns of the space can be told from the others.
func fitNear(v *view, told []float64) (*near, error) {
	w := &near{view: v, told: told, list: []*channel{
		{name: "near duplicate", dimension: "pattern_repetition", vague: true},
		{name: "template", dimension: "pattern_repetition"},
		{name: "contradiction", dimension: "quality_degradation"},
		{name: "near in space", dimension: "pattern_repetition", vague: true},
		{name: "near copy", dimension: "memorization"},
		{name: "near copy in space", dimension: "memorization", vague: true},
		{name: "unlike all rows", dimension: "quality_degradation", vague: true, rest: true},
	}}
	w.texts = slices.ContainsFunc(v.near.Columns, func(c encode.Column) bool { return c.Text() })
	limit := indexLimit(v.counts.total)
	w.data = newIndex(v, v.data, someOf(v.data.n(), limit))
	if v.good == nil {
		w.list = w.list[:nearDistance]
		return w, w.fitAlone()
	}
	w.good = newIndex(v, v.good, someOf(v.good.n(), limit))
	return w, w.fitNulls()
}

// someOf returns n of the numbers below from, evenly spaced.
func someOf(from, n int) []int {
	n = min(n, from)
	out := make([]int, n)
	for i := range out {
		out[i] = i * from / n
	}
	return out
}

// fitNulls lets good rows play the data.
func (w *near) fitNulls() error {
	v := w.view
	type played struct{ own, other []found }
	key := func() *cache.Key {
		key := v.goodKey("near")
		key.Number(uint64(len(w.data.at)))
		key.Number(uint64(len(w.good.at)))
		return key
	}
	good, err := cache.Recall(v.in.Memory, key, func() (p played, err error) {
		for _, roles := range cast(v.in.Seed, v.good.n(), len(w.data.at), len(w.good.at)) {
			o, err := newIndex(v, v.good, roles.data).find(v.good, roles.data, true)
			if err != nil {
				return p, err
			}
			g, err := newIndex(v, v.good, roles.good).find(v.good, roles.data, false)
			if err != nil {
				return p, err
			}
			p.own, p.other = append(p.own, withoutRows(o)...), append(p.other, withoutRows(g)...)
		}
		return p, nil
	})
	if err != nil {
		return err
	}
	own, other := good.own, good.other
	w.slack = slack(own)
	for k, s := range w.compare(own, other) {
		switch {
		case len(own) == 0:
			w.list[k].null = anything
		case k == nearDistance || k == nearCopyDistance || k == nearFar:
			w.list[k].null = among(s)
		default:
			w.list[k].null = amongWithTail(s)
		}
	}
	return nil
}

// withoutRows forgets which rows the matches are, so that they can be kept when the view is gone.
func withoutRows(f []found) []found {
	for i := range f {
		for k := range f[i].matches {
			f[i].matches[k].rows = nil
		}
	}
	return f
}

// slack returns a twentieth of the median distance between rows that are not equal.
func slack(f []found) float64 {
	var d []float64
	for i := range f {
		if x := float64(f[i].distance); x > 0 && !math.IsInf(x, 0) {
			d = append(d, x)
		}
	}
	if len(d) == 0 {
		return 1e-6
	}
	return stats.Quantile(d, 0.5) / 20
}

// compare returns the strengths of rows with their matches in the data and among
// good rows.
func (w *near) compare(own, good []found) [][]float64 {
	out := zeros(len(w.list), len(own))
	for i := range own {
		o, g := &own[i], &good[i]
		twin, other := o.best(), g.best()
		excess := twin.nats - other.nats
		if w.columns() >= 2*max(twin.equal, other.equal) { // alike in few columns only
			excess = 0
		}
		closer := math.Log((float64(g.distance) + w.slack) / (float64(o.distance) + w.slack))
		if w.texts || math.IsNaN(closer) || math.IsInf(closer, 0) { // or a side has too few rows
			closer = 0
		}
		out[nearTwin][i] = excess
		if w.columns() < 2*twin.equal {
			out[nearGroup][i] = o.group() - g.group()
		}
		if w.contradicts(o) && (twin.rows == nil || twin.rows == w.data.rows) { // in a larger file, a row of that kind is there by chance
			out[nearContradiction][i] = max(0, excess)
		}
		out[nearDistance][i] = closer
		out[nearCopy][i] = -excess
		out[nearCopyDistance][i] = -closer
		if far := math.Log(float64(g.distance)/w.slack + 1); !w.texts && !math.IsInf(far, 0) && !math.IsNaN(far) {
			out[nearFar][i] = far
		}
	}
	return out
}

// contradicts reports whether a row's best match differs from it in just one
// column, and that is one that the others decide.
func (w *near) contradicts(f *found) bool {
	m := f.best()
	return m.differ >= 0 && m.equal >= 3 && m.equal == w.columns()-1 &&
		w.told[m.differ] >= leastSkill && !w.view.space.Columns[m.differ].Text()
}

// columns returns how many columns are compared.
func (w *near) columns() int { return len(w.view.near.Columns) }

func (w *near) channels() []*channel { return w.list }

// findOwn looks up the rows of r at the given places among those of the data.
func (w *near) findOwn(r *rows, at []int) ([]found, error) {
	own, err := w.data.find(r, at, true)
	if err != nil {
		return nil, err
	}
	return own, w.view.kin.improve(r, at, own, len(w.data.at))
}

// findGood looks them up among good rows.
func (w *near) findGood(r *rows, at []int) ([]found, error) { return w.good.find(r, at, false) }

func (w *near) hear(r *rows) (*testimony, error) {
	var own, good []found
	var follows []int // the template of each row, in self mode
	var err error
	t := &testimony{}
	if w.good != nil {
		all := someOf(r.n(), r.n())
		if own, err = w.findOwn(r, all); err != nil {
			return nil, err
		}
		if good, err = w.findGood(r, all); err != nil {
			return nil, err
		}
		t.strengths = w.compare(own, good)
	} else {
		if own, err = w.findUnequal(r); err != nil {
			return nil, err
		}
		t.strengths, follows = w.alone.strengths(r, own)
	}
	for i := range own {
		if r.first(i) {
			t.strengths[nearTwin][i], t.strengths[nearGroup][i] = 0, 0
			if w.good != nil {
				t.strengths[nearDistance][i] = 0
			}
		}
	}
	t.stays = w.stays(r, own, follows)
	t.blame = func(c, i int) []int {
		switch {
		case c == nearContradiction:
			return []int{own[i].best().differ}
		case c == nearFar:
			return w.apart(r, i, good[i].closest)
		}
		return nil
	}
	t.say = func(c, i int) string {
		switch {
		case c == nearGroup && w.alone != nil:
			return w.alone.patterns.say(r, i, follows[i])
		case c == nearFar:
			return w.sayFar(r, i, &good[i])
		case c >= nearCopy:
			return w.sayCopy(c, &good[i])
		}
		return w.say(r, c, i, &own[i])
	}
	return t, nil
}
