package localize

import (
	"cmp"
	"fmt"
	"slices"

	"synthos/verdict"
)

const (
	maxGroups   = 20  // groups that are reported
	groupRows   = 100 // rows of a group that are reported
	clustered   = 0.2 // share of the file that a group may span to be said to be in one place
	fewTogether = 5   // fewer rows may be in one place by chance
	manyAlike   = 5   // from how many equal rows on they are a group of their own
)

// groups returns the flagged rows by what they are charged with most, the rows that
// stand most often, and the stretches of the file that drift.
func (a *accumulator) groups() []verdict.RowGroup {
	out := []verdict.RowGroup{}
	for _, key := range a.accusations() {
		sum, c := a.charged[key], a.judge.list[key.channel]
		g := verdict.RowGroup{
			Cause: c.name, Dimension: c.dimension, Columns: []string{}, RowsTotal: sum.rows,
			Rows: sum.first, From: sum.first[0], To: sum.last,
		}
		g.Detail = c.name
		if key.column >= 0 {
			g.Columns = []string{a.judge.view.names[key.column]}
			g.Detail += " in " + g.Columns[0]
		}
		g.Detail += fmt.Sprintf(": %d %s", sum.rows, plural(int(sum.rows), "row"))
		if span := g.To - g.From + 1; sum.rows >= fewTogether && float64(span) <= clustered*float64(a.rows) {
			g.Detail += fmt.Sprintf(", all between rows %d and %d", g.From, g.To)
		}
		out = append(out, g)
	}
	out = append(out, a.alike()...)
	out = append(out, a.judge.view.drifts()...)
	slices.SortStableFunc(out, func(x, y verdict.RowGroup) int {
		return cmp.Or(cmp.Compare(y.RowsTotal, x.RowsTotal), cmp.Compare(x.From, y.From), cmp.Compare(x.Cause, y.Cause))
	})
	return out[:min(len(out), maxGroups)]
}

// alike returns the rows that stand most often, if repeats are suspicious here.
func (a *accumulator) alike() []verdict.RowGroup {
	var out []verdict.RowGroup
	for _, w := range a.judge.witnesses {
		w, ok := w.(*repeats)
		if !ok || !accuses(w.list[:1]) {
			continue
		}
		for _, r := range w.counts.rows {
			if r.count < manyAlike {
				continue
			}
			out = append(out, verdict.RowGroup{
				Detail: fmt.Sprintf("row %d stands %d times", r.first, r.count), Cause: w.list[0].name, Dimension: w.list[0].dimension,
				Columns: []string{}, RowsTotal: r.count - 1, Rows: []int64{r.first}, From: r.first, To: r.first,
			})
		}
	}
	slices.SortFunc(out, func(x, y verdict.RowGroup) int {
		return cmp.Or(cmp.Compare(y.RowsTotal, x.RowsTotal), cmp.Compare(x.From, y.From))
	})
	return out[:min(len(out), maxGroups/4)]
}
