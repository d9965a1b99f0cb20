package hdf5

import (
	"encoding/binary"
	"fmt"
	"io"
)

// broken is what the decoding functions panic with where a file makes no
// sense. The exported functions turn it into an error; see rescue.
type broken struct{ err error }

// fail gives up on what is being decoded.
func fail(format string, args ...any) { panic(broken{fmt.Errorf(format, args...)}) }

// UnsupportedError says that a file uses a feature of HDF5 that this package
// does not read.
type UnsupportedError struct{ Feature string }

// Error returns "... not supported".
func (e *UnsupportedError) Error() string { return e.Feature + ": not supported" }

// unsupported gives up on a feature.
func unsupported(format string, args ...any) {
	panic(broken{&UnsupportedError{fmt.Sprintf(format, args...)}})
}

// rescue is deferred by every exported function that decodes: it turns a panic
// into an error. Indexes out of range count as broken files too: the bytes that
// led there came from one.
func rescue(err *error) {
	switch x := recover().(type) {
	case nil:
	case broken:
		*err = x.err
	case error:
		*err = fmt.Errorf("the structure of the file is broken: %w", x)
	default:
		*err = fmt.Errorf("the structure of the file is broken: %v", x)
	}
}

// undefined is the address of what is not there.
const undefined = ^uint64(0)

// read returns n bytes at an address.
func (f *File) read(address uint64, n uint64) []byte {
	at := address + f.base
	if at < address || at > uint64(f.size) || n > uint64(f.size)-at {
		fail("%d bytes at address %d are outside of the file of %d bytes", n, address, f.size)
	}
	b := make([]byte, n)
	if _, err := f.r.ReadAt(b, int64(at)); err != nil && err != io.EOF {
		fail("%w", err)
	}
	return b
}

// readUpTo returns n bytes at an address, fewer at the end of the file.
func (f *File) readUpTo(address uint64, n uint64) []byte {
	at := address + f.base
	if at < address || at >= uint64(f.size) {
		fail("address %d is outside of the file of %d bytes", address, f.size)
	}
	return f.read(address, min(n, uint64(f.size)-at))
}

// cursor decodes a structure from its bytes, one field after the other.
type cursor struct {
	f *File // for the sizes of its addresses and lengths
	b []byte
	p int
}

func (f *File) cursor(b []byte) *cursor { return &cursor{f: f, b: b} }

// take returns the next n bytes.
func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.b)-c.p {
		fail("a structure of %d bytes is cut short", len(c.b))
	}
	v := c.b[c.p : c.p+n]
	c.p += n
	return v
}

func (c *cursor) left() int   { return len(c.b) - c.p }
func (c *cursor) skip(n int)  { c.take(n) }
func (c *cursor) u8() int     { return int(c.take(1)[0]) }
func (c *cursor) u16() int    { return int(binary.LittleEndian.Uint16(c.take(2))) }
func (c *cursor) u32() uint32 { return binary.LittleEndian.Uint32(c.take(4)) }
func (c *cursor) u64() uint64 { return binary.LittleEndian.Uint64(c.take(8)) }

// uint decodes an unsigned integer of n bytes, of which the first eight count.
func (c *cursor) uint(n int) uint64 {
	var v uint64
	for i, x := range c.take(n) {
		if i < 8 {
			v |= uint64(x) << (8 * i)
		}
	}
	return v
}

// address decodes an address; one of all ones is undefined.
func (c *cursor) address() uint64 {
	v := c.uint(c.f.offsetSize)
	if c.f.offsetSize < 8 && v == 1<<(8*c.f.offsetSize)-1 {
		return undefined
	}
	return v
}

// length decodes the length of something in the file.
func (c *cursor) length() uint64 { return c.uint(c.f.lengthSize) }

// signature makes sure that the next four bytes are s.
func (c *cursor) signature(s string) {
	if got := c.take(4); string(got) != s {
		fail("there is %q where %q should be", got, s)
	}
}

// text decodes a string that a zero ends.
func (c *cursor) text() string {
	for i := c.p; i < len(c.b); i++ {
		if c.b[i] == 0 {
			s := string(c.b[c.p:i])
			c.p = i + 1
			return s
		}
	}
	fail("a name does not end")
	return ""
}
