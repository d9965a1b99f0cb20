package localize

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"golang.org/x/sync/errgroup"

	"synthos/cache"
	"synthos/encode"
	"synthos/forest"
	"synthos/sketch"
)

const (
	surpriseTargets  = 24    // columns that forests predict, at most
	surpriseRows     = 3000  // rows a forest is trained on, at most
	surpriseClasses  = 32    // classes of a target, at most; rarer ones share the last
	surpriseTrees    = 12    // of a forest, at least
	surpriseMore     = 32    // and at most: few targets get more trees each,
	surpriseInAll    = 288   // as long as there are not more than so many for one half of the rows
	surpriseFeatures = 10    // columns tried per split, at most
	fewLabelled      = 20    // fewer rows with a value are not worth a forest
	leastSkill       = 0.1   // columns that are told from the others worse cannot be contradicted
	quiet            = 0.005 // mean suspicion of a channel that accuses (nearly) nobody
)

// surprise is the witness of cells that do not fit the rest of their row: each
// column is predicted from the others by forests trained on good rows, in self
// mode on the data.
//
// There are two forests a column, each trained on one half of the rows. A row that they
// were trained on is asked of the other one, and any other row of the one that
// the hash of its number chooses: so good rows are treated exactly like those of
// the data.
type surprise struct {
	view    *view
	targets []target
	half    map[int64]int       // self mode: by which forest a row is predicted
	list    []*channel          // one a target, and last one for all others together
	quiet   []bool              // targets that accuse nobody by themselves
	first   [][]float64         // strengths of view.data, without the last channel
	ask     []float64           // one a target: the screen marks rows of at least this strength
	screens [][2]*forest.Screen // that find them; nil if there is none to find
}

func fitSurprise(v *view) (*surprise, error) {
	w := &surprise{view: v, half: map[int64]int{}}
	for _, slot := range targetSlots(v.space) {
		w.targets = append(w.targets, target{slot: slot, classes: min(v.space.Slots[slot].Card-2, surpriseClasses)})
		w.list = append(w.list, &channel{name: "surprise", dimension: "quality_degradation"})
	}
	if len(w.targets) == 0 {
		return w, nil
	}
	w.list = append(w.list, &channel{name: "surprise in a column", dimension: "quality_degradation", vague: true})
	good, err := w.trained()
	if err != nil {
		return nil, err
	}
	if w.first == nil {
		if w.first, err = w.strengths(v.data); err != nil {
			return nil, err
		}
	}
	w.quiet = make([]bool, len(w.targets))
	quietOnes := 0
	for i := range w.targets {
		if v.good != nil {
			w.list[i].null = among(good[i])
		} else {
			w.list[i].null = byTheory(1, overconfidence(w.first[i]))
		}
		curve, sum := fitSuspicion(w.first[i], w.list[i].null), 0.0
		for _, s := range w.first[i] {
			sum += curve.of(s)
		}
		if w.quiet[i] = sum < quiet*float64(len(w.first[i])); w.quiet[i] {
			quietOnes++
		}
	}
	last := len(w.targets)
	if v.good != nil {
		w.list[last].null = among(w.rest(good))
	} else {
		w.list[last].null = byTheory(quietOnes, 1)
	}
	return w, nil
}

// trained is train, or what is kept of it: the reference is the same for other data.
func (w *surprise) trained() ([][]float64, error) {
	if w.view.good == nil {
		return w.train()
	}
	type learnt struct {
		targets []target
		good    [][]float64
	}
	key := func() *cache.Key {
		key := w.view.goodKey("surprise")
		for i := range w.targets {
			key.Number(uint64(w.targets[i].slot))
		}
		return key
	}
	of, err := cache.Recall(w.view.in.Memory, key, func() (of learnt, err error) {
		of.good, err = w.train()
		of.targets = w.targets
		return of, err
	})
	w.targets = of.targets
	return of.good, err
}

// train trains the forests and returns the strengths of the rows they were trained
// on. In self mode, if those are all rows of the data, it sets first.
func (w *surprise) train() ([][]float64, error) {
	base := w.view.base()
	var part [2]*encode.Codes
	var halves [2][]int
	rng := rand.New(rand.NewPCG(w.view.in.Seed, 0x5a1f))
	order := rng.Perm(base.n())
	for h := range 2 {
		var half []int
		for k := h; k < len(order); k += 2 {
			half = append(half, order[k])
			if w.view.good == nil {
				w.half[base.table.RowIDs[order[k]]] = 1 - h
			}
		}
		half = half[:min(len(half), surpriseRows)]
		slices.Sort(half)
		halves[h] = half
		part[h] = base.codes().Take(half)
	}
	good, self := zeros(len(w.targets), part[0].N+part[1].N), w.view.good == nil
	trees := min(surpriseMore, max(surpriseTrees, surpriseInAll/len(w.targets)))
	err := w.each(func(ctx context.Context, i int) {
		t := &w.targets[i]
		t.shares = t.classShares(base.codes())
		for h := range 2 {
			t.forest[h] = t.train(ctx, part[h], trees, w.view.in.Seed+uint64(h))
		}
		known := t.strengths(0, part[1], self, good[i][:part[1].N])
		known += t.strengths(1, part[0], self, good[i][part[1].N:])
		t.skill = t.skillOf(known / 2)
	})
	if at := slices.Concat(halves[1], halves[0]); self && len(at) == w.view.data.n() {
		w.first = zeros(len(w.targets), len(at)) // a row is predicted by the forest of the other half there too
		for i := range w.first {
			for k, row := range at {
				w.first[i][row] = good[i][k]
			}
		}
	}
	return good, err
}

// each calls do for every target, side by side.
func (w *surprise) each(do func(ctx context.Context, i int)) error {
	g, ctx := errgroup.WithContext(w.view.ctx)
	g.SetLimit(w.view.in.Jobs)
	for i := range w.targets {
		g.Go(func() error {
			do(ctx, i)
			return ctx.Err()
		})
	}
	return g.Wait()
}

// skills returns how well each column of the space can be told from the others, 0-1.
func (w *surprise) skills() []float64 {
	out := make([]float64, len(w.view.names))
	for i := range w.targets {
		t := &w.targets[i]
		column := w.view.space.Slots[t.slot].Column
		out[column] = max(out[column], t.skill)
	}
	return out
}

// rest returns for each row the strength of the column among the quiet ones
// where it is least to be expected.
func (w *surprise) rest(x [][]float64) []float64 {
	out := make([]float64, len(x[0]))
	for i, s := range x[:len(w.targets)] {
		if !w.quiet[i] {
			continue
		}
		for k := range out {
			if s[k] > 0 {
				out[k] = max(out[k], -math.Log(max(1e-300, w.list[i].null(s[k]))))
			}
		}
	}
	return out
}

// forestOf returns by which forest a row is predicted.
func (w *surprise) forestOf(id int64) int {
	if h, trained := w.half[id]; trained {
		return h
	}
	return int(sketch.Mix(uint64(id)^w.view.in.Seed) & 1)
}

// strengths returns those of the targets' channels.
func (w *surprise) strengths(r *rows) ([][]float64, error) {
	out := zeros(len(w.targets), r.n())
	var half [2][]int
	for i, id := range r.table.RowIDs {
		h := w.forestOf(id)
		half[h] = append(half[h], i)
	}
	part := [2]*encode.Codes{r.codes().Take(half[0]), r.codes().Take(half[1])}
	err := w.each(func(_ context.Context, i int) {
		for h := range 2 {
			got := make([]float64, part[h].N)
			w.targets[i].strengths(h, part[h], w.view.good == nil, got)
			for k, row := range half[h] {
				out[i][row] = got[k]
			}
		}
	})
	return out, err
}

func (w *surprise) channels() []*channel { return w.list }

func (w *surprise) hear(r *rows) (*testimony, error) {
	if len(w.targets) == 0 {
		return &testimony{}, nil
	}
	s := w.first
	if r != w.view.data {
		var err error
		if s, err = w.strengths(r); err != nil {
			return nil, err
		}
	}
	out := make([][]float64, len(w.list))
	copy(out, s)
	out[len(w.targets)] = w.rest(s)
	return &testimony{
		strengths: out,
		blame: func(c, i int) []int {
			return []int{w.view.space.Slots[w.targets[w.blamed(out, c, i)].slot].Column}
		},
		say: func(c, i int) string { return w.say(r, w.blamed(out, c, i), i) },
	}, nil
}

// blamed returns the target that channel c means at row i.
func (w *surprise) blamed(s [][]float64, c, i int) int {
	if c < len(w.targets) {
		return c
	}
	worst, least := 0, math.Inf(1)
	for k := range w.targets {
		if p := w.list[k].null(s[k][i]); w.quiet[k] && p < least {
			worst, least = k, p
		}
	}
	return worst
}

func (w *surprise) say(r *rows, k, i int) string {
	t := &w.targets[k]
	slot := &w.view.space.Slots[t.slot]
	part := r.codes().Take([]int{i})
	p := make([]float32, t.classes)
	t.forest[w.forestOf(r.table.RowIDs[i])].PredictClasses(forestData(part), p)
	mode := 0
	for c := range p {
		if p[c] > p[mode] {
			mode = c
		}
	}
	usual := w.view.space.Level(t.slot, uint16(mode+1))
	if slot.Nominal {
		usual = quote(usual)
		if mode == t.classes-1 && slot.Card-2 > t.classes {
			usual = "another level"
		}
	}
	field := w.view.space.Columns[slot.Column].Field
	value := showCell(field, r.columns[slot.Column], i)
	if w.view.space.Columns[slot.Column].Text() {
		value = w.view.space.Level(t.slot, part.Data[t.slot])
	} else if slot.Nominal {
		value = quote(encode.Cell(r.columns[slot.Column], i))
	}
	if p[mode] >= 0.4 {
		return fmt.Sprintf("%s is %s where %.0f %% of similar rows have %s", slot.Name, value, 100*p[mode], usual)
	}
	code := part.Data[t.slot]
	return fmt.Sprintf("%s is %s, which %.2g %% of similar rows have; most have about %s", slot.Name, value, 100*max(1e-4, p[t.class(code)]), usual)
}
