package load

import (
	"fmt"
	"strings"

	"synthos/dataset"
)

// tell says how the cells of a column were read, if that is not as anyone would expect,
// or why a column that nearly holds numbers or dates was left as text; else "".
func tell(field dataset.Field, cells []cell) string {
	switch {
	case strings.HasPrefix(field.Layout, amountPrefix):
		if _, sign := amountReader(field.Layout); sign != "" {
			return fmt.Sprintf("numbers with %s: read as the number beside it", sign)
		}
	case strings.HasPrefix(field.Layout, unitPrefix):
		unit, _, _ := cutUnit(field.Layout)
		return fmt.Sprintf("numbers with %s: read as the number beside it", unit)
	case strings.HasPrefix(field.Layout, severalPrefix):
		return tellLayouts(strings.Split(strings.TrimPrefix(field.Layout, severalPrefix), "\x00"), cells)
	case field.Layout == mixedNumbers:
		return tellMarks(cells, true)
	case field.Layout == timesOfDay:
		return "times of day, read as seconds since midnight"
	case field.Type == dataset.String:
		for _, about := range []string{tellContradiction(cells), tellUnits(cells), tellMarks(cells, false)} {
			if about != "" {
				return about
			}
		}
	}
	return ""
}

// toldRows is how many rows a sentence names.
const toldRows = 5

// rowsOf names the rows of cells, the first few of them.
func rowsOf(cells []cell) string {
	var rows []string
	for _, c := range cells[:min(toldRows, len(cells))] {
		if c.at > 0 {
			rows = append(rows, fmt.Sprint(c.at-1))
		}
	}
	more := ""
	if len(cells) > toldRows {
		more = ", ..."
	}
	switch {
	case len(rows) == 0:
		return fmt.Sprintf("%d of those looked at", len(cells))
	case len(cells) == 1:
		return "row " + rows[0]
	}
	return "rows " + strings.Join(rows, ", ") + more
}
