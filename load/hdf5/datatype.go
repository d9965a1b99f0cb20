package hdf5

import "fmt"

// Class is the kind of a Type.
type Class uint8

// The classes that the format defines.
const (
	Integer Class = iota
	Float
	TimeClass
	String
	Bitfield
	Opaque
	Compound
	Reference
	Enum
	VarLength
	Array
)

var classNames = [...]string{"integer", "float", "time", "string", "bitfield", "opaque", "compound", "reference", "enumeration", "variable-length", "array"}

// String returns the format's name of c, in lower case.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return fmt.Sprintf("Class(%d)", c)
}

// Type describes the elements of a dataset or an attribute.
type Type struct {
	Class     Class
	Size      int // bytes of an element
	BigEndian bool
	Signed    bool     // Integer
	Text      bool     // VarLength: a string, not a sequence of Base
	Members   []Member // Compound
	Base      *Type    // Enum, VarLength, Array: of what
	Dims      []int    // Array
	Names     []string // Enum, in step with Values
	Values    [][]byte

	bitOffset, precision int // Integer, Bitfield, Float
	spaces               bool
	exponentAt, exponent int // Float: where the bits of the exponent begin, and how many they are
	mantissaAt, mantissa int
	signAt               int
	bias                 uint32
	impliedOne           bool
}

// Member is a field of a compound type.
type Member struct {
	Name   string
	Offset int // bytes from the start of the record
	Type   *Type
}

// Bounds on types.
const (
	deepestType = 16
	largestType = 1 << 28 // bytes
)

// datatype decodes a datatype message.
func (f *File) datatype(c *cursor, depth int) *Type {
	if depth > deepestType {
		fail("a type is nested more than %d deep", deepestType)
	}
	head := c.u8()
	bits := c.take(3)
	t := &Type{Class: Class(head & 15), Size: int(c.u32())}
	version := head >> 4
	if t.Size <= 0 || t.Size > largestType {
		fail("a type of %d bytes", t.Size)
	}
	switch t.Class {
	case Integer, Bitfield:
		t.BigEndian, t.Signed = bits[0]&1 != 0, bits[0]&8 != 0
		t.bitOffset, t.precision = c.u16(), c.u16()
		if t.precision == 0 || t.bitOffset+t.precision > 8*t.Size {
			fail("an integer of %d bits in %d bytes", t.precision, t.Size)
		}
	case Float:
		t.float(c, bits)
	case TimeClass:
		c.skip(2)
	case String:
		t.spaces = bits[0]&15 == 2
	case Opaque:
		c.skip(int(bits[0]))
	case Compound:
		for range int(bits[0]) | int(bits[1])<<8 {
			t.Members = append(t.Members, f.member(c, t.Size, version, depth))
		}
	case Reference:
	case Enum:
		t.Base = f.datatype(c, depth+1)
		n := int(bits[0]) | int(bits[1])<<8
		for range n {
			t.Names = append(t.Names, c.paddedText(version))
		}
		for range n {
			t.Values = append(t.Values, c.take(t.Base.Size))
		}
		if t.Base.Size != t.Size {
			fail("an enumeration of %d bytes of values of %d", t.Size, t.Base.Size)
		}
	case VarLength:
		t.Text = bits[0]&15 == 1
		t.Base = f.datatype(c, depth+1)
	case Array:
		t.array(f, c, version, depth)
	default:
		fail("a type of class %d", t.Class)
	}
	return t
}

// float decodes the layout of a floating-point number.
func (t *Type) float(c *cursor, bits []byte) {
	t.BigEndian = bits[0]&1 != 0
	if bits[0]&0x40 != 0 {
		unsupported("VAX floating-point numbers")
	}
	t.impliedOne = bits[0]>>4&3 == 2
	t.signAt = int(bits[1])
	t.bitOffset, t.precision = c.u16(), c.u16()
	t.exponentAt, t.exponent = c.u8(), c.u8()
	t.mantissaAt, t.mantissa = c.u8(), c.u8()
	t.bias = c.u32()
}

// paddedText decodes a name, which versions before 3 fill up to eight bytes.
func (c *cursor) paddedText(version int) string {
	start := c.p
	s := c.text()
	if version < 3 {
		c.skip(-(c.p - start) & 7)
	}
	return s
}

// member decodes a field of a compound type of so many bytes.
func (f *File) member(c *cursor, size, version, depth int) Member {
	m := Member{Name: c.paddedText(version)}
	switch version {
	case 1:
		m.Offset = int(c.u32())
		rank := c.u8()
		c.skip(3 + 4 + 4)
		var dims []int
		for i := range 4 {
			if d := int(c.u32()); i < rank {
				dims = append(dims, d)
			}
		}
		m.Type = f.datatype(c, depth+1)
		if rank > 0 {
			m.Type = &Type{Class: Array, Size: m.Type.Size * product(dims), Base: m.Type, Dims: dims}
		}
	case 2:
		m.Offset = int(c.u32())
		m.Type = f.datatype(c, depth+1)
	default:
		m.Offset = int(c.uint(sizeFor(uint64(size))))
		m.Type = f.datatype(c, depth+1)
	}
	if m.Offset < 0 || m.Type.Size <= 0 || m.Offset > size-m.Type.Size {
		fail("the field %q is outside of its record", m.Name)
	}
	return m
}

// array decodes the rest of an array type.
func (t *Type) array(f *File, c *cursor, version, depth int) {
	rank := c.u8()
	if version < 3 {
		c.skip(3)
	}
	for range rank {
		t.Dims = append(t.Dims, int(c.u32()))
	}
	if version < 3 {
		c.skip(4 * rank)
	}
	t.Base = f.datatype(c, depth+1)
	if product(t.Dims) != t.Size/t.Base.Size || t.Size%t.Base.Size != 0 {
		fail("an array of %v values of %d bytes in %d bytes", t.Dims, t.Base.Size, t.Size)
	}
}

// product returns how many elements an array has.
func product(dims []int) int {
	n := 1
	for _, d := range dims {
		if d <= 0 || n > largestType/d {
			fail("an array of %v values", dims)
		}
		n *= d
	}
	return n
}
