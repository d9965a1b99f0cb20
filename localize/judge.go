package localize

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"synthos/verdict"
)

// witness knows one kind of damage.
type witness interface {
	// channels returns its kinds of evidence, with their nulls.
	channels() []*channel
	// hear lets it look at rows. What it says of a row does not depend on the others.
	hear(r *rows) (*testimony, error)
}

// testimony is what a witness says about rows.
type testimony struct {
	strengths [][]float64                  // [channel][row]; larger is more suspicious
	blame     func(channel, row int) []int // columns of the space; nil = none, or all alike
	say       func(channel, row int) string
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
	said  []*testimony // one a witness
}

// fit fits the witnesses, and hears them on the sample to learn how suspicious
// their strengths are.
func fit(v *view, counts *repeatCounts) (*judge, error) {
	j := &judge{view: v, at: make(map[int64]int, v.data.n())}
	if err := j.summon(counts); err != nil {
		return nil, err
	}
	var err error
	if j.fitted, err = j.hear(v.data); err != nil {
		return nil, err
	}
	for i, id := range v.data.table.RowIDs {
		j.at[id] = i
	}
	at := 0
	for _, t := range j.fitted.said {
		for _, s := range t.strengths {
			c := j.list[at]
			if c.null == nil {
				c.null = bulk(s)
			}
			c.curve = fitSuspicion(s, c.null)
			at++
		}
	}
	return j, v.ctx.Err()
}

// summon fits the witnesses. The order is that of sentences about a row: those who
// can say most precisely what is wrong come first.
func (j *judge) summon(counts *repeatCounts) error {
	v := j.view
	surprise, err := fitSurprise(v)
	if err != nil {
		return err
	}
	near, err := fitNear(v, counts.total, surprise.predictable())
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
	j.witnesses = []witness{fitCells(v), fitRepeats(v, counts), near, prose, surprise, networks}
	for _, w := range j.witnesses {
		j.list = append(j.list, w.channels()...)
	}
	return nil
}

// hear lets all witnesses look at r.
func (j *judge) hear(r *rows) (*hearing, error) {
	h := &hearing{judge: j}
	for _, w := range j.witnesses {
		t, err := w.hear(r)
		if err != nil {
			return nil, err
		}
		h.said = append(h.said, t)
	}
	return h, nil
}

// charge is what one channel holds against a row.
type charge struct {
	witness, channel int // of the witness
	at               int // in judge.list
	suspicion        float64
	weight           float64 // minus the logarithm of the chance of it among good rows
}

const (
	// Most of the score is the suspicion; the rest only ranks rows of the same
	// suspicion, by how far they are out.
	shareSuspicion = 0.98
	shareWeight    = 0.019
	shareRest      = 0.001
)

// score returns the suspicion of a row, 0-1, and what it is charged with, worst first.
//
// A witness counts by its most suspicious channel; different witnesses count as
// independent of each other.
func (h *hearing) score(row int) (float64, []charge) {
	innocent, evidence, rest, at := 1.0, 0.0, 0.0, 0
	var charges []charge
	for w, t := range h.said {
		worst := 0.0
		for k, s := range t.strengths {
			c := h.judge.list[at]
			suspect, weight := c.curve.of(s[row]), -math.Log(max(1e-300, c.null(s[row])))
			if suspect > 0 {
				charges = append(charges, charge{w, k, at, suspect, weight})
			}
			worst = max(worst, suspect)
			evidence += suspect * min(weight, 100)
			rest = max(rest, weight)
			at++
		}
		innocent *= 1 - worst
	}
	slices.SortStableFunc(charges, func(a, b charge) int {
		return cmp.Or(cmp.Compare(b.suspicion, a.suspicion), cmp.Compare(b.weight, a.weight))
	})
	score := shareSuspicion*(1-innocent) + shareWeight*(1-math.Exp(-evidence/10)) + shareRest*(1-math.Exp(-rest/10))
	return score, charges
}

// report describes a row by its charges: of each witness the worst one, if it
// counts beside the worst of all.
func (h *hearing) report(row int, id int64, score float64, charges []charge) verdict.Row {
	out := verdict.Row{Row: id, Score: score, Severity: severityOf(score), Dimensions: []string{}, Columns: []string{}}
	var reasons []string
	for _, c := range h.leading(charges) {
		if d := h.judge.list[c.at].dimension; !slices.Contains(out.Dimensions, d) { // one sentence each
			out.Dimensions = append(out.Dimensions, d)
			reasons = append(reasons, h.said[c.witness].say(c.channel, row))
		}
		for _, column := range h.columns(c, row) {
			if name := h.judge.view.names[column]; !slices.Contains(out.Columns, name) {
				out.Columns = append(out.Columns, name)
			}
		}
	}
	out.Reason = strings.Join(reasons, "; ")
	return out
}

// leading returns of each witness the worst charge, if it is at least half as
// suspicious as the worst of all: the most suspicious first, about equal ones in
// the order of the witnesses, of which the first can say most precisely what is wrong.
func (h *hearing) leading(charges []charge) []charge {
	var out []charge
	for _, c := range charges {
		if c.suspicion >= charges[0].suspicion/2 && !slices.ContainsFunc(out, func(o charge) bool { return o.witness == c.witness }) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b charge) int {
		return cmp.Or(cmp.Compare(math.Round(10*b.suspicion), math.Round(10*a.suspicion)), cmp.Compare(a.witness, b.witness))
	})
	return out
}

func (h *hearing) columns(c charge, row int) []int {
	if t := h.said[c.witness]; t.blame != nil {
		return t.blame(c.channel, row)
	}
	return nil
}

// severityOf grades the score of a row that is reported.
func severityOf(score float64) string {
	switch {
	case score >= 0.95:
		return "high"
	case score >= FlagAt:
		return "medium"
	}
	return "low"
}

// zeros returns n slices of m zeros.
func zeros(n, m int) [][]float64 {
	all, out := make([]float64, n*m), make([][]float64, n)
	for i := range out {
		out[i] = all[i*m : (i+1)*m : (i+1)*m]
	}
	return out
}
