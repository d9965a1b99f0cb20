package recommend

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"synthos/dataset"
	"synthos/encode"
	"synthos/neighbors"
)

var refillColumn = fix{
	kind:  "refill_column",
	about: "fill a column that lost its values (constant, null, unreadable) from the most similar real rows",
	need: func(v *view) float64 {
		if v.donors == nil || len(v.emptied(v.in.Data)) == 0 {
			return 0
		}
		return v.worst()
	},
	apply: func(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
		broken := v.emptied(t)
		if len(broken) == 0 || len(broken) == len(v.columns) || v.donors.Rows() == 0 {
			return nil, details{}, false
		}
		from := v.mostSimilar(t, broken)
		out, d := t, details{total: max(v.in.Rows, int64(v.in.Data.Rows()))}
		for _, j := range broken {
			var c *dataset.Vector
			out, c = withColumn(out, j)
			filled := v.donors.Select([]int{j}).Take(from).Columns[0]
			c.Invalid = nil
			for i, id := range t.RowIDs {
				if id < 0 {
					continue
				}
				c.Null[i] = filled.Null[i]
				if c.Floats != nil {
					c.Floats[i] = filled.Floats[i]
				} else {
					c.Strings[i] = filled.Strings[i]
				}
			}
			d.columns = append(d.columns, v.in.Data.Schema.Fields[j].Name)
		}
		d.title = "Fill " + strings.Join(d.columns, ", ") + " anew"
		d.text = fmt.Sprintf("The values of %s are lost. Generate the column again, or fill it from the real rows that are most similar in the other columns (hot deck), as was done here.", strings.Join(d.columns, ", "))
		return out, d, true
	},
	cost: func(p *Prices, d *details) float64 { return p.ComputeHour + p.GeneratedRow*float64(d.total) },
}

const (
	constant = 0.995 // share of a column's most frequent value from which it is constant
	varied   = 0.90  // and that below which the reference's column is not
	emptied  = 0.50  // share of null or unreadable cells from which a column is lost
)

// emptied returns the columns of t that lost their values: constant, or mostly null
// or unreadable, where the reference's are not.
func (v *view) emptied(t *dataset.Table) []int {
	var out []int
	for _, j := range v.columns {
		d := &t.Columns[j]
		r := &v.in.Reference.Columns[v.twins[j]]
		if topShare(d) >= constant && topShare(r) < varied || nullShare(d) > emptied && nullShare(r) < emptied/2 {
			out = append(out, j)
		}
	}
	return out
}

// topShare returns the share of the most frequent value among the values of c.
func topShare(c *dataset.Vector) float64 {
	n := map[string]int{}
	most, all := 0, 0
	for i, null := range c.Null {
		if !null {
			key := encode.Cell(c, i)
			n[key]++
			all++
			most = max(most, n[key])
		}
	}
	if all == 0 {
		return 0
	}
	return float64(most) / float64(all)
}

func nullShare(c *dataset.Vector) float64 {
	n := 0
	for _, null := range c.Null {
		if null {
			n++
		}
	}
	return float64(n) / float64(max(1, len(c.Null)))
}

// mostSimilar returns for each row of t the donor that is nearest to it in the
// columns that are not broken.
func (v *view) mostSimilar(t *dataset.Table, broken []int) []int {
	skip := map[int]bool{}
	for _, j := range broken {
		skip[j] = true
	}
	names := []string{}
	for _, j := range v.columns {
		if !skip[j] {
			names = append(names, v.in.Data.Schema.Fields[j].Name)
		}
	}
	space := encode.Fit(v.donors, names, t)
	out := make([]int, t.Rows())
	if space.Width == 0 {
		for i := range out {
			out[i] = i % v.donors.Rows()
		}
		return out
	}
	q, x := space.Features(t), space.Features(v.donors)
	idx, _ := neighbors.Nearest(context.Background(), q.Data, q.N, x.Data, x.N, x.D, 1, false, jobs())
	for i := range out {
		out[i] = int(idx[i])
	}
	return out
}
