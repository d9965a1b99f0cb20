package localize

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"golang.org/x/sync/errgroup"

	"synthos/encode"
	"synthos/forest"
	"synthos/sketch"
)

const (
	surpriseTargets  = 24   // columns that forests predict, at most
	surpriseRows     = 3000 // rows a forest is trained on, at most
	surpriseClasses  = 32   // classes of a target, at most; rarer ones share the last
	surpriseTrees    = 20
	surpriseFeatures = 16    // columns tried per split, at most
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
	half    map[int64]int // self mode: by which forest a row is predicted
	list    []*channel    // one a target, and last one for all others together
	quiet   []bool        // targets that accuse nobody by themselves
	first   [][]float64   // strengths of view.data, without the last channel
}

// target is a column to predict.
type target struct {
	slot    int
	classes int
	shares  []float64         // of each class
	skill   float64           // how much of what can be known of the class the forests know, 0-1
	forest  [2]*forest.Forest // nil if there was nothing to learn from
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
	w.list = append(w.list, &channel{name: "surprise in a column", dimension: "quality_degradation"})
	good, err := w.train()
	if err != nil {
		return nil, err
	}
	if w.first, err = w.strengths(v.data); err != nil {
		return nil, err
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

// train trains the forests and returns the strengths of the rows they were trained on.
func (w *surprise) train() ([][]float64, error) {
	base := w.view.base()
	var part [2]*encode.Codes
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
		part[h] = base.codes.Take(half)
	}
	good, self := zeros(len(w.targets), part[0].N+part[1].N), w.view.good == nil
	err := w.each(func(ctx context.Context, i int) {
		t := &w.targets[i]
		t.shares = t.classShares(base.codes)
		for h := range 2 {
			t.forest[h] = t.train(ctx, part[h], w.view.in.Seed+uint64(h))
		}
		known := t.strengths(0, part[1], self, good[i][:part[1].N])
		known += t.strengths(1, part[0], self, good[i][part[1].N:])
		t.skill = t.skillOf(known / 2)
	})
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

func (t *target) train(ctx context.Context, c *encode.Codes, seed uint64) *forest.Forest {
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
		Trees: surpriseTrees, MaxDepth: 12, MinLeaf: 3, Features: max(2, min(surpriseFeatures, c.D/3)),
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

// predictable returns which columns of the space can be told from the others.
func (w *surprise) predictable() map[int]bool {
	out := map[int]bool{}
	for i := range w.targets {
		if t := &w.targets[i]; t.skill >= leastSkill {
			out[w.view.space.Slots[t.slot].Column] = true
		}
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
	part := [2]*encode.Codes{r.codes.Take(half[0]), r.codes.Take(half[1])}
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
	part := r.codes.Take([]int{i})
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
