package localize

// witness knows one kind of damage.
type witness interface {
	// channels returns its kinds of evidence, with their nulls.
	channels() []*channel
	// hear lets it look at rows. What it says of a row does not depend on the others.
	hear(r *rows) (*testimony, error)
	// screen marks the rows that it has to hear since one of its channels may find
	// them suspicious, and at much less cost tells that it finds the others innocent.
	// It is called once the channels' curves are fitted, from several goroutines.
	screen(r *rows, mark []bool) error
}

// testimony is what a witness says about rows.
type testimony struct {
	strengths [][]float64                  // [channel][row]; larger is more suspicious
	blame     func(channel, row int) []int // columns of the space; nil = none, or all alike
	say       func(channel, row int) string
	stays     func(channel, row int) bool // when the rows that it is like are dropped; nil = no row does
}

// judge is everything that is fitted before the pass.
type judge struct {
	view      *view
	witnesses []witness
	list      []*channel    // of all witnesses, in order
	fitted    *hearing      // of view.data
	at        map[int64]int // where rows stand in fitted, by row number
}

// hearing is all that is said about a run of rows.
type hearing struct {
	judge *judge
	rows  *rows
	said  []*testimony // one a witness; nil if it did not need to hear any row
	// place says where a row stands in what each witness said, -1 if it was found
	// innocent without a hearing. nil if all witnesses heard all rows.
	place [][]int32
}

// of returns where a row stands in what a witness said; false if it said nothing
// of that row.
func (h *hearing) of(witness, row int) (int, bool) {
	if h.place == nil {
		return row, true
	}
	at := int(h.place[witness][row])
	return at, at >= 0
}

// fit fits the witnesses after the whole was studied, and hears them on the sample to learn how suspicious
// their strengths are.
func fit(v *view) (*judge, error) {
	j := &judge{view: v, at: make(map[int64]int, v.data.n())}
	if err := j.summon(); err != nil {
		return nil, err
	}
	var err error
	if j.fitted, err = j.hear(v.data); err != nil {
		return nil, err
	}
	for i, id := range v.data.table.RowIDs {
		j.at[id] = i
	}
	j.fitCurves()
	for _, w := range j.witnesses {
		if p, ok := w.(preparer); ok {
			if err := p.prepare(j); err != nil {
				return nil, err
			}
		}
	}
	return j, v.ctx.Err()
}

// fitCurves learns how suspicious strengths are from those of the sample.
func (j *judge) fitCurves() {
	accused := make([]bool, j.view.data.n())
	var last []func()
	at := 0
	for _, t := range j.fitted.said {
		for _, s := range t.strengths {
			c := j.list[at]
			at++
			if c.null == nil {
				c.null = bulk(s)
			}
			if c.rest {
				last = append(last, func() {
					var open []float64
					for i, x := range s {
						if !accused[i] {
							open = append(open, x)
						}
					}
					c.curve = fitSuspicion(open, c.null)
				})
				continue
			}
			c.curve = fitSuspicion(s, c.null)
			for i, x := range s {
				accused[i] = accused[i] || c.curve.of(x) >= reportAt
			}
		}
	}
	for _, fit := range last {
		fit()
	}
}

// preparer is a witness that prepares its screen when all curves are fitted and
// the judge has heard the sample.
type preparer interface{ prepare(j *judge) error }

// summon fits the witnesses. The order is that of sentences about a row: those who
// can say most precisely what is wrong come first.
func (j *judge) summon() error {
	v := j.view
	surprise, err := fitSurprise(v)
	if err != nil {
		return err
	}
	near, err := fitNear(v, surprise.skills())
	if err != nil {
		return err
	}
	prose, err := fitProse(v)
	if err != nil {
		return err
	}
	networks, err := fitNetworks(v)
	if err != nil {
		return err
	}
	j.witnesses = []witness{fitCells(v), fitRepeats(v), near, prose, surprise, networks}
	for _, w := range j.witnesses {
		j.list = append(j.list, w.channels()...)
	}
	return nil
}

// hear lets all witnesses look at r.
func (j *judge) hear(r *rows) (*hearing, error) {
	h := &hearing{judge: j, rows: r}
	for _, w := range j.witnesses {
		t, err := w.hear(r)
		if err != nil {
			return nil, err
		}
		h.said = append(h.said, t)
	}
	return h, nil
}

// sift screens the rows of r for each witness and lets it hear those that it needs
// to. The scores are those of hear, but for what is below leastAccused.
func (j *judge) sift(r *rows) (*hearing, error) {
	h := &hearing{judge: j, rows: r, place: make([][]int32, len(j.witnesses))}
	mark := make([]bool, r.n())
	for k, w := range j.witnesses {
		clear(mark)
		if err := w.screen(r, mark); err != nil {
			return nil, err
		}
		place, marked := make([]int32, r.n()), []int(nil)
		for i, m := range mark {
			place[i] = -1
			if m {
				place[i] = int32(len(marked))
				marked = append(marked, i)
			}
		}
		h.place[k] = place
		if len(marked) == 0 {
			h.said = append(h.said, nil)
			continue
		}
		part := r
		if len(marked) < r.n() {
			part = r.part(marked)
		}
		t, err := w.hear(part)
		if err != nil {
			return nil, err
		}
		h.said = append(h.said, t)
	}
	return h, nil
}

// all marks every row.
func all(mark []bool) {
	for i := range mark {
		mark[i] = true
	}
}

// zeros returns n slices of m zeros.
func zeros(n, m int) [][]float64 {
	all, out := make([]float64, n*m), make([][]float64, n)
	for i := range out {
		out[i] = all[i*m : (i+1)*m : (i+1)*m]
	}
	return out
}
