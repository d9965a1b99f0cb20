package localize

import (
	"fmt"
	"slices"
)

func (w *near) say(r *rows, c, i int, f *found) string {
	if len(f.matches) == 0 {
		return ""
	}
	best, columns := f.best(), w.columns()
	row := best.id()
	if c == nearGroup {
		return fmt.Sprintf("one of a group of rows of one pattern: like row %d in %d of %d columns", row, best.equal, columns)
	}
	if w.contradicts(f) {
		j := best.differ
		field := w.view.space.Columns[j].Field
		return fmt.Sprintf("contradicts row %d: %s is %s here and %s there, the other %d columns agree", row, field.Name,
			showCell(field, r.columns[j], i), showCell(field, best.rows.columns[j], best.at), columns-1)
	}
	if c == nearDistance && 2*best.equal < columns {
		return fmt.Sprintf("much closer to row %d than real rows are to each other", w.view.data.table.RowIDs[f.closest])
	}
	return fmt.Sprintf("near duplicate of row %d: %d of %d columns (nearly) equal, a chance of %s", row, best.equal, columns, chance(best.nats))
}

func (w *near) sayCopy(c int, f *found) string {
	if len(f.matches) == 0 {
		return ""
	}
	best := f.best()
	if c == nearCopyDistance && 2*best.equal < w.columns() {
		return fmt.Sprintf("much closer to reference row %d than real rows are to each other", w.view.good.table.RowIDs[f.closest])
	}
	return fmt.Sprintf("copy of reference row %d in %d of %d columns", best.id(), best.equal, w.columns())
}

// apart returns the column of the space by which row i of r is farthest from a row
// of the reference.
func (w *near) apart(r *rows, i, good int) []int {
	a, b := r.features().Row(i), w.view.good.features().Row(good)
	most, at := 0.0, 0
	for k := range w.view.near.Columns {
		c, sum := &w.view.near.Columns[k], 0.0
		for j := c.Offset; j < c.Offset+c.Width; j++ {
			sum += float64(a[j]-b[j]) * float64(a[j]-b[j])
		}
		if sum > most {
			most, at = sum, k
		}
	}
	return []int{slices.Index(w.view.names, w.view.near.Columns[at].Field.Name)}
}

func (w *near) sayFar(r *rows, i int, f *found) string {
	j := w.apart(r, i, f.closest)[0]
	field := w.view.space.Columns[j].Field
	return fmt.Sprintf("unlike all reference rows: even the nearest, row %d, is farther than real rows are from each other, most in %s (%s here, %s there)",
		w.view.good.table.RowIDs[f.closest], field.Name, showCell(field, r.columns[j], i), showCell(field, w.view.good.columns[j], f.closest))
}
