package synthos

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"synthos/dataset"
	"synthos/verdict"
)

// withheld stands where a raw value, or a sentence that may quote one, would be.
const withheld = "withheld (--sensitive)"

// withhold takes every raw value of the data out of r: cells, levels, extremes,
// quantiles, examples, and every sentence that may quote one. Names of columns,
// row numbers, counts, shares and scores stay. Sentences are not searched for
// values: each is replaced by one that is made of what stays.
func withhold(r *verdict.Result) {
	nan := verdict.Number(math.NaN())
	if l := r.Load; l != nil {
		for i, c := range l.Columns {
			l.Columns[i] = verdict.Column{
				Name: c.Name, Kind: c.Kind, Type: c.Type, KindEvidence: withheld, Nulls: c.Nulls, Invalid: c.Invalid,
				Distinct: c.Distinct, DistinctIs: c.DistinctIs, Min: nan, Max: nan, Mean: nan, SD: nan,
			}
		}
		for i := range l.Findings {
			l.Findings[i].Message = withheld
		}
	}
	if c := r.Collapse; c != nil {
		for i := range c.Dimensions {
			d := &c.Dimensions[i]
			d.Reason = plainReason(d)
			withholdContributors(d.Contributors)
			for k := range d.Warnings {
				d.Warnings[k] = withheld
			}
		}
	}
	if l := r.Localization; l != nil {
		withholdContributors(l.TopContributors)
		for i := range l.Rows {
			row := &l.Rows[i]
			row.Cells = nil
			row.Reason = "hurts " + list(row.Dimensions)
			if len(row.Columns) > 0 {
				row.Reason += "; look at " + list(row.Columns)
			}
		}
	}
	for i := range r.Recommendations {
		f := &r.Recommendations[i]
		f.Title, f.Detail = words(f.Kind), withheld
		if len(f.Columns) > 0 {
			f.Title += " of " + list(f.Columns)
		}
	}
	withholdComparison(r.Comparison)
	for i := range r.Stages {
		if r.Stages[i].Error != "" {
			r.Stages[i].Error = withheld
		}
	}
}

// plainReason says what hurts a dimension in terms of its statistics alone.
func plainReason(d *verdict.Dimension) string {
	var worst *verdict.Statistic
	for i := range d.Statistics {
		if s := &d.Statistics[i]; s.Damage > 0 && (worst == nil || s.Damage > worst.Damage) {
			worst = s
		}
	}
	if worst == nil {
		return "nothing beyond the noise floor"
	}
	return fmt.Sprintf("most damage by %s: %.3g, noise floor %.3g", words(worst.Name), float64(worst.Value), float64(worst.Floor))
}

func withholdContributors(list []verdict.Contributor) {
	for i := range list {
		list[i].Detail = withheld
	}
}

func withholdComparison(c *verdict.Comparison) {
	if c == nil {
		return
	}
	numbered := func(n int, what string) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = fmt.Sprintf("%s %d", what, i+1)
		}
		return out
	}
	for i := range c.Columns {
		col := &c.Columns[i]
		for k := range col.Edges {
			col.Edges[k] = verdict.Number(math.NaN())
		}
		if col.Levels != nil {
			col.Levels = numbered(len(col.Levels), "level")
		}
		for k := range col.Lost {
			col.Lost[k].Level = "a level"
		}
	}
	for i := range c.Pairs {
		p := &c.Pairs[i]
		p.XGroups, p.YGroups = numbered(len(p.XGroups), "group"), numbered(len(p.YGroups), "group")
	}
}

func list(names []string) string {
	if len(names) == 0 {
		return "the result"
	}
	return strings.Join(names, ", ")
}

// withheldError keeps of an error about data what holds no value of them, if
// the options say so: the place, and what to do.
func withheldError(o *Orchestrator, err error) error {
	var e *dataset.Error
	if !o.Sensitive || !errors.As(err, &e) {
		return err
	}
	found := e.Found
	if e.Row >= 0 || e.Column != "" { // about a cell: it may be quoted
		found = "something is wrong here; what it is is " + withheld
	}
	return &dataset.Error{Path: e.Path, Row: e.Row, Offset: e.Offset, Column: e.Column, Found: found, Do: e.Do}
}
