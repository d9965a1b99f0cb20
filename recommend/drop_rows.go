package recommend

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"

	"synthos/dataset"
)

var dropRows = fix{
	kind:  "drop_rows",
	about: "drop the rows that localization blames",
	need: func(v *view) float64 {
		l := v.in.Localization
		if l == nil || len(v.flagged()) == 0 || float64(v.toDrop()) > mostDropped*float64(l.RowsScored) {
			return 0
		}
		return v.worst()
	},
	apply: func(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
		flagged := v.flagged()
		if len(v.mended) > 0 {
			flagged = maps.Clone(flagged)
			maps.DeleteFunc(flagged, func(row int64, _ bool) bool { return v.mended[row] })
		}
		out, n, ok := without(t, func(row int64) bool { return flagged[row] })
		if share := float64(n) / float64(t.Rows()); !ok || share < fewestDropped || share > mostDropped {
			return nil, details{}, false
		}
		l := v.in.Localization
		d := details{total: v.toDrop(), columns: v.blamed(), dropped: flagged}
		if in := v.inSample(v.flagged()); in > 0 { // what the plan drops already does not count
			d.total = v.toDrop() * int64(len(v.still(v.in.Data, flagged))) / int64(in)
		}
		for i := range l.Rows {
			if row := l.Rows[i].Row; flagged[row] && !v.isGone(row) {
				d.rows = append(d.rows, l.Rows[i].Row)
			}
		}
		d.change = -d.total
		d.title = "Drop " + several(int(d.total), "damaged row")
		d.text = fmt.Sprintf("Quarantine the flagged rows and look at up to %d of them", reviewed)
		if len(l.Rows) > 0 {
			d.text += fmt.Sprintf("; the worst is row %d: %s", l.Rows[0].Row, strings.TrimSuffix(l.Rows[0].Reason, "."))
		}
		d.text += "."
		return out, d, true
	},
	cost: func(p *Prices, d *details) float64 {
		return p.ReviewedRow*float64(min(d.total, reviewed)) + passing(p, d.total)
	},
}

// mostDropped is the share of the rows from which dropping the flagged ones is no
// mending any more: what is left says little about the data.
const mostDropped = 0.8

// fewestDropped is the share of the rows below which a gain is chance: a statistic of
// shares of rows moves by no more than that.
const fewestDropped = 0.001

// reviewed is how many rows a person looks at before they are dropped, at most:
// enough to see an error rate of 5 % to within 3 points.
const reviewed = 200

// toDrop returns how many rows of the file localization flagged, less those that stay when the
// others of their groups go.
func (v *view) toDrop() int64 {
	return v.in.Localization.RowsFlagged - int64(len(v.in.Localization.KeptRows()))
}

// flagged returns the file rows that localization flagged: by the scores of all
// rows if they were kept, else those that it lists; less those that stay.
func (v *view) flagged() map[int64]bool {
	l := v.in.Localization
	if v.flaggedM != nil || l == nil {
		return v.flaggedM
	}
	v.flaggedM = map[int64]bool{}
	n := int(min(l.RowsFlagged, int64(len(l.Rows))))
	for i := range l.Rows[:n] {
		v.flaggedM[l.Rows[i].Row] = true
	}
	if k := int64(len(l.RowScores)); k > 0 && l.RowsFlagged > 0 && l.RowsFlagged <= k {
		sorted := slices.Clone(l.RowScores)
		slices.Sort(sorted)
		limit := sorted[k-l.RowsFlagged]
		for row, score := range l.RowScores {
			if score >= limit && score > 0 {
				v.flaggedM[int64(row)] = true
			}
		}
	}
	for _, row := range l.KeptRows() {
		delete(v.flaggedM, row)
	}
	return v.flaggedM
}

// blamed returns the columns that the listed rows blame most, at most five.
func (v *view) blamed() []string {
	n := map[string]int{}
	for _, row := range v.in.Localization.Rows {
		for _, c := range row.Columns {
			n[c]++
		}
	}
	var names []string
	for name := range n {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		return cmp.Or(cmp.Compare(n[names[j]], n[names[i]]), cmp.Compare(names[i], names[j])) < 0
	})
	return names[:min(len(names), 5)]
}

// inSample returns how many of the rows are in the sample.
func (v *view) inSample(rows map[int64]bool) int {
	n := 0
	for _, row := range v.in.Data.RowIDs {
		if rows[row] {
			n++
		}
	}
	return n
}
