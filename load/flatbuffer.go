package load

import (
	"encoding/binary"
	"fmt"
)

// flatTable is a table in a flatbuffer, the encoding of Arrow's metadata. Its
// methods panic if the bytes lead outside of the buffer, so they are only
// called guarded. Fields are numbered in the order of the schema.
//
// Source: FlatBuffers, "Internals", flatbuffers.dev/internals.
type flatTable struct {
	b  []byte
	at int
}

// rootTable returns the table that a buffer holds.
func rootTable(b []byte) flatTable {
	return flatTable{b, int(binary.LittleEndian.Uint32(b))}
}

// field returns where field i is, 0 if it has its default value.
func (t flatTable) field(i int) int {
	vtable := t.at - int(int32(binary.LittleEndian.Uint32(t.b[t.at:])))
	if length := int(binary.LittleEndian.Uint16(t.b[vtable:])); 4+2*i+2 > length {
		return 0
	}
	offset := int(binary.LittleEndian.Uint16(t.b[vtable+4+2*i:]))
	if offset == 0 {
		return 0
	}
	return t.at + offset
}

// byte returns field i, a byte.
func (t flatTable) byte(i int) byte {
	if p := t.field(i); p != 0 {
		return t.b[p]
	}
	return 0
}

// long returns field i, a 64-bit integer.
func (t flatTable) long(i int) int64 {
	if p := t.field(i); p != 0 {
		return int64(binary.LittleEndian.Uint64(t.b[p:]))
	}
	return 0
}

// table returns field i, a table that must be there.
func (t flatTable) table(i int) flatTable {
	p := t.field(i)
	if p == 0 {
		panic(fmt.Errorf("field %d is missing in the metadata at byte %d", i, t.at))
	}
	return flatTable{t.b, p + int(binary.LittleEndian.Uint32(t.b[p:]))}
}

// vector returns where field i, a vector of elements of so many bytes, begins
// and how many there are.
func (t flatTable) vector(i, size int) (at, n int) {
	p := t.field(i)
	if p == 0 {
		return 0, 0
	}
	p += int(binary.LittleEndian.Uint32(t.b[p:]))
	n = int(binary.LittleEndian.Uint32(t.b[p:]))
	if n > (len(t.b)-p-4)/size {
		panic(fmt.Errorf("%d elements of %d bytes at byte %d of %d of the metadata", n, size, p, len(t.b)))
	}
	return p + 4, n
}

// element returns element i of a vector of tables that begins at byte at.
func (t flatTable) element(at, i int) flatTable {
	p := at + 4*i
	return flatTable{t.b, p + int(binary.LittleEndian.Uint32(t.b[p:]))}
}
