package hdf5

import "sync"

// Dataset is an array of elements of one type.
type Dataset struct {
	Type  *Type
	Dims  []uint64 // none: a single element
	Empty bool     // it has a type, but no elements

	f       *File
	layout  layout
	filters []filter
	fill    []byte // the element that stands where nothing was written; nil = zeros
	index   func() ([]chunk, error)
}

// dataset decodes the messages of a dataset, nil if they are not of one.
func (f *File) dataset(messages []message) *Dataset {
	d := &Dataset{f: f}
	external := false
	for _, m := range messages {
		c := f.cursor(m.body)
		switch m.kind {
		case msgDataspace:
			d.Dims, d.Empty = f.dataspace(c)
		case msgDatatype:
			d.Type = f.datatype(c, 0)
		case msgFill:
			d.fill = fillValue(c)
		case msgLayout:
			d.layout = f.layout(c)
		case msgFilters:
			d.filters = pipeline(c)
		case msgExternal:
			external = true
		}
	}
	if d.Type == nil || d.layout.class == noLayout {
		return nil
	}
	if external {
		unsupported("data in other files")
	}
	d.index = sync.OnceValues(d.chunks)
	return d
}

// Rows returns the length of the first dimension: 1 for a single element.
func (d *Dataset) Rows() uint64 {
	switch {
	case d.Empty:
		return 0
	case len(d.Dims) == 0:
		return 1
	}
	return d.Dims[0]
}

// Filters returns the names of the filters that its data went through, in the
// order in which they were applied.
func (d *Dataset) Filters() []string {
	names := make([]string, len(d.filters))
	for i, f := range d.filters {
		names[i] = f.name()
	}
	return names
}

// ChunkRows returns how many rows a chunk spans, 0 if the data is not chunked.
func (d *Dataset) ChunkRows() uint64 {
	if d.layout.class != chunkedLayout || len(d.layout.chunk) == 0 {
		return 0
	}
	return d.layout.chunk[0]
}

// dataspace decodes the dimensions of a dataset or an attribute.
func (f *File) dataspace(c *cursor) (dims []uint64, empty bool) {
	version, rank := c.u8(), c.u8()
	c.skip(1)
	switch version {
	case 1:
		c.skip(5)
	case 2:
		empty = c.u8() == 2
	default:
		fail("dataspace version %d", version)
	}
	if rank > 32 {
		fail("%d dimensions", rank)
	}
	dims = make([]uint64, rank)
	for i := range dims {
		dims[i] = c.length()
	}
	return dims, empty
}

// fillValue decodes a fill value message.
func fillValue(c *cursor) []byte {
	switch version := c.u8(); version {
	case 1, 2:
		c.skip(2)
		if defined := c.u8(); version == 2 && defined == 0 {
			return nil
		}
	case 3:
		if flags := c.u8(); flags&0x20 == 0 {
			return nil
		}
	default:
		fail("fill value version %d", version)
	}
	return c.take(int(c.u32()))
}

// Layout classes. The format numbers them from 0.
const (
	noLayout = iota
	compactLayout
	contiguousLayout
	chunkedLayout
	virtualLayout
)

// layout says where the data of a dataset is.
type layout struct {
	class   int
	data    []byte   // compact
	address uint64   // of the data, or of the index of the chunks
	size    uint64   // contiguous: in bytes; undefined if the format does not tell
	chunk   []uint64 // dimensions of a chunk, in elements
	index   int      // how chunks are found
	single  chunk    // singleChunk: its size and mask; size undefined if it is not filtered
	rawEdge bool     // chunks that reach over the end of the dataset are not filtered
}

// Kinds of indexes of chunks.
const (
	tree1Index = iota
	singleChunk
	implicitIndex
	fixedArray
	extensibleArray
	tree2Index
)

// layout decodes a data layout message.
func (f *File) layout(c *cursor) layout {
	var l layout
	switch version := c.u8(); version {
	case 1, 2:
		f.layout1(c, &l)
	case 3, 4, 5:
		l.class = c.u8() + 1
		switch l.class {
		case compactLayout:
			l.data = c.take(c.u16())
		case contiguousLayout:
			l.address, l.size = c.address(), c.length()
		case chunkedLayout:
			if version == 3 {
				rank := c.u8()
				l.address = c.address()
				for range rank {
					l.chunk = append(l.chunk, uint64(c.u32()))
				}
			} else {
				f.layout4(c, &l)
			}
			if len(l.chunk) < 2 {
				fail("chunks of %d dimensions", len(l.chunk))
			}
			l.chunk = l.chunk[:len(l.chunk)-1] // the last is the size of an element
		case virtualLayout:
			unsupported("a virtual dataset, made of parts of others")
		default:
			fail("layout class %d", l.class-1)
		}
	default:
		fail("layout version %d", version)
	}
	return l
}

// layout1 decodes versions 1 and 2.
func (f *File) layout1(c *cursor, l *layout) {
	rank := c.u8()
	l.class = c.u8() + 1
	c.skip(5)
	if l.class != compactLayout {
		l.address = c.address()
	}
	dims := make([]uint64, rank)
	for i := range dims {
		dims[i] = uint64(c.u32())
	}
	switch l.class {
	case compactLayout:
		l.data = c.take(int(c.u32()))
	case contiguousLayout:
		l.size = undefined
	case chunkedLayout:
		if rank < 2 {
			fail("chunks of %d dimensions", rank)
		}
		l.chunk = dims[:rank-1]
	default:
		fail("layout class %d", l.class-1)
	}
}

// layout4 decodes the chunked layout of versions 4 and 5.
func (f *File) layout4(c *cursor, l *layout) {
	flags, rank, size := c.u8(), c.u8(), c.u8()
	for range rank {
		l.chunk = append(l.chunk, c.uint(size))
	}
	l.rawEdge = flags&1 != 0
	l.index = c.u8()
	switch l.index {
	case singleChunk:
		l.single.size = undefined
		if flags&2 != 0 {
			l.single.size = c.length()
			l.single.mask = c.u32()
		}
	case implicitIndex:
	case fixedArray:
		c.skip(1)
	case extensibleArray:
		c.skip(5)
	case tree2Index:
		c.skip(6)
	default:
		fail("chunk index %d", l.index)
	}
	l.address = c.address()
}
