package report

import (
	"fmt"

	"synthos/verdict"
)

// groupView is flagged rows with a common cause.
type groupView struct {
	verdict.RowGroup
	Width float64 // of the bar, 0-100: the share of the flagged rows
	Share string
	First []int64
	More  int64
}

const (
	groupsMost  = 30
	groupsFirst = 20 // rows of each
)

func newGroups(l *verdict.Localization) []groupView {
	var out []groupView
	for _, g := range head(l.Groups, groupsMost) {
		v := groupView{RowGroup: g, First: head(g.Rows, groupsFirst), Share: "-"}
		v.More = max(0, g.RowsTotal-int64(len(v.First)))
		if l.RowsFlagged > 0 && g.Cause != "drift" { // the rows of a stretch that drifts need not be flagged
			share := min(1, float64(g.RowsTotal)/float64(l.RowsFlagged))
			v.Width, v.Share = 100*share, portion(verdict.Number(share))
		}
		out = append(out, v)
	}
	return out
}

// Where says where in the file the rows of the group are.
func (g groupView) Where() string {
	if g.From == g.To {
		return "row " + count(g.From)
	}
	return fmt.Sprintf("%s to %s", count(g.From), count(g.To))
}
