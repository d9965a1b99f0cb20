package load

import (
	"io"
	"math"

	"synthos/dataset"
)

// parquetFlat reads a leaf outside of lists.
type parquetFlat struct {
	pages *parquetPages
	row   int // next entry of the page
	value int // next value of the page
	v     dataset.Vector
}

func newParquetFlat(leaf *parquetLeaf, group parquetGroup) *parquetFlat {
	return &parquetFlat{pages: newParquetPages(leaf, group)}
}

func (r *parquetFlat) close() { r.pages.close() }

func (r *parquetFlat) read(n int) (*dataset.Vector, error) {
	p := r.pages
	r.v.Null = sized(r.v.Null, n)
	r.v.Invalid = r.v.Invalid[:0]
	if p.leaf.floats != nil {
		r.v.Floats = sized(r.v.Floats, n)
	} else {
		r.v.Strings = sized(r.v.Strings, n)
	}
	done := 0
	for done < n {
		if p.page == nil || r.row == p.rows {
			err := p.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, err
			}
			r.row, r.value = 0, 0
		}
		m := min(n-done, p.rows-r.row)
		r.expand(done, m)
		done += m
	}
	r.v.Null = r.v.Null[:done]
	return &r.v, nil
}

// expand puts the next m entries of the page at position at of the vector,
// with the nulls where the definition levels say.
func (r *parquetFlat) expand(at, m int) {
	p := r.pages
	null := r.v.Null[at : at+m]
	if p.leaf.maxDef == 0 {
		clear(null)
	} else {
		for i, d := range p.def[r.row : r.row+m] {
			null[i] = d != p.leaf.maxDef
		}
	}
	r.row += m
	if p.leaf.floats == nil {
		out := r.v.Strings[at : at+m]
		for i := range out {
			out[i] = ""
			if !null[i] {
				out[i] = p.strings[r.value]
				r.value++
			}
		}
		return
	}
	out := r.v.Floats[at : at+m]
	for i := range out {
		if null[i] {
			out[i] = 0
			continue
		}
		x := p.floats[r.value]
		r.value++
		if x-x != 0 { // NaN or infinite
			null[i] = true
			if !math.IsNaN(x) {
				r.v.Invalid = append(r.v.Invalid, dataset.Invalid{Row: at + i, Text: formatNumber(x)})
			}
			x = 0
		}
		out[i] = x
	}
}
