// Package templates finds rows that fill in templates: that agree with several others in most
// columns, and in values so rare otherwise that chance does not explain it.
package templates

import (
	"context"
	"math"
	"slices"

	"synthos/dataset"
	"synthos/sketch"
)

const (
	// Twins is how many others a row must resemble to follow a template.
	Twins = 5
	// Least is how many columns a table that can have templates has.
	Least = 4
	// Most is the share of all columns in which the rows of a template agree.
	Most = 0.6
	// Core is the share of a group that must agree in a cell for it to count, and the share of
	// such cells that another row of the template has.
	Core = 0.8

	many    = 20  // values of a column that says something: so many that repeat
	unique  = 0.1 // or so many beside the number of rows
	certain = 3   // bits beyond those of the number of rows: one file in eight has such a group by chance
	surely  = 40  // bits beyond that tell no more
)

// Rows are the cells of some rows, as hashes.
type Rows struct {
	Cells [][]uint64       // [column][row]
	Count []map[uint64]int // [column]: rows with a cell
	Says  [][]bool         // [column][row]: see Says
}

// Says reports whether it says something that others agree in a cell of v: it is neither null nor 0.
func Says(v *dataset.Vector, i int) bool { return !v.Null[i] && (v.Floats == nil || v.Floats[i] != 0) }

func (r *Rows) n() int {
	if len(r.Cells) == 0 {
		return 0
	}
	return len(r.Cells[0])
}

// Template is what a row shares with those that resemble it.
type Template struct {
	Columns []int    // that tell of it, ascending
	Cells   []uint64 // what stands in them
	Bits    float64  // what it tells that a row has them
	Rows    int      // how many resemble each other
}

// Find returns for each row the template that it follows, nil if it follows none: at least Twins
// others agree with it in most columns, and in values so rare outside of that group that
// fewer than one row in eight files would agree in them by chance. A column that follows
// from another one tells nothing beside it. Only columns of many values, slips not counted, say something
// about that, and cells that are neither null nor 0: where something is absent, much is absent
// together.
//
// It compares all pairs of rows. It errs only if ctx ends.
func Find(ctx context.Context, r *Rows) ([]*Template, error) {
	d, n := len(r.Cells), r.n()
	out := make([]*Template, n)
	if d < Least {
		return out, nil
	}
	codes := make([]uint16, n*d)
	for k, column := range r.Cells {
		for i, h := range column {
			codes[i*d+k] = uint16(sketch.Mix(h))
		}
	}
	packed := Pack(codes, n, d)
	mayDiffer := int(float64(d) * (1 - Most))
	needed := math.Log2(float64(n)) + certain
	follow, says := newFollows(r), r.haveMany()
	var group []int
	for i := range n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		group = group[:0]
		for j := range n {
			if packed.Differing(i, j) <= mayDiffer && j != i {
				group = append(group, j)
			}
		}
		if len(group) < Twins {
			continue
		}
		frozen := r.frozen(i, group, says)
		if bits := follow.bits(frozen, needed+surely); bits >= needed {
			out[i] = r.template(i, frozen, bits, len(group)+1)
		}
	}
	return out, nil
}

// haveMany says which columns have many values.
func (r *Rows) haveMany() []bool {
	out := make([]bool, len(r.Count))
	for k, count := range r.Count {
		repeat := 0
		for _, rows := range count {
			if rows > 1 {
				repeat++
			}
		}
		out[k] = len(count) >= many && (repeat >= many || float64(len(count)) >= unique*float64(r.n()))
	}
	return out
}

// frozen returns the columns in which nearly all of a row's group agree with it, and what that tells.
func (r *Rows) frozen(i int, group []int, says []bool) []told {
	var out []told
	for k, column := range r.Cells {
		if !r.Says[k][i] || !says[k] {
			continue
		}
		agree := 1
		for _, j := range group {
			if column[j] == column[i] {
				agree++
			}
		}
		if float64(agree) < Core*float64(len(group)+1) {
			continue
		}
		outside := float64(r.Count[k][column[i]]-agree) + 1
		out = append(out, told{k, -math.Log2(outside / float64(r.n()-agree+1))})
	}
	return out
}

func (r *Rows) template(i int, frozen []told, bits float64, rows int) *Template {
	t := &Template{Bits: bits, Rows: rows}
	for _, f := range frozen {
		t.Columns = append(t.Columns, f.column)
	}
	slices.Sort(t.Columns)
	for _, k := range t.Columns {
		t.Cells = append(t.Cells, r.Cells[k][i])
	}
	return t
}
