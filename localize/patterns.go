package localize

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"synthos/templates"
)

const (
	patternRows  = 2000 // rows of the sample among which templates are looked for
	patternKinds = 200  // templates that are known, at most: those of most rows
)

// patterns are the templates that rows of data without a reference follow.
type patterns struct {
	view     *view
	compared []bool
	list     []pattern
	cells    map[uint64][]int32 // by column and cell: the patterns that have it
	like     map[uint64][]int32 // the same of all cells of their rows
}

// pattern is a template.
type pattern struct {
	*templates.Template
	row     int64 // one that follows it
	columns []int // of the space, that tell of it
}

func fitPatterns(v *view) (*patterns, error) {
	p := &patterns{view: v, compared: v.compared(), cells: map[uint64][]int32{}, like: map[uint64][]int32{}}
	r := v.data
	if r.n() > patternRows {
		r = r.part(someOf(r.n(), patternRows))
	}
	rows, columns := p.cellsOf(r)
	found, err := templates.Find(v.ctx, rows)
	if err != nil {
		return nil, err
	}
	var order []int
	for i, t := range found {
		if t != nil {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := found[a], found[b]
		return cmp.Or(cmp.Compare(y.Rows, x.Rows), cmp.Compare(y.Bits, x.Bits), cmp.Compare(a, b))
	})
	for _, i := range order {
		own := make([]uint64, len(columns))
		for k, column := range rows.Cells {
			own[k] = cellKey(column[i], columns[k])
		}
		if len(p.list) == patternKinds {
			break
		}
		if p.follows(own) < 0 {
			p.add(pattern{Template: found[i], row: r.table.RowIDs[i]}, own, columns)
		}
	}
	return p, nil
}

// cellsOf returns the cells of the compared columns, and which of the space these are.
func (p *patterns) cellsOf(r *rows) (out *templates.Rows, columns []int) {
	out = &templates.Rows{}
	for j, v := range r.columns {
		if !p.compared[j] {
			continue
		}
		cells, count, says := make([]uint64, r.n()), map[uint64]int{}, make([]bool, r.n())
		hashCells(v, cells)
		for i, h := range cells {
			count[h]++
			says[i] = templates.Says(v, i)
		}
		out.Cells, out.Count, out.Says = append(out.Cells, cells), append(out.Count, count), append(out.Says, says)
		columns = append(columns, j)
	}
	return out, columns
}

// add enters a pattern of a row with these cells.
func (p *patterns) add(x pattern, own []uint64, columns []int) {
	n := int32(len(p.list))
	for k, c := range x.Columns {
		x.columns = append(x.columns, columns[c])
		key := cellKey(x.Cells[k], columns[c])
		p.cells[key] = append(p.cells[key], n)
	}
	for _, key := range own {
		p.like[key] = append(p.like[key], n)
	}
	p.list = append(p.list, x)
}

// follows returns the first pattern that a row with these cells follows, -1 if none.
func (p *patterns) follows(own []uint64) int {
	if len(p.list) == 0 {
		return -1
	}
	shared := map[int32]int{}
	for _, key := range own {
		for _, n := range p.cells[key] {
			shared[n]++
		}
	}
	best := -1
	for n, times := range shared {
		if float64(times) >= templates.Core*float64(len(p.list[n].Columns)) && (best < 0 || int(n) < best) && p.resembles(own, n) {
			best = int(n)
		}
	}
	return best
}

// resembles reports whether a row with these cells equals the row of pattern n in most columns.
func (p *patterns) resembles(own []uint64, n int32) bool {
	equal := 0
	for _, key := range own {
		if slices.Contains(p.like[key], n) {
			equal++
		}
	}
	return float64(equal) >= templates.Most*float64(len(own))
}

// of returns which pattern each row of r follows, -1 for none.
func (p *patterns) of(r *rows) []int {
	out := make([]int, r.n())
	if len(p.list) == 0 {
		for i := range out {
			out[i] = -1
		}
		return out
	}
	rows, columns := p.cellsOf(r)
	own := make([]uint64, len(columns))
	for i := range out {
		for k, column := range rows.Cells {
			own[k] = cellKey(column[i], columns[k])
		}
		out[i] = p.follows(own)
	}
	return out
}

// strength returns minus the logarithm of the chance that a row follows pattern n.
func (p *patterns) strength(n int) float64 {
	if n < 0 {
		return 0
	}
	return p.list[n].Bits * math.Ln2
}

// say describes row i of r, which follows pattern n.
func (p *patterns) say(r *rows, i, n int) string {
	x := &p.list[n]
	var cells []string
	for _, j := range x.columns {
		if len(cells) == 3 {
			break
		}
		field := p.view.space.Columns[j].Field
		cells = append(cells, fmt.Sprintf("%s %s", field.Name, showCell(field, r.columns[j], i)))
	}
	list := strings.Join(cells, ", ")
	if more := len(x.columns) - len(cells); more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("follows a template that %.1f %% of the rows fill in, as row %d does: %s", 100*float64(x.Rows)/float64(min(patternRows, p.view.data.n())), x.row, list)
}
