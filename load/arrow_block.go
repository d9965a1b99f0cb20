package load

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"synthos/dataset"
)

// The functions of this file read many cells of a plain column at once; what
// they leave undone is read cell by cell. TestArrowBlocks holds the two to the
// same result.

// arrowBlock returns the function that reads len(out) cells of an array from
// cell at on as arrowFloats reads one, nulls included. It returns false if one
// is not exact; out is then undefined. arrowBlock returns nil for arrays that
// are read cell by cell.
func arrowBlock(a arrow.Array) func(at int, out []float64) bool {
	switch a := a.(type) {
	case *array.Int8:
		return plainBlock(a.Values())
	case *array.Int16:
		return plainBlock(a.Values())
	case *array.Int32:
		return plainBlock(a.Values())
	case *array.Uint8:
		return plainBlock(a.Values())
	case *array.Uint16:
		return plainBlock(a.Values())
	case *array.Uint32:
		return plainBlock(a.Values())
	case *array.Float32:
		return plainBlock(a.Values())
	case *array.Float64:
		values := a.Values()
		return func(at int, out []float64) bool {
			copy(out, values[at:at+len(out)])
			return true
		}
	case *array.Int64:
		return wideBlock(a.Values())
	case *array.Date32:
		values := a.Values()
		return func(at int, out []float64) bool {
			for i, x := range values[at : at+len(out)] {
				out[i] = float64(x) * 86400
			}
			return true
		}
	}
	return nil
}

func plainBlock[T plainNumber](values []T) func(at int, out []float64) bool {
	return func(at int, out []float64) bool {
		for i, x := range values[at : at+len(out)] {
			out[i] = float64(x)
		}
		return true
	}
}

// wideBlock is plainBlock for integers that may be beyond 2^53.
func wideBlock(values []int64) func(at int, out []float64) bool {
	return func(at int, out []float64) bool {
		exact := true
		for i, x := range values[at : at+len(out)] {
			out[i] = float64(x)
			exact = exact && uint64(x+maxExact) <= 2*maxExact // one comparison: the sum wraps around
		}
		return exact
	}
}

// readBlock reads n numbers from row at on; false means that they have to be read
// one by one.
func (r *arrowReader) readBlock(at, n int) bool {
	if r.block == nil || !r.block(at, r.v.Floats) {
		return false
	}
	r.readNulls(at, n)
	for i, x := range r.v.Floats {
		switch {
		case r.v.Null[i]:
			r.v.Floats[i] = 0
		case x-x != 0: // NaN or infinite
			r.v.Floats[i], r.v.Null[i] = 0, true
			if !math.IsNaN(x) {
				r.v.Invalid = append(r.v.Invalid, dataset.Invalid{Row: i, Text: formatNumber(x)})
			}
		}
	}
	return true
}

// readNulls tells which of n cells from row at on are null.
func (r *arrowReader) readNulls(at, n int) {
	bits := r.cells.NullBitmapBytes()
	if len(bits) == 0 {
		clear(r.v.Null)
		return
	}
	at += r.cells.Data().Offset()
	for i := range r.v.Null {
		k := at + i
		r.v.Null[i] = bits[k>>3]>>(k&7)&1 == 0
	}
}

// readTexts reads n strings from row at on; false means that they have to be read
// one by one.
func (r *arrowReader) readTexts(at, n int) bool {
	if len(r.above) > 0 {
		return false
	}
	switch c := r.cells.(type) {
	case *array.String:
		return cutTexts(r, at, n, c.ValueBytes(), c.ValueOffsets())
	case *array.LargeString:
		return cutTexts(r, at, n, c.ValueBytes(), c.ValueOffsets())
	}
	return false
}

// cutTexts cuts the texts of n cells out of one copy of them: cell i of the
// column is in values from offsets[i]-offsets[0] to where the next one begins.
func cutTexts[T int32 | int64](r *arrowReader, at, n int, values []byte, offsets []T) bool {
	if n == 0 || len(offsets) == 0 {
		return n == 0
	}
	first := offsets[0]
	offsets = offsets[at : at+n+1]
	base := offsets[0]
	all := string(values[base-first : offsets[n]-first])
	if !utf8.ValidString(all) || strings.IndexByte(all, 0) >= 0 {
		return false
	}
	r.readNulls(at, n)
	for i := range r.v.Strings {
		start, end := offsets[i]-base, offsets[i+1]-base
		if int(start) < len(all) && !utf8.RuneStart(all[start]) {
			return false // two cells share a character
		}
		r.v.Strings[i] = all[start:end]
		if r.v.Null[i] {
			r.v.Strings[i] = ""
		}
	}
	return true
}
