// Package baseline compares a result with an earlier one: did the data get worse
// since?
package baseline

import (
	"fmt"
	"math"

	"synthos/verdict"
)

// Compare returns how after differs from before, whose report is at path. A score
// fell if it lost more than drop points, or if it was measured and is not any
// more. Compare changes neither.
func Compare(path string, before, after *verdict.Result, drop float64) *verdict.Baseline {
	b := &verdict.Baseline{Path: path, Data: before.Config.Data, Drop: drop, Changes: []verdict.Change{}}
	unknown := verdict.Interval{Low: verdict.Number(math.NaN()), High: verdict.Number(math.NaN())}
	overall := func(r *verdict.Result) verdict.Interval {
		if r.Collapse != nil {
			return r.Collapse.Interval
		}
		return unknown
	}
	b.Changes = append(b.Changes,
		change("collapse_score", before.CollapseScore, after.CollapseScore, overall(before), overall(after), drop),
		change("diversity_score", before.DiversityScore, after.DiversityScore, unknown, unknown, drop))
	for _, name := range names(before, after) {
		x, y := dimension(before, name), dimension(after, name)
		b.Changes = append(b.Changes, change(name, x.Score, y.Score, x.Interval, y.Interval, drop))
	}
	for _, c := range b.Changes {
		b.Regressed = b.Regressed || c.Fell
	}
	note := func(what, x, y string) {
		if x != y {
			b.Notes = append(b.Notes, fmt.Sprintf("%s differs: it was %s, now it is %s", what, named(x), named(y)))
		}
	}
	note("the mode", before.Config.Mode, after.Config.Mode)
	note("the reference", before.Config.Reference, after.Config.Reference)
	note("the version of synthos", before.Version, after.Version)
	note("the preset", before.Config.Preset, after.Config.Preset)
	return b
}

func named(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// change compares two scores with their intervals.
func change(name string, before, after verdict.Score, in, now verdict.Interval, drop float64) verdict.Change {
	c := verdict.Change{Name: name, Before: before, After: after, Difference: verdict.Number(math.NaN())}
	x, had := before.Value()
	y, has := after.Value()
	switch {
	case had && has:
		c.Difference = verdict.Number(math.Round((y-x)*100) / 100)
		c.Fell = x-y > drop
		c.Overlap = in.Low <= now.High && now.Low <= in.High // false if one is unknown
	case had:
		c.Fell, c.Why = true, "not measured any more: "+after.WhyNull()
	case has:
		c.Why = "was not measured before"
	default:
		c.Why = "measured in neither"
	}
	return c
}

// names lists the dimensions of both, in order.
func names(results ...*verdict.Result) []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range results {
		if r.Collapse == nil {
			continue
		}
		for _, d := range r.Collapse.Dimensions {
			if !seen[d.Name] {
				seen[d.Name] = true
				out = append(out, d.Name)
			}
		}
	}
	return out
}

// dimension returns a dimension of r; one that is not there is not measured.
func dimension(r *verdict.Result, name string) verdict.Dimension {
	if r.Collapse != nil {
		if d := r.Collapse.Dimension(name); d != nil {
			return *d
		}
	}
	nan := verdict.Number(math.NaN())
	return verdict.Dimension{Name: name, Score: verdict.Unmeasured("the report has no such dimension"), Interval: verdict.Interval{Low: nan, High: nan}}
}
