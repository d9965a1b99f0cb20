package collapse

import (
	"fmt"

	"synthos/templates"
)

// manyAlike measures the share of rows that follow a template.
func (v *view) manyAlike() measurement {
	m := measurement{name: "template_rows"}
	d := len(v.space.Columns)
	if d < templates.Least || d > mostCells/(10*MinRows) {
		return m
	}
	rows := v.cellsOf(v.data, v.effort.alike)
	n := len(rows.rows)
	if n < 10*MinRows {
		return m
	}
	says := make([][]bool, d) // [column][row]
	for k := range d {
		says[k] = make([]bool, n)
		cells := v.cells(v.data, rows.columns[k])
		for i, r := range rows.rows {
			says[k][i] = templates.Says(cells, r)
		}
	}
	found, err := templates.Find(v.ctx, &templates.Rows{Cells: rows.cells, Count: rows.count, Says: says})
	if err != nil {
		return m // of no use to anyone
	}
	hit := 0
	for _, t := range found {
		if t != nil {
			hit++
		}
	}
	m.add(float64(hit)/float64(n), 0)
	m.reason = fmt.Sprintf("%.1f %% of the rows agree with %d others or more in most columns: they fill in templates", 100*m.value[0], templates.Twins)
	return m
}
