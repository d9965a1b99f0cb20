package recommend

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"synthos/dataset"
	"synthos/forest"
)

var relabel = fix{
	kind:  "relabel",
	about: "give flagged rows the level of a column that all their other cells call for, where a forest of the reference is sure of it",
	need: func(v *view) float64 {
		if v.donors == nil || len(v.flagged()) == 0 || len(v.labels()) == 0 {
			return 0
		}
		return v.worst() + 0.001 // before the same rows are dropped
	},
	apply: func(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
		var at []int
		flagged := v.flagged()
		for i, row := range t.RowIDs {
			if row >= 0 && flagged[row] {
				at = append(at, i)
			}
		}
		d := details{mended: map[int64]bool{}}
		out, n := t, map[string]int{}
		copied := map[int]bool{}
		for _, x := range v.relabelled(t.Take(at)) {
			if !copied[x.column] {
				out, _ = withColumn(out, x.column)
				copied[x.column] = true
			}
			c := &out.Columns[x.column]
			if c.Strings != nil {
				c.Strings[at[x.at]] = x.text
			} else {
				c.Floats[at[x.at]] = x.number
			}
			d.mended[t.RowIDs[at[x.at]]] = true
			d.rows = append(d.rows, t.RowIDs[at[x.at]])
			n[v.in.Data.Schema.Fields[x.column].Name]++
		}
		if len(d.rows) == 0 {
			return nil, details{}, false
		}
		for name := range n {
			d.columns = append(d.columns, name)
		}
		slices.Sort(d.columns)
		d.total = max(1, int64(float64(v.in.Localization.RowsFlagged)*float64(len(d.rows))/float64(len(at))+0.5))
		d.title = fmt.Sprintf("Relabel %s rows in %s", count(d.total), strings.Join(d.columns, ", "))
		d.text = fmt.Sprintf("Give them the level that their other cells call for, by what the reference teaches with %.0f %% certainty or more; have up to %d of them looked at.", 100*certain, reviewed)
		return out, d, true
	},
	cost: func(p *Prices, d *details) float64 {
		return p.ReviewedRow*float64(min(d.total, reviewed)) + passing(p, d.total)
	},
	rival: func(v *view, t *dataset.Table, d *details) (*dataset.Table, bool) {
		out, _, ok := without(t, func(row int64) bool { return d.mended[row] })
		return out, ok
	},
}

const (
	certain      = 0.8  // probability from which a level is proposed
	hardlyEver   = 0.05 // that the level which is there may have at most
	mostLabels   = 3    // columns in which rows are relabelled
	mostLevels   = 32   // of such a column
	labelTrees   = 48
	fewestDonors = 200 // reference rows that a forest is worth growing from
)

// label is a column whose levels the reference's other columns tell.
type label struct {
	column int // of the data
	slot   int
	forest *forest.Forest
	donor  []int // of each code, a donor that has it; -1 if there is none
}

// proposal is another level for a cell.
type proposal struct {
	at, column int // row and column of the table
	text       string
	number     float64
}

// labels returns the columns of levels that flagged rows blame most.
func (v *view) labels() []label {
	if v.in.Localization == nil {
		return nil
	}
	n := map[string]int{}
	flagged := v.flagged()
	for i := range v.in.Localization.Rows {
		if r := &v.in.Localization.Rows[i]; flagged[r.Row] && len(r.Columns) > 0 {
			n[r.Columns[0]]++
		}
	}
	var names []string
	for name := range n {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	return v.labelsOf(names)
}

// labelsOf grows a forest for each of the first columns of that name which hold levels.
func (v *view) labelsOf(names []string) []label {
	if v.labelsM != nil || v.donors == nil || v.donors.Rows() < fewestDonors {
		return v.labelsM
	}
	v.labelsM = []label{}
	v.encoded()
	codes := v.space.Codes(v.donors)
	for _, name := range names {
		if len(v.labelsM) == mostLabels {
			break
		}
		for k := range v.space.Columns {
			c := &v.space.Columns[k]
			card := v.space.Slots[c.Slot].Card
			if c.Field.Name != name || !c.Nominal() || card-2 > mostLevels || card < 4 {
				continue
			}
			l := label{column: v.in.Data.Schema.Index(name), slot: c.Slot, donor: slices.Repeat([]int{-1}, card)}
			var rows, y []int
			for i := range codes.N {
				if code := int(codes.Row(i)[c.Slot]); code > 0 && code < card-1 {
					l.donor[code] = i
					rows, y = append(rows, i), append(y, code-1)
				}
			}
			if len(rows) < fewestDonors {
				continue
			}
			part := codes.Take(rows)
			l.forest = forest.TrainClasses(context.Background(), forest.Data{N: part.N, D: part.D, Codes: part.Data, Cards: part.Cards, Nominal: part.Nominal},
				y, card-2, c.Slot, forest.Config{Trees: labelTrees, MaxDepth: 12, MinLeaf: 3, Features: max(2, min(10, part.D/3)), Seed: v.in.Seed})
			v.labelsM = append(v.labelsM, l)
		}
	}
	return v.labelsM
}

// relabelled returns what to write into rows of t in place of a level which the rest of its row
// does not call for, in at most one column a row: where two do not fit, the row is broken.
func (v *view) relabelled(t *dataset.Table) []proposal {
	if t.Rows() == 0 {
		return nil
	}
	codes := v.space.Codes(t)
	data := forest.Data{N: codes.N, D: codes.D, Codes: codes.Data, Cards: codes.Cards, Nominal: codes.Nominal}
	var all []proposal
	n := make([]int, t.Rows())
	for _, l := range v.labelsM {
		k := len(l.donor) - 2
		p := make([]float32, codes.N*k)
		l.forest.PredictClasses(data, p)
		for i := range codes.N {
			own := int(codes.Row(i)[l.slot]) - 1
			q := p[i*k : (i+1)*k]
			best := 0
			for c := range q {
				if q[c] > q[best] {
					best = c
				}
			}
			if own < 0 || own >= k || q[best] < certain || q[own] > hardlyEver || l.donor[best+1] < 0 {
				continue
			}
			n[i]++
			x := proposal{at: i, column: l.column, number: math.NaN()}
			if from := &v.donors.Columns[l.column]; from.Strings != nil {
				x.text = from.Strings[l.donor[best+1]]
			} else {
				x.number = from.Floats[l.donor[best+1]]
			}
			all = append(all, x)
		}
	}
	return slices.DeleteFunc(all, func(x proposal) bool { return n[x.at] > 1 })
}

// Relabelling is another level for a cell.
type Relabelling struct {
	At     int    // row of the table
	Column string // and its column
	Text   string // of a column of strings
	Number float64
	Was    string // the level that stands there
}

// Relabel returns which rows of t, flagged ones with the columns of the data, get
// another level in one of the columns of that name: relabel. It learns from the
// reference at the first call, and may then be called by many goroutines.
func (r *Repairs) Relabel(t *dataset.Table, columns []string) []Relabelling {
	v := r.view
	v.labelsOf(columns)
	var out []Relabelling
	for _, x := range v.relabelled(t) {
		c := &t.Columns[x.column]
		w := Relabelling{At: x.at, Column: t.Schema.Fields[x.column].Name, Text: x.text, Number: x.number}
		if c.Strings != nil {
			w.Was = c.Strings[x.at]
		} else {
			w.Was = fmt.Sprint(c.Floats[x.at])
		}
		out = append(out, w)
	}
	return out
}
