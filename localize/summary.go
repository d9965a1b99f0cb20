package localize

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"synthos/verdict"
)

// maxContributors is how many contributors are reported.
const maxContributors = 10

// Severity of the whole, by the share of bad rows: the flagged ones, or what the
// suspicions of all reported rows add up to.
const (
	severityLow    = 0.005 // up to here there is none: healthy data show as much
	severityMedium = 0.02
	severityHigh   = 0.10
)

// localization returns what the pass found.
func (a *accumulator) localization() *verdict.Localization {
	out := &verdict.Localization{
		RowsScored: a.rows, RowsFlagged: a.flagged, Severity: a.severity(),
		TopContributors: a.contributors(), Groups: a.groups(), Flagged: a.flaggedRows(), Kept: a.keptRows(), Rows: quoteWorst(a.worst.sorted()), RowScores: a.rowScores(),
	}
	if out.Rows == nil {
		out.Rows = []verdict.Row{}
	}
	return out
}

func (a *accumulator) severity() string {
	n := float64(max(1, a.rows+a.skipped))
	share := max(float64(a.flagged), float64(a.suspicion)/unit) / n
	switch {
	case share >= severityHigh:
		return "high"
	case share >= severityMedium:
		return "medium"
	case share >= severityLow:
		return "low"
	}
	return "none"
}

// contributors says what flagged rows are charged with, most rows first. The
// damage of a dimension is shared among the contributors to it.
func (a *accumulator) contributors() []verdict.Contributor {
	keys := a.accusations()
	sums := map[string]int64{}
	for _, key := range keys {
		sums[a.dimension(key)] += a.charged[key].suspicion
	}
	slices.SortStableFunc(keys, func(x, y accusation) int {
		return cmp.Compare(a.charged[y].rows, a.charged[x].rows)
	})
	out := []verdict.Contributor{}
	for _, key := range keys[:min(maxContributors, len(keys))] {
		sum := a.charged[key]
		c := verdict.Contributor{
			Columns: []string{},
			Detail:  fmt.Sprintf("%s: %d %s", a.judge.list[key.channel].name, sum.rows, plural(int(sum.rows), "row")),
			Damage:  verdict.Number(a.damage(a.dimension(key)) * float64(sum.suspicion) / float64(sums[a.dimension(key)])),
		}
		if key.column >= 0 {
			c.Columns = []string{a.judge.view.names[key.column]}
		}
		out = append(out, c)
	}
	return out
}

func (a *accumulator) dimension(key accusation) string { return a.judge.list[key.channel].dimension }

// damage returns the damage of a dimension on the common scale of harm, on which
// a score of 65 is 1, NaN if it is unknown.
func (a *accumulator) damage(dimension string) float64 {
	if d := a.judge.view.in.Dimensions; d != nil {
		if found := d.Dimension(dimension); found != nil {
			if score, ok := found.Score.Value(); ok {
				return math.Log(max(1, score)/100) / math.Log(0.65)
			}
		}
	}
	return math.NaN()
}
