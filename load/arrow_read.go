package load

import (
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"synthos/dataset"
)

// arrowReader reads the cells of one column from record batches.
type arrowReader struct {
	column arrowColumn
	above  []arrow.Array // the structs that the column is in
	cells  arrow.Array   // of the record, with extension types taken off
	floats func(i int) (x float64, exact bool)
	block  func(at int, out []float64) bool // see arrowBlock
	text   func(i int) string
	index  func(i int) int // of the dictionary entry or the run of a cell; nil = neither
	dict   arrow.Array     // the dictionary, or the values of the runs
	known  map[int]string  // the texts of its entries, so that cells share them
	v      dataset.Vector
	buf    []byte // the texts of a batch, one behind the other
	ends   []int
}

func newArrowReader(c arrowColumn) *arrowReader { return &arrowReader{column: c} }

// bind makes r read from a record.
func (r *arrowReader) bind(record arrow.RecordBatch) error {
	r.above = r.above[:0]
	cells := plainArray(record.Column(r.column.path[0]))
	for _, k := range r.column.path[1:] {
		s, ok := cells.(*array.Struct)
		if !ok || k >= s.NumField() {
			return fmt.Errorf("column %q is not in the record", r.column.field.Name)
		}
		r.above = append(r.above, s)
		cells = plainArray(s.Field(k))
	}
	if cells.Len() < int(record.NumRows()) {
		return fmt.Errorf("column %q has %d of %d rows", r.column.field.Name, cells.Len(), record.NumRows())
	}
	r.cells, r.index, r.block = cells, nil, nil
	values := cells
	switch c := cells.(type) {
	case *array.Dictionary:
		values, r.index = plainArray(c.Dictionary()), c.GetValueIndex
	case *array.RunEndEncoded:
		values, r.index = plainArray(c.Values()), c.GetPhysicalIndex
	}
	if r.index != nil && (r.dict == nil || r.dict.Data() != values.Data()) {
		r.dict, r.known = values, map[int]string{}
	}
	if r.column.field.Type == dataset.String {
		r.text = arrowText(values)
		return nil
	}
	r.floats, r.text = arrowFloats(values), arrowText(values)
	if r.floats == nil {
		return fmt.Errorf("column %q is a %s in one record and something else in another", r.column.field.Name, values.DataType())
	}
	if r.index == nil && len(r.above) == 0 {
		r.block = arrowBlock(values)
	}
	return nil
}

// plainArray takes extension types off.
func plainArray(a arrow.Array) arrow.Array {
	for {
		e, ok := a.(array.ExtensionArray)
		if !ok {
			return a
		}
		a = e.Storage()
	}
}

// read returns n rows of the record from row at on. The vector is valid until
// the next call.
func (r *arrowReader) read(at, n int) dataset.Vector {
	r.v.Null = sized(r.v.Null, n)
	r.v.Invalid = r.v.Invalid[:0]
	if r.column.field.Type == dataset.String {
		r.readStrings(at, n)
	} else {
		r.readFloats(at, n)
	}
	return r.column.cast.apply(&r.v, n)
}

// entry returns where the value of cell i is among those that the functions
// floats and text read, and whether there is one.
func (r *arrowReader) entry(i int) (k int, ok bool) {
	for _, a := range r.above {
		if a.IsNull(i) {
			return 0, false
		}
	}
	if r.cells.IsNull(i) {
		return 0, false
	}
	if r.index == nil {
		return i, true
	}
	k = r.index(i)
	if k < 0 || k >= r.dict.Len() {
		panic(fmt.Errorf("column %q: entry %d of a dictionary of %d", r.column.field.Name, k, r.dict.Len()))
	}
	return k, !r.dict.IsNull(k)
}

func (r *arrowReader) readFloats(at, n int) {
	r.v.Floats = sized(r.v.Floats, n)
	if r.readBlock(at, n) {
		return
	}
	for i := range n {
		k, ok := r.entry(at + i)
		r.v.Floats[i], r.v.Null[i] = 0, true
		if !ok {
			continue
		}
		x, exact := r.floats(k)
		switch {
		case exact && x-x == 0:
			r.v.Floats[i], r.v.Null[i] = x, false
		case !exact:
			r.v.Invalid = append(r.v.Invalid, dataset.Invalid{Row: i, Text: r.text(k)})
		case !math.IsNaN(x):
			r.v.Invalid = append(r.v.Invalid, dataset.Invalid{Row: i, Text: formatNumber(x)})
		}
	}
}

func (r *arrowReader) readStrings(at, n int) {
	r.v.Strings = sized(r.v.Strings, n)
	if r.readTexts(at, n) {
		return
	}
	r.buf, r.ends = r.buf[:0], r.ends[:0]
	for i := range n {
		k, ok := r.entry(at + i)
		r.v.Null[i] = !ok
		r.v.Strings[i] = ""
		if ok && r.index != nil {
			s, known := r.known[k]
			if !known {
				s = string([]byte(r.text(k)))
				r.known[k] = s
			}
			r.v.Strings[i] = s
		} else if ok {
			r.buf = append(r.buf, r.text(k)...)
		}
		r.ends = append(r.ends, len(r.buf))
	}
	if r.index != nil {
		return
	}
	all := string(r.buf) // the library's texts are in the record's memory
	start := 0
	for i, end := range r.ends {
		r.v.Strings[i] = all[start:end]
		start = end
	}
}
