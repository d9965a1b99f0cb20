package load

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"synthos/dataset"
)

// plainNumber is a type of numbers that float64 holds exactly.
type plainNumber interface {
	int8 | int16 | int32 | uint8 | uint16 | uint32 | float32 | float64
}

func plainFloats[T plainNumber](value func(int) T) func(int) (float64, bool) {
	return func(i int) (float64, bool) { return float64(value(i)), true }
}

// arrowFloats returns the function that reads a cell of an array as it is
// stored in Vector.Floats, and whether that is exact. It returns nil for arrays
// that are stored as strings.
func arrowFloats(a arrow.Array) func(i int) (float64, bool) {
	switch a := a.(type) {
	case *array.Null:
		return func(int) (float64, bool) { return math.NaN(), true }
	case *array.Boolean:
		return func(i int) (float64, bool) {
			if a.Value(i) {
				return 1, true
			}
			return 0, true
		}
	case *array.Int8:
		return plainFloats(a.Value)
	case *array.Int16:
		return plainFloats(a.Value)
	case *array.Int32:
		return plainFloats(a.Value)
	case *array.Uint8:
		return plainFloats(a.Value)
	case *array.Uint16:
		return plainFloats(a.Value)
	case *array.Uint32:
		return plainFloats(a.Value)
	case *array.Float32:
		return plainFloats(a.Value)
	case *array.Float64:
		return plainFloats(a.Value)
	case *array.Float16:
		return func(i int) (float64, bool) { return float64(a.Value(i).Float32()), true }
	case *array.Int64:
		return func(i int) (float64, bool) {
			x := a.Value(i)
			return float64(x), x <= maxExact && x >= -maxExact
		}
	case *array.Uint64:
		return func(i int) (float64, bool) {
			x := a.Value(i)
			return float64(x), x <= maxExact
		}
	}
	if f := arrowTimes(a); f != nil {
		return f
	}
	if unscaled, scale := arrowDecimals(a); unscaled != nil {
		return func(i int) (float64, bool) {
			x := unscaled(i)
			return decimalFloat(x, scale), scale > 0 || decimalInt(x, scale).CmpAbs(big.NewInt(maxExact)) <= 0
		}
	}
	return nil
}

// arrowTimes is arrowFloats for points in time and lengths of time, in seconds.
func arrowTimes(a arrow.Array) func(i int) (float64, bool) {
	in := func(unit arrow.TimeUnit, value func(i int) int64) func(int) (float64, bool) {
		per := int64(1)
		for range unit { // Second, Millisecond, Microsecond, Nanosecond
			per *= 1000
		}
		return func(i int) (float64, bool) { return split(value(i), per), true }
	}
	switch a := a.(type) {
	case *array.Date32:
		return func(i int) (float64, bool) { return float64(a.Value(i)) * 86400, true }
	case *array.Date64:
		return in(arrow.Millisecond, func(i int) int64 { return int64(a.Value(i)) })
	case *array.Timestamp:
		return in(a.DataType().(*arrow.TimestampType).Unit, func(i int) int64 { return int64(a.Value(i)) })
	case *array.Time32:
		return in(a.DataType().(*arrow.Time32Type).Unit, func(i int) int64 { return int64(a.Value(i)) })
	case *array.Time64:
		return in(a.DataType().(*arrow.Time64Type).Unit, func(i int) int64 { return int64(a.Value(i)) })
	case *array.Duration:
		return in(a.DataType().(*arrow.DurationType).Unit, func(i int) int64 { return int64(a.Value(i)) })
	}
	return nil
}

// arrowDecimals returns the function that reads the integer of a decimal, to be
// divided by 10^scale, or nil.
func arrowDecimals(a arrow.Array) (unscaled func(i int) *big.Int, scale int) {
	typ, ok := a.DataType().(arrow.DecimalType)
	if !ok {
		return nil, 0
	}
	switch a := a.(type) {
	case *array.Decimal32:
		unscaled = func(i int) *big.Int { return big.NewInt(int64(a.Value(i))) }
	case *array.Decimal64:
		unscaled = func(i int) *big.Int { return big.NewInt(int64(a.Value(i))) }
	case *array.Decimal128:
		unscaled = func(i int) *big.Int { return a.Value(i).BigInt() }
	case *array.Decimal256:
		unscaled = func(i int) *big.Int { return a.Value(i).BigInt() }
	}
	return unscaled, int(typ.GetScale())
}

// decimalInt returns x/10^scale for a scale that is not positive.
func decimalInt(x *big.Int, scale int) *big.Int {
	return new(big.Int).Mul(x, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-scale)), nil))
}

// arrowText returns the function that reads a cell of an array as text. The
// text may be in memory of the array.
func arrowText(a arrow.Array) func(i int) string {
	switch a := a.(type) {
	case *array.String:
		return func(i int) string { return plainText(a.Value(i)) }
	case *array.LargeString:
		return func(i int) string { return plainText(a.Value(i)) }
	case *array.StringView:
		return func(i int) string { return plainText(a.Value(i)) }
	case *array.Binary:
		return func(i int) string { return plainText(string(a.Value(i))) }
	case *array.LargeBinary:
		return func(i int) string { return plainText(string(a.Value(i))) }
	case *array.BinaryView:
		return func(i int) string { return plainText(string(a.Value(i))) }
	case *array.FixedSizeBinary:
		return func(i int) string { return plainText(string(a.Value(i))) }
	case *array.Int64:
		return func(i int) string { return strconv.FormatInt(a.Value(i), 10) }
	case *array.Uint64:
		return func(i int) string { return strconv.FormatUint(a.Value(i), 10) }
	}
	if unscaled, scale := arrowDecimals(a); unscaled != nil && scale <= 0 {
		return func(i int) string { return decimalInt(unscaled(i), scale).String() }
	}
	if f := arrowFloats(a); f != nil {
		c := arrowColumn{typ: a.DataType()}
		c.describe()
		if c.format == nil {
			c.format = func(x float64) string { return formatCell(x, c.field.Type, c.field.Layout) }
		}
		return func(i int) string {
			x, _ := f(i)
			return c.format(x)
		}
	}
	return func(i int) string {
		s, _ := nestedText(arrowValue(a, i))
		return s
	}
}

// arrowValue returns cell i of an array as a nested value.
func arrowValue(a arrow.Array, i int) any {
	a = plainArray(a)
	if a.IsNull(i) {
		return nil
	}
	switch a := a.(type) {
	case *array.Null:
		return nil
	case *array.Dictionary:
		return arrowValue(a.Dictionary(), a.GetValueIndex(i))
	case *array.RunEndEncoded:
		return arrowValue(a.Values(), a.GetPhysicalIndex(i))
	case *array.Map:
		r := &record{}
		start, end := a.ValueOffsets(i)
		for k := int(start); k < int(end); k++ {
			name, _ := nestedText(arrowValue(a.Keys(), k))
			r.names, r.values = append(r.names, name), append(r.values, arrowValue(a.Items(), k))
		}
		return r
	case array.ListLike:
		list := []any{}
		start, end := a.ValueOffsets(i)
		values := a.ListValues()
		if start < 0 || end > int64(values.Len()) {
			panic(fmt.Errorf("elements %d to %d of a list of %d", start, end, values.Len()))
		}
		for k := int(start); k < int(end); k++ {
			list = append(list, arrowValue(values, k))
		}
		return list
	case *array.Struct:
		r := &record{}
		for k, f := range a.DataType().(*arrow.StructType).Fields() {
			r.names, r.values = append(r.names, f.Name), append(r.values, arrowValue(a.Field(k), i))
		}
		return r
	case array.Union:
		child := a.ChildID(i)
		if dense, ok := a.(*array.DenseUnion); ok {
			return arrowValue(a.Field(child), int(dense.ValueOffset(i)))
		}
		return arrowValue(a.Field(child), i)
	case *array.MonthInterval, *array.DayTimeInterval, *array.MonthDayNanoInterval:
		text, err := json.Marshal(a.GetOneForMarshal(i))
		if err != nil {
			panic(err)
		}
		return strings.Trim(string(text), `"`)
	}
	c := arrowColumn{typ: a.DataType()}
	c.describe()
	text := arrowText(a)(i)
	if c.field.Type == dataset.String || c.field.Type == dataset.Time || isClock(a) {
		return strings.Clone(text)
	}
	if x, exact := arrowFloats(a)(i); exact && x-x != 0 {
		return nil // JSON knows neither NaN nor infinities
	}
	return literal(text)
}

// isClock reports whether a holds times of day, which are written as text.
func isClock(a arrow.Array) bool {
	switch a.(type) {
	case *array.Time32, *array.Time64:
		return true
	}
	return false
}
