package hdf5

import "math/bits"

// pages tells which pages of a block of elements were ever written: bit p of a
// bitmap, the highest of each byte first. A nil bitmap means all.
type pages []byte

func (p pages) written(i uint64) bool { return p == nil || p[i/8]>>(7-i%8)&1 == 1 }

// fixedArray reads a fixed array index.
func (d *Dataset) fixedArray(g grid, add func(chunk)) {
	f := d.f
	c := f.cursor(f.readUpTo(d.layout.address, 64))
	c.signature("FAHD")
	c.skip(1)
	client, size, pageBits := c.u8(), c.u8(), c.u8()
	n := min(c.length(), g.total)
	block := c.address()
	if block == undefined {
		return
	}
	if size == 0 || pageBits > 30 || n > uint64(f.size) {
		fail("a fixed array of %d elements of %d bytes", n, size)
	}
	f.cursor(f.read(block, 4)).signature("FADB")
	page := uint64(1) << pageBits
	at := block + uint64(6+f.offsetSize)
	if n <= page {
		d.elements(at, client, size, 0, n, g, add)
		return
	}
	count := (n + page - 1) / page
	written := pages(f.read(at, (count+7)/8))
	at += (count+7)/8 + 4
	for p := range count {
		if written.written(p) {
			d.elements(at, client, size, p*page, min(page, n-p*page), g, add)
		}
		at += page*uint64(size) + 4
	}
}

// elements reads n elements from first on.
func (d *Dataset) elements(at uint64, client, size int, first, n uint64, g grid, add func(chunk)) {
	c := d.f.cursor(d.f.read(at, n*uint64(size)))
	for k := range n {
		add(d.element(c, client, size, first+k, g))
	}
}

// arrayReader walks an extensible array: some elements lie in its index block,
// the others in data blocks that grow, first listed there, then in super blocks.
type arrayReader struct {
	d            *Dataset
	g            grid
	add          func(chunk)
	client, size int    // of elements
	offsetBytes  int    // of a block's number
	page         uint64 // elements of a page
	at, n        uint64 // the next element, and how many there are
}

// extensibleArray reads an extensible array index.
func (d *Dataset) extensibleArray(g grid, add func(chunk)) {
	f := d.f
	c := f.cursor(f.readUpTo(d.layout.address, 128))
	c.signature("EAHD")
	c.skip(1)
	client, size, maxBits, inIndex, least, leastPointers, pageBits := c.u8(), c.u8(), c.u8(), c.u8(), c.u8(), c.u8(), c.u8()
	for range 4 {
		c.length()
	}
	n := c.length()
	c.length()
	index := c.address()
	if index == undefined {
		return
	}
	if least == 0 || leastPointers == 0 || maxBits > 64 || pageBits > 30 || size == 0 {
		fail("an extensible array with blocks of %d elements", least)
	}
	a := &arrayReader{d: d, g: g, add: add, client: client, size: size,
		offsetBytes: (maxBits + 7) / 8, page: 1 << pageBits, n: min(n, g.total)}
	supers := 1 + maxBits - (bits.Len(uint(least)) - 1)
	direct := 2 * (bits.Len(uint(leastPointers)) - 1) // super blocks whose data blocks the index lists itself
	blocks := 2 * (leastPointers - 1)
	length := 6 + f.offsetSize + inIndex*size + blocks*f.offsetSize + max(0, supers-direct)*f.offsetSize
	c = f.cursor(f.read(index, uint64(length)))
	c.signature("EAIB")
	c.skip(2 + f.offsetSize)
	for range inIndex {
		k := d.element(f.cursor(c.take(size)), client, size, a.at, g)
		if a.at < a.n {
			add(k)
		}
		a.at++
	}
	for s := 0; s < supers && a.at < a.n; s++ {
		count := uint64(1) << (s / 2)
		elements := uint64(least) << ((s + 1) / 2)
		if s < direct {
			for range count {
				a.block(c.address(), elements, nil)
			}
		} else {
			a.super(c.address(), count, elements)
		}
	}
}

// super reads a super block of count data blocks.
func (a *arrayReader) super(address, count, elements uint64) {
	if address == undefined {
		a.at += count * elements
		return
	}
	f := a.d.f
	bitmap := uint64(0) // bytes for each data block
	if elements > a.page {
		bitmap = (elements/a.page + 7) / 8
	}
	head := uint64(6 + f.offsetSize + a.offsetBytes)
	if count > uint64(f.size) || bitmap > uint64(f.size) {
		fail("a super block of %d blocks", count)
	}
	c := f.cursor(f.read(address, head+count*(bitmap+uint64(f.offsetSize))))
	c.signature("EASB")
	c.skip(int(head) - 4)
	written := make([]pages, count)
	for i := range written {
		if bitmap > 0 {
			written[i] = c.take(int(bitmap))
		}
	}
	for i := range written {
		a.block(c.address(), elements, written[i])
	}
}

// block reads a data block of so many elements.
func (a *arrayReader) block(address, elements uint64, written pages) {
	first := a.at
	a.at += elements
	if address == undefined || first >= a.n {
		return
	}
	f := a.d.f
	f.cursor(f.read(address, 4)).signature("EADB")
	at := address + uint64(6+f.offsetSize+a.offsetBytes)
	if elements <= a.page {
		a.d.elements(at, a.client, a.size, first, min(elements, a.n-first), a.g, a.add)
		return
	}
	at += 4 // checksum
	for p := range elements / a.page {
		start := first + p*a.page
		if start >= a.n {
			break
		}
		if written.written(p) {
			a.d.elements(at, a.client, a.size, start, min(a.page, a.n-start), a.g, a.add)
		}
		at += a.page*uint64(a.size) + 4
	}
}
