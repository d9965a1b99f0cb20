package hdf5

import (
	"cmp"
	"math/bits"
	"slices"
)

// chunk is one stored chunk of a dataset.
type chunk struct {
	number  uint64 // in row-major order over the grid of chunks
	address uint64
	size    uint64 // bytes stored
	mask    uint32 // bit i set: filter i was left out
}

// grid is how the chunks of a dataset lie.
type grid struct {
	counts []uint64 // chunks along each dimension
	total  uint64
	bytes  uint64 // of a chunk, decoded
}

// grid computes the grid and checks its size.
func (d *Dataset) grid() grid {
	g := grid{counts: make([]uint64, len(d.Dims)), total: 1, bytes: uint64(d.Type.Size)}
	if len(d.layout.chunk) != len(d.Dims) || len(d.Dims) == 0 {
		fail("chunks of %d dimensions in a dataset of %d", len(d.layout.chunk), len(d.Dims))
	}
	for i, n := range d.layout.chunk {
		if n == 0 {
			fail("chunks of no length")
		}
		g.counts[i] = d.Dims[i] / n
		if d.Dims[i]%n != 0 {
			g.counts[i]++
		}
		high, total := bits.Mul64(g.total, g.counts[i])
		if high != 0 {
			fail("too many chunks")
		}
		g.total = total
		high, g.bytes = bits.Mul64(g.bytes, n)
		if high != 0 || g.bytes > d.f.bound() {
			fail("chunks of %v elements of %d bytes in a file of %d bytes", d.layout.chunk, d.Type.Size, d.f.size)
		}
	}
	return g
}

// offset returns where a chunk begins, in elements.
func (d *Dataset) offset(g grid, number uint64) []uint64 {
	at := make([]uint64, len(g.counts))
	for i := len(at) - 1; i >= 0; i-- {
		at[i] = number % g.counts[i] * d.layout.chunk[i]
		number /= g.counts[i]
	}
	return at
}

// number is the inverse of offset; it is not ok for a place outside of the dataset.
func (d *Dataset) number(g grid, at []uint64) (n uint64, ok bool) {
	for i := range at {
		k := at[i] / d.layout.chunk[i]
		if k >= g.counts[i] {
			return 0, false
		}
		n = n*g.counts[i] + k
	}
	return n, true
}

// chunks lists the stored chunks in the order of their numbers.
func (d *Dataset) chunks() (out []chunk, err error) {
	defer rescue(&err)
	g := d.grid()
	if d.layout.address == undefined || g.total == 0 {
		return nil, nil
	}
	add := func(c chunk) {
		if c.address == undefined {
			return
		}
		if uint64(len(out)) > uint64(d.f.size) || c.size > uint64(d.f.size) {
			fail("more chunks than the file has room for")
		}
		out = append(out, c)
	}
	switch d.layout.index {
	case tree1Index:
		d.chunkTree1(g, add)
	case singleChunk:
		c := d.layout.single
		c.address = d.layout.address
		if c.size == undefined {
			c.size = g.bytes
		}
		add(c)
	case implicitIndex:
		if g.total > uint64(d.f.size)/g.bytes+1 {
			fail("%d chunks of %d bytes in a file of %d bytes", g.total, g.bytes, d.f.size)
		}
		for k := range g.total {
			add(chunk{number: k, address: d.layout.address + k*g.bytes, size: g.bytes})
		}
	case fixedArray:
		d.fixedArray(g, add)
	case extensibleArray:
		d.extensibleArray(g, add)
	case tree2Index:
		d.chunkTree2(g, add)
	}
	slices.SortFunc(out, func(a, b chunk) int { return cmp.Compare(a.number, b.number) })
	for i := 1; i < len(out); i++ {
		if out[i].number == out[i-1].number {
			fail("a chunk is stored twice")
		}
	}
	return out, nil
}

// chunkTree1 walks a version 1 B-tree of chunks. A key is the stored size, the
// mask, and where the chunk begins, with one dimension more for the elements.
func (d *Dataset) chunkTree1(g grid, add func(chunk)) {
	seen := map[uint64]bool{}
	rank := len(d.Dims)
	var walk func(address uint64)
	walk = func(address uint64) {
		if seen[address] {
			fail("the tree of the chunks leads in a circle")
		}
		seen[address] = true
		level, n, c := d.f.tree1(address, 1, 8+8*(rank+1))
		at := make([]uint64, rank)
		for range n {
			size, mask := c.u32(), c.u32()
			for i := range at {
				at[i] = c.u64()
			}
			c.skip(8)
			child := c.address()
			if level > 0 {
				walk(child)
			} else if k, ok := d.number(g, at); ok {
				add(chunk{k, child, uint64(size), mask})
			}
		}
	}
	walk(d.layout.address)
}

// chunkTree2 walks a version 2 B-tree of chunks: kind 10, or 11 with filters.
func (d *Dataset) chunkTree2(g grid, add func(chunk)) {
	rank := len(d.Dims)
	at := make([]uint64, rank)
	d.f.tree2(d.layout.address, func(kind int, record []byte) {
		c := d.f.cursor(record)
		k := chunk{address: c.address(), size: g.bytes}
		switch kind {
		case 10:
		case 11:
			k.size = c.uint(len(record) - d.f.offsetSize - 4 - 8*rank)
			k.mask = c.u32()
		default:
			fail("a tree of chunks has records of kind %d", kind)
		}
		for i := range at {
			n := c.u64()
			if n >= g.counts[i] {
				return
			}
			at[i] = n * d.layout.chunk[i]
		}
		var ok bool
		if k.number, ok = d.number(g, at); ok {
			add(k)
		}
	})
}

// element decodes an element of a fixed or extensible array: the address of
// chunk k; with filters (client 1) also its stored size and its mask.
func (d *Dataset) element(c *cursor, client, size int, k uint64, g grid) chunk {
	out := chunk{number: k, address: c.address(), size: g.bytes}
	if client == 1 {
		out.size = c.uint(size - d.f.offsetSize - 4)
		out.mask = c.u32()
	}
	return out
}
