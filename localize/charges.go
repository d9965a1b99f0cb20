package localize

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"synthos/verdict"
)

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
		place, heard := h.of(w, row)
		if !heard {
			at += len(h.judge.witnesses[w].channels())
			continue
		}
		worst := 0.0
		for k, s := range t.strengths {
			c := h.judge.list[at]
			suspect, weight := c.curve.of(s[place]), -math.Log(max(1e-300, c.null(s[place])))
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

// report describes a row by what it is charged with most.
func (h *hearing) report(row int, id int64, score float64, charges []charge) verdict.Row {
	out := verdict.Row{Row: id, Score: score, Severity: severityOf(score), Dimensions: []string{}, Columns: []string{}}
	var reasons []string
	for _, c := range h.leading(charges) {
		if d := h.dimension(c); !slices.Contains(out.Dimensions, d) { // one sentence each
			out.Dimensions = append(out.Dimensions, d)
			place, _ := h.of(c.witness, row)
			reasons = append(reasons, h.said[c.witness].say(c.channel, place))
		}
		for _, column := range h.columns(c, row) {
			if name := h.judge.view.names[column]; !slices.Contains(out.Columns, name) {
				out.Columns = append(out.Columns, name)
			}
		}
	}
	out.Reason = strings.Join(reasons, "; ")
	out.Cells = h.cells(row, out.Columns)
	return out
}

// leading returns of each witness the worst charge in each dimension, if it is at
// least half as suspicious as the worst of all, the most suspicious first. A vague
// charge leads only if it is much more suspicious than others of its witness. Of about
// equal charges of different witnesses, those of the first come first: they can
// say most precisely what is wrong.
func (h *hearing) leading(charges []charge) []charge {
	vague := func(c charge) bool { return h.judge.list[c.at].vague }
	rank := func(c charge) float64 {
		if vague(c) {
			return c.suspicion - 0.1
		}
		return c.suspicion
	}
	ranked := slices.Clone(charges)
	slices.SortStableFunc(ranked, func(a, b charge) int { return cmp.Compare(rank(b), rank(a)) })
	var out []charge
	for _, c := range ranked {
		said := slices.ContainsFunc(out, func(o charge) bool {
			return o.witness == c.witness && (h.dimension(o) == h.dimension(c) || vague(c))
		})
		if c.suspicion >= charges[0].suspicion/2 && !said {
			out = append(out, c)
		}
	}
	about := func(c charge) float64 { return math.Round(10 * c.suspicion) }
	slices.SortStableFunc(out, func(a, b charge) int {
		return cmp.Or(cmp.Compare(about(b), about(a)), cmp.Compare(a.witness, b.witness))
	})
	return out
}

func (h *hearing) dimension(c charge) string { return h.judge.list[c.at].dimension }

func (h *hearing) columns(c charge, row int) []int {
	if t := h.said[c.witness]; t.blame != nil {
		place, _ := h.of(c.witness, row)
		return t.blame(c.channel, place)
	}
	return nil
}

// stays reports whether a row stays when rows are dropped: it is charged with nothing but being like
// others, and those go.
func (h *hearing) stays(leads []charge, row int) bool {
	return !slices.ContainsFunc(leads, func(c charge) bool {
		t := h.said[c.witness]
		place, _ := h.of(c.witness, row)
		return t.stays == nil || !t.stays(c.channel, place)
	})
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
