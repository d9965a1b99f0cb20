package hdf5

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Numeric reports whether elements of type t are numbers: Integer, Bitfield,
// Float of at most eight bytes, and Enum.
func (t *Type) Numeric() bool {
	switch t.Class {
	case Integer, Bitfield, Float:
		return t.Size <= 8
	case Enum:
		return t.Base.Numeric()
	}
	return false
}

// raw returns the bits of an element of at most eight bytes.
func (t *Type) raw(b []byte) uint64 {
	var v uint64
	if t.BigEndian {
		for _, x := range b[:t.Size] {
			v = v<<8 | uint64(x)
		}
		return v
	}
	if t.Size == 8 {
		return binary.LittleEndian.Uint64(b)
	}
	for i := t.Size - 1; i >= 0; i-- {
		v = v<<8 | uint64(b[i])
	}
	return v
}

// integer returns the value of an Integer or a Bitfield in two's complement.
func (t *Type) integer(b []byte) uint64 {
	v := t.raw(b) >> t.bitOffset
	unused := 64 - t.precision
	if t.Signed {
		return uint64(int64(v<<unused) >> unused)
	}
	return v << unused >> unused
}

// Float returns the element of a Numeric type that begins at b, and whether
// float64 holds it exactly: integers beyond ±2^53 do not count.
func (t *Type) Float(b []byte) (x float64, exact bool) {
	const limit = 1 << 53
	switch t.Class {
	case Enum:
		return t.Base.Float(b)
	case Float:
		return t.floatValue(t.raw(b)), true
	}
	v := t.integer(b)
	if t.Signed {
		return float64(int64(v)), int64(v) <= limit && int64(v) >= -limit
	}
	return float64(v), v <= limit
}

// floatValue decodes a floating-point number of any layout, IEEE 754's two
// usual ones quickly.
func (t *Type) floatValue(v uint64) float64 {
	switch {
	case t.Size == 8 && t.exponent == 11 && t.mantissa == 52 && t.bias == 1023:
		return math.Float64frombits(v)
	case t.Size == 4 && t.exponent == 8 && t.mantissa == 23 && t.bias == 127:
		return float64(math.Float32frombits(uint32(v)))
	}
	sign := 1.0
	if v>>t.signAt&1 == 1 {
		sign = -1
	}
	top := uint64(1)<<t.exponent - 1
	exponent := v >> t.exponentAt & top
	mantissa := v >> t.mantissaAt & (1<<t.mantissa - 1)
	fraction := math.Ldexp(float64(mantissa), -t.mantissa)
	switch {
	case exponent == top && mantissa == 0:
		return sign * math.Inf(1)
	case exponent == top:
		return math.NaN()
	case exponent == 0:
		return sign * math.Ldexp(fraction, 1-int(t.bias))
	case t.impliedOne:
		fraction++
	}
	return sign * math.Ldexp(fraction, int(exponent)-int(t.bias))
}

// Name returns the name of an element of an Enum, "" if its value has none.
func (t *Type) Name(b []byte) string {
	for i, v := range t.Values {
		if bytes.Equal(v, b[:t.Size]) {
			return t.Names[i]
		}
	}
	return ""
}

// Readable reports whether Text can show elements of type t, and why not.
func (t *Type) Readable() error {
	switch t.Class {
	case String:
		return nil
	case VarLength, Array:
		if t.Text {
			return nil
		}
		return t.Base.Readable()
	case Compound:
		for _, m := range t.Members {
			if err := m.Type.Readable(); err != nil {
				return err
			}
		}
		return nil
	}
	if !t.Numeric() {
		return &UnsupportedError{fmt.Sprintf("%s values of %d bytes", t.Class, t.Size)}
	}
	return nil
}

// Text returns the element of type t that begins at b as text: strings without
// their padding, integers with all digits, enumerations by name, sequences and
// arrays joined by ", ", records by "; ".
func (f *File) Text(t *Type, b []byte) (s string, err error) {
	defer rescue(&err)
	var out strings.Builder
	f.text(&out, t, b)
	return out.String(), nil
}

func (f *File) text(out *strings.Builder, t *Type, b []byte) {
	switch t.Class {
	case String:
		out.Write(trim(b[:t.Size], t.spaces))
	case VarLength:
		n, data := f.sequence(t, b)
		if t.Text {
			out.Write(trim(data, false))
			return
		}
		f.list(out, t.Base, n, data)
	case Array:
		f.list(out, t.Base, t.Size/t.Base.Size, b)
	case Compound:
		for i, m := range t.Members {
			if i > 0 {
				out.WriteString("; ")
			}
			f.text(out, m.Type, b[m.Offset:])
		}
	case Enum:
		if name := t.Name(b); name != "" {
			out.WriteString(name)
			return
		}
		f.text(out, t.Base, b)
	case Float:
		x, _ := t.Float(b)
		out.WriteString(strconv.FormatFloat(x, 'g', -1, 8*max(4, t.Size)))
	default:
		if err := t.Readable(); err != nil {
			fail("%w", err)
		}
		if v := t.integer(b); t.Signed {
			out.WriteString(strconv.FormatInt(int64(v), 10))
		} else {
			out.WriteString(strconv.FormatUint(v, 10))
		}
	}
}

// list writes n elements joined by ", ".
func (f *File) list(out *strings.Builder, t *Type, n int, b []byte) {
	for i := range n {
		if i > 0 {
			out.WriteString(", ")
		}
		f.text(out, t, b[i*t.Size:])
	}
}

// trim takes the padding off a string: zeros, and where the type says so, spaces.
func trim(b []byte, spaces bool) []byte {
	if k := bytes.IndexByte(b, 0); k >= 0 {
		b = b[:k]
	}
	if spaces {
		b = bytes.TrimRight(b, " ")
	}
	return b
}

// Sequence returns the bytes of the element of a VarLength type that begins at
// b: those of a string, or of its elements one behind the other. They may not
// be changed.
func (f *File) Sequence(t *Type, b []byte) (data []byte, err error) {
	defer rescue(&err)
	_, data = f.sequence(t, b)
	return data, nil
}

// sequence looks an element of a VarLength type up in the global heap.
func (f *File) sequence(t *Type, b []byte) (n int, data []byte) {
	c := f.cursor(b[:t.Size])
	count, address, i := c.u32(), c.address(), c.u32()
	if count == 0 || address == 0 || address == undefined {
		return 0, nil
	}
	data = f.globalObject(address, int(i))
	if uint64(count)*uint64(t.Base.Size) > uint64(len(data)) {
		fail("a sequence of %d elements in %d bytes", count, len(data))
	}
	return int(count), data[:int(count)*t.Base.Size]
}

// Int returns the element of a signed Integer type that begins at b. It is not
// ok for other types.
func (t *Type) Int(b []byte) (v int64, ok bool) {
	if t.Class != Integer || !t.Signed || t.Size > 8 {
		return 0, false
	}
	return int64(t.integer(b)), true
}
