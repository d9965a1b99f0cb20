package load

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"synthos/dataset"
)

// Cells that are read many at once are those that are read one by one, in any
// part of a record, with nulls and with what needs a second look.
func TestArrowBlocks(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	texts := []string{"", "a", "grün", "日本", "\xff", "zero\x00byte", "plain words"}
	fill := map[string]struct {
		typ  arrow.DataType
		cell func(b array.Builder, odd bool) // odd: a value that plain code would get wrong
	}{
		"int8":    {arrow.PrimitiveTypes.Int8, func(b array.Builder, odd bool) { b.(*array.Int8Builder).Append(int8(rng.Uint32())) }},
		"int16":   {arrow.PrimitiveTypes.Int16, func(b array.Builder, odd bool) { b.(*array.Int16Builder).Append(int16(rng.Uint32())) }},
		"int32":   {arrow.PrimitiveTypes.Int32, func(b array.Builder, odd bool) { b.(*array.Int32Builder).Append(int32(rng.Uint32())) }},
		"uint8":   {arrow.PrimitiveTypes.Uint8, func(b array.Builder, odd bool) { b.(*array.Uint8Builder).Append(uint8(rng.Uint32())) }},
		"uint16":  {arrow.PrimitiveTypes.Uint16, func(b array.Builder, odd bool) { b.(*array.Uint16Builder).Append(uint16(rng.Uint32())) }},
		"uint32":  {arrow.PrimitiveTypes.Uint32, func(b array.Builder, odd bool) { b.(*array.Uint32Builder).Append(rng.Uint32()) }},
		"float32": {arrow.PrimitiveTypes.Float32, func(b array.Builder, odd bool) { b.(*array.Float32Builder).Append(rng.Float32()) }},
		"date":    {arrow.FixedWidthTypes.Date32, func(b array.Builder, odd bool) { b.(*array.Date32Builder).Append(arrow.Date32(rng.IntN(40000) - 9000)) }},
		"float64": {arrow.PrimitiveTypes.Float64, func(b array.Builder, odd bool) {
			x := rng.NormFloat64()
			if odd {
				x = []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.Copysign(0, -1)}[rng.IntN(5)]
			}
			b.(*array.Float64Builder).Append(x)
		}},
		"int64": {arrow.PrimitiveTypes.Int64, func(b array.Builder, odd bool) {
			x := rng.Int64N(1000) - 500
			if odd {
				x = []int64{maxExact, maxExact + 1, -maxExact, -maxExact - 1, math.MaxInt64, math.MinInt64}[rng.IntN(6)]
			}
			b.(*array.Int64Builder).Append(x)
		}},
		"string": {arrow.BinaryTypes.String, func(b array.Builder, odd bool) {
			n := 4
			if odd {
				n = len(texts)
			}
			b.(*array.StringBuilder).Append(texts[rng.IntN(n)])
		}},
		"large_string": {arrow.BinaryTypes.LargeString, func(b array.Builder, odd bool) {
			n := 4
			if odd {
				n = len(texts)
			}
			b.(*array.LargeStringBuilder).Append(texts[rng.IntN(n)])
		}},
	}
	for name, f := range fill {
		t.Run(name, func(t *testing.T) {
			for round := range 40 { // nulls in half of the rounds, odd values in half of those
				b := array.NewBuilder(memory.DefaultAllocator, f.typ)
				rows := 1 + rng.IntN(200)
				for range rows {
					if round%2 == 1 && rng.IntN(3) == 0 {
						b.AppendNull()
					} else {
						f.cell(b, round%4 >= 2 && rng.IntN(9) == 0)
					}
				}
				whole := b.NewArray()
				from := rng.IntN(rows)
				cells := array.NewSlice(whole, int64(from), int64(rows))
				schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: f.typ, Nullable: true}}, nil)
				record := array.NewRecordBatch(schema, []arrow.Array{cells}, int64(cells.Len()))
				column := arrowColumns(schema)[0]
				fast, slow := newArrowReader(column), newArrowReader(column)
				for _, r := range []*arrowReader{fast, slow} {
					if err := r.bind(record); err != nil {
						t.Fatal(err)
					}
				}
				slow.block, slow.cells = nil, hidden{cells}
				at := rng.IntN(cells.Len())
				n := cells.Len() - at
				want, got := slow.read(at, n), fast.read(at, n)
				if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(dataset.Vector{})); diff != "" {
					t.Fatalf("round %d, %d of %d rows from %d (-one by one +at once):\n%s", round, n, rows, from+at, diff)
				}
			}
		})
	}
}

// hidden is an array of no type that is read many cells at once.
type hidden struct{ arrow.Array }

// Offsets that cut a character in two, or run backwards, are not text.
func TestArrowBlockOffsets(t *testing.T) {
	column := arrowColumns(arrow.NewSchema([]arrow.Field{{Name: "c", Type: arrow.BinaryTypes.String}}, nil))[0]
	r := newArrowReader(column)
	of := func(offsets ...int32) arrow.Array {
		return array.MakeFromData(array.NewData(arrow.BinaryTypes.String, len(offsets)-1,
			[]*memory.Buffer{nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(offsets)), memory.NewBufferBytes([]byte("aüb"))}, nil, 0, 0))
	}
	bind := func(a arrow.Array) {
		schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: arrow.BinaryTypes.String}}, nil)
		if err := r.bind(array.NewRecordBatch(schema, []arrow.Array{a}, int64(a.Len()))); err != nil {
			t.Fatal(err)
		}
	}
	bind(of(0, 2, 4))
	if v := r.read(0, 2); v.Strings[0] != "0x61c3" || v.Strings[1] != "0xbc62" {
		t.Errorf("halves of a character are read as %q", v.Strings)
	}
	bind(of(0, 3, 1, 4))
	err := guarded("a.arrow", arrowName, func() error { r.read(0, 3); return nil })
	if err == nil {
		t.Error("offsets that run backwards give no error")
	}
}
