package recommend

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"synthos/dataset"
)

var dropColumn = fix{
	kind:    "drop_column",
	about:   "leave out a column that holds nothing to learn from",
	nothing: "a score without the column cannot be compared with one that counts it",
	need: func(v *view) float64 {
		if len(v.hollow(v.in.Data)) == 0 {
			return 0
		}
		return v.worst()
	},
	apply: func(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
		columns := v.hollow(t)
		if len(columns) == 0 || len(columns) == len(v.in.Data.Columns) {
			return nil, details{}, false
		}
		hollow := map[int]bool{}
		d := details{total: max(v.in.Rows, int64(v.in.Data.Rows()))}
		for _, j := range columns {
			hollow[j] = true
			d.columns = append(d.columns, v.in.Data.Schema.Fields[j].Name)
		}
		var keep []int
		for j := range t.Columns {
			if !hollow[j] {
				keep = append(keep, j)
			}
		}
		names := strings.Join(d.columns, ", ")
		d.title = "Leave out " + names
		d.text = fmt.Sprintf("Nothing can be learnt from %s: constant, or mostly null or unreadable. Train without, if it cannot be had anew.", names)
		return t.Select(keep), d, true
	},
	cost: func(p *Prices, d *details) float64 { return passing(p, d.total) },
}

// hollow returns the columns of t that are constant, or mostly null or unreadable,
// where the reference's are not or there is none.
func (v *view) hollow(t *dataset.Table) []int {
	if v.donors != nil {
		return v.emptied(t)
	}
	var out []int
	for _, j := range v.columns {
		if c := &t.Columns[j]; topShare(c) >= constant || nullShare(c) > emptied {
			out = append(out, j)
		}
	}
	return out
}
