package load

import (
	"fmt"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	pqenc "github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"

	"synthos/dataset"
)

// parquetLeaf is a leaf of the file's schema and how its values are decoded.
// Exactly one of floats and strings is set. Both append the decoded form of the
// values of a page, nulls left out, to out[:0].
type parquetLeaf struct {
	index          int // among the leaves of the file, and so among the chunks of a row group
	maxRep, maxDef byte

	typ      dataset.Type
	whole    bool   // holds integers
	layout   string // Time: how it is written as text
	null     bool   // a column without values
	unsigned bool   // an integer without sign
	double   bool   // values of a page are used where they stand there
	quoted   bool   // inside a list: written as a JSON string
	floats   func(v pqenc.Values, out []float64) ([]float64, error)
	strings  func(v pqenc.Values, out []string) ([]string, error)
	format   func(x float64) string // how a cell of floats is written as text
	// perSecond is how many of the unit of a timestamp are in a second.
	perSecond int64
	// exact decodes 64-bit and wider integers as text. It is nil for all
	// others. A column that needs it is switched over by useText.
	exact func(v pqenc.Values, out []string) ([]string, error)
}

// useText switches a leaf of wide integers to storage as String.
func (l *parquetLeaf) useText() {
	l.typ, l.whole, l.floats, l.strings = dataset.String, false, nil, l.exact
}

func newParquetLeaf(col *parquet.Column, e *format.SchemaElement) (*parquetLeaf, error) {
	l := &parquetLeaf{index: col.Index(), maxRep: byte(col.MaxRepetitionLevel()), maxDef: byte(col.MaxDefinitionLevel())}
	a := annotate(e)
	l.unsigned = a.unsigned
	kind := col.Type().Kind()
	switch {
	case a.null || kind < 0:
		l.null, l.typ = true, dataset.Float
		l.floats = func(_ pqenc.Values, out []float64) ([]float64, error) { return out[:0], nil }
	case kind == parquet.Boolean:
		l.typ, l.floats = dataset.Bool, decodeBools
	case kind == parquet.Int32 && a.date:
		l.typ, l.layout = dataset.Time, layoutDate
		l.floats = int32s(func(x int32) float64 { return float64(x) * 86400 })
	case kind == parquet.Int96:
		l.typ, l.floats = dataset.Time, decodeInt96s
	case kind == parquet.Int64 && a.timestamp:
		l.typ, l.perSecond = dataset.Time, a.perSecond
		l.floats = int64s(func(x int64) float64 { return split(x, a.perSecond) })
	case kind == parquet.Int32 && a.time:
		l.typ, l.format = dataset.Float, formatClock
		l.floats = int32s(func(x int32) float64 { return split(int64(x), a.perSecond) })
	case kind == parquet.Int64 && a.time:
		l.typ, l.format = dataset.Float, formatClock
		l.floats = int64s(func(x int64) float64 { return split(x, a.perSecond) })
	case a.decimal:
		return l, l.useDecimal(kind, a.scale)
	case kind == parquet.Int32:
		l.typ, l.whole = dataset.Float, true
		l.floats = int32s(func(x int32) float64 { return float64(x) })
		if a.unsigned {
			l.floats = int32s(func(x int32) float64 { return float64(uint32(x)) })
		}
	case kind == parquet.Int64:
		l.typ, l.whole = dataset.Float, true
		l.floats, l.exact = exactInts(a.unsigned)
	case kind == parquet.Float:
		l.typ, l.floats = dataset.Float, decodeFloats
		l.format = formatFloat32
	case kind == parquet.Double:
		l.typ, l.double = dataset.Float, true
		l.floats = func(v pqenc.Values, out []float64) ([]float64, error) { return append(out[:0], v.Double()...), nil }
	case kind == parquet.FixedLenByteArray && a.half:
		l.typ, l.floats = dataset.Float, decodeHalves
	case kind == parquet.ByteArray:
		l.typ, l.strings = dataset.String, decodeByteArrays
	case kind == parquet.FixedLenByteArray:
		l.typ, l.strings = dataset.String, fixedStrings(a.uuid)
	default:
		return nil, fmt.Errorf("its type %s is not known", col.Type())
	}
	l.quoted = l.typ == dataset.String || l.typ == dataset.Time
	l.addFormat()
	return l, nil
}

func (l *parquetLeaf) addFormat() {
	if l.format == nil && l.typ != dataset.String {
		typ, layout := l.typ, l.layout
		l.format = func(x float64) string { return formatCell(x, typ, layout) }
	}
}

// annotation is what the schema says about the meaning of a leaf, in the
// current form (logical type) or the old one (converted type).
type annotation struct {
	null, date, time, timestamp, decimal, unsigned, half, uuid bool

	perSecond int64 // time, timestamp
	scale     int   // decimal
}

func annotate(e *format.SchemaElement) (a annotation) {
	switch t := e.LogicalType.Value.(type) {
	case *format.NullType:
		a.null = true
	case *format.DateType:
		a.date = true
	case *format.TimeType:
		a.time, a.perSecond = true, perSecond(t.Unit)
	case *format.TimestampType:
		a.timestamp, a.perSecond = true, perSecond(t.Unit)
	case *format.DecimalType:
		a.decimal, a.scale = true, int(t.Scale)
	case *format.IntType:
		a.unsigned = !t.IsSigned
	case *format.Float16Type:
		a.half = true
	case *format.UUIDType:
		a.uuid = true
	case nil:
		if !e.ConvertedType.Valid {
			break
		}
		switch e.ConvertedType.V {
		case deprecated.Date:
			a.date = true
		case deprecated.TimeMillis:
			a.time, a.perSecond = true, 1e3
		case deprecated.TimeMicros:
			a.time, a.perSecond = true, 1e6
		case deprecated.TimestampMillis:
			a.timestamp, a.perSecond = true, 1e3
		case deprecated.TimestampMicros:
			a.timestamp, a.perSecond = true, 1e6
		case deprecated.Decimal:
			a.decimal, a.scale = true, int(e.Scale.V)
		case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
			a.unsigned = true
		}
	}
	return a
}

func perSecond(u format.TimeUnit) int64 {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return 1e3
	case *format.NanoSeconds:
		return 1e9
	}
	return 1e6
}

// split returns x/per without rounding the whole seconds away.
func split(x, per int64) float64 {
	return float64(x/per) + float64(x%per)/float64(per)
}
