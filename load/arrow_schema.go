package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"synthos/dataset"
)

// Bounds on what a compressed buffer may unpack to: largeBuffer bytes, and
// mostPacked times the size of the file on top.
const (
	largeBuffer = 64 << 20
	mostPacked  = 256
)

// boundedAllocator refuses allocations that no honest file of this size needs.
// It panics, as the library has no other way to be told; see guarded.
type boundedAllocator struct {
	*memory.GoAllocator
	limit int64
}

func (a boundedAllocator) Allocate(size int) []byte {
	a.check(size)
	return a.GoAllocator.Allocate(size)
}

func (a boundedAllocator) Reallocate(size int, b []byte) []byte {
	a.check(size)
	return a.GoAllocator.Reallocate(size, b)
}

func (a boundedAllocator) check(size int) {
	if size < 0 || int64(size) > a.limit {
		panic(fmt.Errorf("it asks for a buffer of %d bytes", size))
	}
}

// arrowColumn is one column that we show: a field of the schema, or of a struct.
type arrowColumn struct {
	field  dataset.Field
	path   []int // positions of the field and of those below it in structs
	typ    arrow.DataType
	wide   bool                   // holds integers that may be beyond 2^53
	format func(x float64) string // how a cell of Floats is written as text; nil = formatCell
	cast   forced
}

// arrowColumns lists the columns of a schema in order.
func arrowColumns(schema *arrow.Schema) []arrowColumn {
	var columns []arrowColumn
	var flatten func(f arrow.Field, name string, path []int)
	flatten = func(f arrow.Field, name string, path []int) {
		typ := storageOf(f.Type)
		if s, ok := typ.(*arrow.StructType); ok && s.NumFields() > 0 {
			for i, child := range s.Fields() {
				flatten(child, name+"."+child.Name, append(path[:len(path):len(path)], i))
			}
			return
		}
		c := arrowColumn{path: path, typ: typ}
		c.describe()
		c.field.Name = name
		columns = append(columns, c)
	}
	for i, f := range schema.Fields() {
		flatten(f, f.Name, []int{i})
	}
	return columns
}

// isArrowChat reports whether a type is that of lists of messages.
func isArrowChat(typ arrow.DataType) bool {
	list, ok := typ.(arrow.ListLikeType)
	if !ok {
		return false
	}
	s, ok := storageOf(list.Elem()).(*arrow.StructType)
	if !ok {
		return false
	}
	names := make([]string, s.NumFields())
	for i, f := range s.Fields() {
		names[i] = f.Name
	}
	return isMessage(names)
}

// storageOf returns the type that an extension type is stored as.
func storageOf(typ arrow.DataType) arrow.DataType {
	for {
		e, ok := typ.(arrow.ExtensionType)
		if !ok {
			return typ
		}
		typ = e.StorageType()
	}
}

// describe sets the storage of the column by its Arrow type.
func (c *arrowColumn) describe() {
	typ := c.typ
	switch encoded := typ.(type) {
	case *arrow.DictionaryType:
		typ = storageOf(encoded.ValueType)
	case *arrow.RunEndEncodedType:
		typ = storageOf(encoded.Encoded())
	}
	f := &c.field
	switch typ := typ.(type) {
	case *arrow.BooleanType:
		f.Type = dataset.Bool
	case *arrow.Int8Type, *arrow.Int16Type, *arrow.Int32Type, *arrow.Uint8Type, *arrow.Uint16Type, *arrow.Uint32Type:
		f.Type, f.Integer = dataset.Float, true
	case *arrow.Int64Type, *arrow.Uint64Type:
		f.Type, f.Integer, c.wide = dataset.Float, true, true
	case *arrow.Float32Type:
		f.Type, c.format = dataset.Float, formatFloat32
	case *arrow.NullType, *arrow.Float16Type, *arrow.Float64Type, *arrow.DurationType:
		f.Type = dataset.Float
	case arrow.DecimalType:
		f.Type, f.Integer, c.wide = dataset.Float, typ.GetScale() == 0, typ.GetScale() <= 0
	case *arrow.Date32Type, *arrow.Date64Type:
		f.Type, f.Layout = dataset.Time, layoutDate
	case *arrow.TimestampType:
		f.Type = dataset.Time
	case *arrow.Time32Type, *arrow.Time64Type:
		f.Type, c.format = dataset.Float, formatClock
	default:
		f.Type = dataset.String
	}
}

// useText switches a column of wide integers to storage as String.
func (c *arrowColumn) useText() {
	c.field.Type, c.field.Integer, c.wide = dataset.String, false, false
}

// arrowEvidence is what a sample of the file shows of a column.
type arrowEvidence struct {
	text    bool // holds integers beyond 2^53
	numbers bool // holds numbers
	whole   bool // all of them are whole
}

// settle decides which columns of wide integers are stored as String and which
// columns of floating-point numbers are whole, from a sample of the file.
func (s *arrowSource) settle(ctx context.Context) error {
	sample := someRanges(s.ranges)
	found := make([][]arrowEvidence, len(sample))
	errs := make([]error, len(sample))
	var readers sync.WaitGroup
	for i, r := range sample {
		readers.Go(func() { found[i], errs[i] = s.evidence(ctx, r) })
	}
	readers.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	for i := range s.columns {
		all := arrowEvidence{whole: true}
		for _, of := range found {
			all.text, all.numbers, all.whole = all.text || of[i].text, all.numbers || of[i].numbers, all.whole && of[i].whole
		}
		c := &s.columns[i]
		if all.text {
			c.useText()
		} else if c.field.Type == dataset.Float && all.numbers && all.whole {
			c.field.Integer = true
		}
	}
	return nil
}

// evidence looks at the first rows of a range.
func (s *arrowSource) evidence(ctx context.Context, r dataset.Range) ([]arrowEvidence, error) {
	found := make([]arrowEvidence, len(s.columns))
	for i := range found {
		found[i].whole = true
	}
	enough := errors.New("the sample is complete")
	rows := 0
	err := s.Read(ctx, r, func(b *dataset.Batch) error {
		for i := range b.Columns {
			v, c, e := &b.Columns[i], &s.columns[i], &found[i]
			e.text = e.text || c.wide && len(v.Invalid) > 0
			if e.whole && c.field.Type == dataset.Float && !c.field.Integer && !allNull(v) {
				e.numbers, e.whole = true, allWhole(v)
			}
		}
		if rows += b.Rows; rows >= wholeRows {
			return enough
		}
		return nil
	})
	if err == enough || err == io.EOF {
		err = nil
	}
	return found, err
}

func allNull(v *dataset.Vector) bool {
	for _, null := range v.Null {
		if !null {
			return false
		}
	}
	return true
}
