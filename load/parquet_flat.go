package load

import (
	"bytes"
	"io"
	"math"
	"unsafe"

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
		markNulls(null, p.def[r.row:r.row+m], p.leaf.maxDef)
	}
	r.row += m
	switch {
	case p.leaf.floats == nil:
		r.value += spread(r.v.Strings[at:at+m], p.strings[r.value:], null)
	case !p.infinite:
		r.value += spread(r.v.Floats[at:at+m], p.floats[r.value:], null)
	default:
		r.check(at, m)
	}
}

// check is expand for values among which some are not finite: NaN is a null, an
// infinity an invalid cell.
func (r *parquetFlat) check(at, m int) {
	p := r.pages
	null, out := r.v.Null[at:at+m], r.v.Floats[at:at+m]
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

// markNulls sets null[i] where the definition level is not the highest.
func markNulls(null []bool, def []byte, highest byte) {
	null = null[:len(def)]
	for i, d := range def {
		null[i] = d != highest
	}
}

// spread copies the values, one after the other, to the places of out that are
// not null, puts zero values at the others and returns how many it used. Runs
// between nulls are copied as a whole.
func spread[T any](out, values []T, null []bool) (used int) {
	var zero T
	// a bool is a byte, 0 or 1
	marks := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(null))), len(null))
	for i := 0; i < len(out); i++ {
		n := bytes.IndexByte(marks[i:], 1)
		if n < 0 {
			n = len(out) - i
		}
		copy(out[i:i+n], values[used:used+n])
		used += n
		if i += n; i < len(out) {
			out[i] = zero
		}
	}
	return used
}

// allFinite reports whether no number is NaN or infinite: x-x is 0 for all others.
// Four sums, so that no addition waits for the one before.
func allFinite(x []float64) bool {
	var a, b, c, d float64
	for ; len(x) >= 4; x = x[4:] {
		a += x[0] - x[0]
		b += x[1] - x[1]
		c += x[2] - x[2]
		d += x[3] - x[3]
	}
	for _, v := range x {
		a += v - v
	}
	return a+b+c+d == 0
}
