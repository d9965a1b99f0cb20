package collapse

import (
	"fmt"
	"math"

	"synthos/encode"
)

// manyAlike measures the share of rows that follow a template: at least
// templateTwins others agree with it in most columns, and in values so rare outside
// of that group that fewer than one row in eight files would agree in them by chance. A
// column that follows from another one tells nothing beside it. Only columns of many
// values say something about that, and cells that are neither null nor 0: where
// something is absent, much is absent together.
func (v *view) manyAlike() measurement {
	const (
		most = 0.6 // of the columns that must agree
		many = 20  // values of a column that says something
		core = 0.8 // of the group that must agree in a cell for it to count
	)
	m := measurement{name: "template_rows"}
	d := len(v.space.Columns)
	if d < 4 || d > mostCells/(10*MinRows) {
		return m
	}
	rows := v.cellsOf(v.data, v.effort.alike)
	n := len(rows.rows)
	if n < 10*MinRows {
		return m
	}
	says := make([][]bool, d) // [column][row]
	packed := &encode.Codes{N: n, D: d, Data: make([]uint16, n*d)}
	for k := range d {
		says[k] = make([]bool, n)
		cells := v.cells(v.data, rows.columns[k])
		for i, r := range rows.rows {
			packed.Data[i*d+k] = uint16(mix(rows.cells[k][i]))
			says[k][i] = len(rows.count[k]) >= many && !cells.Null[r] && (cells.Floats == nil || cells.Floats[r] != 0)
		}
	}
	words := (d + lanes - 1) / lanes
	of := packCodes(packed, words)
	mayDiffer := int(float64(d) * (1 - most))
	needed := math.Log2(float64(n)) + 3
	hit := 0
	var group []int
	var frozen []told
	follow := newFollows(rows)
	for i := range n {
		if v.ctx.Err() != nil {
			return m // of no use to anyone
		}
		group = group[:0]
		x := of[i*words : (i+1)*words]
		for j := range n {
			differ := 0
			for w, y := range of[j*words : (j+1)*words] {
				differ += unequalLanes(x[w], y)
			}
			if differ <= mayDiffer && j != i {
				group = append(group, j)
			}
		}
		if len(group) < templateTwins {
			continue
		}
		frozen = frozen[:0]
		for k := range d {
			if !says[k][i] {
				continue
			}
			agree := 1
			for _, j := range group {
				if rows.cells[k][j] == rows.cells[k][i] {
					agree++
				}
			}
			if float64(agree) < core*float64(len(group)+1) {
				continue
			}
			outside := float64(rows.count[k][rows.cells[k][i]]-agree) + 1
			frozen = append(frozen, told{k, -math.Log2(outside / float64(n-agree+1))})
		}
		if follow.bits(frozen, needed) >= needed {
			hit++
		}
	}
	m.add(float64(hit)/float64(n), 0)
	m.reason = fmt.Sprintf("%.1f %% of the rows agree with %d others or more in most columns: they fill in templates", 100*m.value[0], templateTwins)
	return m
}
