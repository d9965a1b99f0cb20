package hdf5

import (
	"math/bits"
	"sync"
)

// localHeap returns the data of the local heap at an address: the names of an
// old group.
func (f *File) localHeap(address uint64) []byte {
	c := f.cursor(f.read(address, uint64(8+2*f.lengthSize+f.offsetSize)))
	c.signature("HEAP")
	c.skip(4)
	size := c.length()
	c.length()
	return f.read(c.address(), size)
}

// heapCache keeps the global heap collections that were read last.
type heapCache struct {
	mu          sync.Mutex
	collections map[uint64]map[int][]byte
	bytes       uint64
}

// heapBytes is how many bytes of collections are kept.
const heapBytes = 64 << 20

// globalObject returns object i of the global heap collection at an address.
func (f *File) globalObject(address uint64, i int) []byte {
	f.heaps.mu.Lock()
	defer f.heaps.mu.Unlock()
	objects, ok := f.heaps.collections[address]
	if !ok {
		c := f.cursor(f.read(address, uint64(8+f.lengthSize)))
		c.signature("GCOL")
		c.skip(4)
		size := c.length()
		objects = f.collection(address, size)
		if f.heaps.bytes+size > heapBytes || f.heaps.collections == nil {
			f.heaps.collections, f.heaps.bytes = map[uint64]map[int][]byte{}, 0
		}
		f.heaps.collections[address] = objects
		f.heaps.bytes += size
	}
	b, ok := objects[i]
	if !ok {
		fail("object %d of the global heap at address %d is missing", i, address)
	}
	return b
}

// collection decodes the objects of a global heap collection.
func (f *File) collection(address, size uint64) map[int][]byte {
	c := f.cursor(f.read(address, size))
	c.skip(8 + f.lengthSize)
	objects := map[int][]byte{}
	for c.left() >= 8+f.lengthSize {
		i := c.u16()
		c.skip(6)
		n := c.length()
		if i == 0 { // free space
			break
		}
		if n > uint64(c.left()) {
			fail("an object of %d bytes in a global heap", n)
		}
		objects[i] = c.take(int(n))
		c.skip(min(c.left(), int(-n&7)))
	}
	return objects
}

// fractalHeap holds the links or attributes of an object that has many.
type fractalHeap struct {
	f                     *File
	width                 uint64 // blocks in a row
	start, largest        uint64 // bytes of the smallest and the largest direct block
	rows                  int    // of the root; 0 if that is a direct block
	root                  uint64
	offsetSize, sizeBytes int // of the parts of an identifier
	longest               uint64
}

// fractalHeap decodes the header of a fractal heap.
func (f *File) fractalHeap(address uint64) *fractalHeap {
	c := f.cursor(f.readUpTo(address, 256))
	c.signature("FRHP")
	c.skip(3)
	filters := c.u16()
	c.skip(1)
	h := &fractalHeap{f: f, longest: uint64(c.u32())}
	c.length()
	c.address()
	c.length()
	c.address()
	for range 8 {
		c.length()
	}
	h.width = uint64(c.u16())
	h.start, h.largest = c.length(), c.length()
	maxBits := c.u16()
	c.skip(2)
	h.root = c.address()
	h.rows = c.u16()
	if filters > 0 {
		unsupported("a compressed fractal heap")
	}
	if h.width == 0 || h.start == 0 || h.start > 1<<32 || h.largest < h.start || maxBits > 64 {
		fail("a fractal heap with blocks of %d to %d bytes", h.start, h.largest)
	}
	h.offsetSize = (maxBits + 7) / 8
	h.sizeBytes = sizeFor(min(h.largest, h.longest))
	return h
}

// object returns what an identifier refers to.
func (h *fractalHeap) object(id []byte) []byte {
	c := h.f.cursor(id)
	switch kind := c.u8() >> 4 & 3; kind {
	case 0:
		at, n := c.uint(h.offsetSize), c.uint(h.sizeBytes)
		if n > h.longest {
			fail("an object of %d bytes in a fractal heap", n)
		}
		return h.f.read(h.locate(at), n)
	case 2:
		return c.take(int(id[0]&15) + 1)
	default:
		unsupported("a huge object in a fractal heap")
		return nil
	}
}

// locate returns the address of a byte of the heap. Blocks lie in rows of
// h.width; those of the first two rows have h.start bytes, those of each
// further row twice as many as those before. Rows behind the largest direct
// block hold indirect blocks, which are divided in the same way.
func (h *fractalHeap) locate(at uint64) uint64 {
	if h.rows == 0 {
		return h.root + at
	}
	block, rows := h.root, h.rows
	direct := bits.Len64(h.largest) - bits.Len64(h.start) + 2
	for range 20 {
		row, rowStart, size := h.row(at)
		column := (at - rowStart) / size
		if row >= rows {
			fail("a byte outside of a fractal heap")
		}
		head := uint64(5 + h.f.offsetSize + h.offsetSize)
		entry := (uint64(row)*h.width + column) * uint64(h.f.offsetSize)
		child := h.f.cursor(h.f.read(block+head+entry, uint64(h.f.offsetSize))).address()
		if child == undefined {
			fail("a block of a fractal heap is missing")
		}
		at -= rowStart + column*size
		if row < direct {
			return child + at
		}
		block = child
		rows = bits.Len64(size) - bits.Len64(h.width*h.start) + 1
	}
	fail("a fractal heap is too deep")
	return 0
}

// row returns the row that a byte of a block is in, where that begins, and how
// large its blocks are.
func (h *fractalHeap) row(at uint64) (row int, start, size uint64) {
	first := h.width * h.start
	if at < first {
		return 0, 0, h.start
	}
	row = bits.Len64(at / first)
	if row > 60 {
		fail("a byte outside of a fractal heap")
	}
	return row, first << (row - 1), h.start << (row - 1)
}
