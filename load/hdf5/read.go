package hdf5

import (
	"io"
	"math/bits"
)

// Reader hands out the rows of a dataset in order: a row is what lies behind
// one index of the first dimension. A Reader is for one goroutine.
type Reader struct {
	d        *Dataset
	rowSize  uint64 // bytes
	next     uint64 // row
	end      uint64
	grid     grid
	chunks   []chunk // those not passed yet
	stripe   []byte  // decoded rows: of one row of chunks, or of a read
	first, n uint64  // which rows stripe holds
	started  bool
	lent     bool // stripe is a buffer of the file
	shuffled bool // stripe holds the bytes of its elements apart, as filterShuffle wrote them
	rows     []byte
}

// NewReader returns a Reader of n rows from row first on; fewer where the
// dataset ends.
func (d *Dataset) NewReader(first, n uint64) *Reader {
	rows := d.Rows()
	first = min(first, rows)
	return &Reader{d: d, next: first, end: first + min(n, rows-first)}
}

// RowSize returns how many bytes a row has.
func (d *Dataset) RowSize() (size int, err error) {
	defer rescue(&err)
	return int(d.rowSize()), nil
}

func (d *Dataset) rowSize() uint64 {
	size := uint64(d.Type.Size)
	for i, n := range d.Dims {
		if i == 0 {
			continue
		}
		high, product := bits.Mul64(size, n)
		if high != 0 || product > d.f.bound() {
			fail("rows of %v elements of %d bytes in a file of %d bytes", d.Dims[1:], d.Type.Size, d.f.size)
		}
		size = product
	}
	return size
}

// stripeBytes is how many bytes of data that is not chunked are read at once.
const stripeBytes = 1 << 20

// Next returns the bytes of the next rows, at most most of them, and how many
// they are. They are valid until the next call. After the last row it returns
// io.EOF.
func (r *Reader) Next(most int) (rows []byte, n int, err error) {
	defer rescue(&err)
	if r.next == r.end {
		return nil, 0, io.EOF
	}
	if !r.started {
		if err := r.start(); err != nil {
			return nil, 0, err
		}
	}
	if r.next < r.first || r.next >= r.first+r.n {
		r.load()
	}
	at := r.next - r.first
	k := min(uint64(most), r.n-at, r.end-r.next)
	r.next += k
	if r.shuffled {
		return r.unshuffled(at, k), int(k), nil
	}
	return r.stripe[at*r.rowSize : (at+k)*r.rowSize], int(k), nil
}

// unshuffled brings the bytes of k rows of a shuffled stripe together.
func (r *Reader) unshuffled(at, k uint64) []byte {
	size := uint64(r.d.Type.Size)
	n, first, count := uint64(len(r.stripe))/size, at*r.rowSize/size, k*r.rowSize/size
	if uint64(cap(r.rows)) < k*r.rowSize {
		r.rows = make([]byte, k*r.rowSize)
	}
	r.rows = r.rows[:k*r.rowSize]
	for j := range size {
		for i, v := range r.stripe[j*n+first:][:count] {
			r.rows[uint64(i)*size+j] = v
		}
	}
	return r.rows
}

// Release gives back what r holds in memory; what Next has returned is no longer valid.
func (r *Reader) Release() {
	if r.lent {
		r.d.f.buffers.put(r.stripe)
	}
	r.stripe, r.lent, r.shuffled, r.first, r.n = nil, false, false, 0, 0
}

// start checks that the dataset can be as large as it says.
func (r *Reader) start() error {
	d := r.d
	r.started = true
	r.rowSize = d.rowSize()
	high, size := bits.Mul64(d.Rows(), max(1, r.rowSize))
	if high != 0 || size/16 > d.f.bound() {
		fail("%v elements of %d bytes in a file of %d bytes", d.Dims, d.Type.Size, d.f.size)
	}
	switch d.layout.class {
	case compactLayout:
		if uint64(len(d.layout.data)) < size {
			fail("%d bytes of data where %d should be", len(d.layout.data), size)
		}
	case contiguousLayout:
		if d.layout.address != undefined && d.layout.size != undefined && d.layout.size < size {
			fail("%d bytes of data where %d should be", d.layout.size, size)
		}
	case chunkedLayout:
		if d.Rows() == 0 || r.rowSize == 0 {
			return nil
		}
		r.grid = d.grid()
		var err error
		r.chunks, err = d.index()
		return err
	}
	return nil
}

// load fills stripe with the row r.next and those after it.
func (r *Reader) load() {
	d := r.d
	if d.layout.class == chunkedLayout {
		r.loadChunks()
		return
	}
	r.first = r.next
	r.n = min(r.end-r.next, max(1, stripeBytes/max(1, r.rowSize)))
	size := r.n * r.rowSize
	switch {
	case d.layout.class == compactLayout:
		r.stripe = d.layout.data[r.first*r.rowSize:][:size]
	case d.layout.address == undefined:
		r.stripe = make([]byte, size)
		d.blank(r.stripe)
	default:
		r.stripe = d.f.read(d.layout.address+r.first*r.rowSize, size)
	}
}

// blank fills rows with the fill value.
func (d *Dataset) blank(b []byte) {
	if len(d.fill) != d.Type.Size {
		clear(b)
		return
	}
	for n := copy(b, d.fill); n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}

// loadChunks decodes the row of chunks that r.next is in.
func (r *Reader) loadChunks() {
	d := r.d
	height := d.layout.chunk[0]
	band := r.next / height
	r.first = band * height
	r.n = min(height, d.Dims[0]-r.first)
	if high, size := bits.Mul64(r.n, r.rowSize); high != 0 || size > 4*d.f.bound() {
		fail("a row of chunks of %d bytes in a file of %d bytes", size, d.f.size)
	}
	perBand := r.grid.total / r.grid.counts[0]
	for len(r.chunks) > 0 && r.chunks[0].number/perBand < band {
		r.chunks = r.chunks[1:]
	}
	stored := uint64(0)
	for _, c := range r.chunks {
		if c.number/perBand > band {
			break
		}
		stored++
	}
	if r.grid.bytes >= largeChunk {
		d.f.buffers.decoding.Lock()
		defer d.f.buffers.decoding.Unlock()
		if r.lent { // before another is taken
			d.f.buffers.put(r.stripe)
			r.stripe, r.lent = nil, false
		}
	}
	size := r.n * r.rowSize
	r.shuffled = false
	if perBand == 1 && stored == 1 && size <= r.grid.bytes { // the chunk is the stripe
		c := r.chunks[0]
		r.shuffled = r.leavesShuffled(c)
		r.stripe, r.lent = r.decode(c), r.grid.bytes >= largeChunk
		if r.shuffled {
			r.stripe = r.stripe[:r.grid.bytes]
		} else {
			r.stripe = r.stripe[:size]
		}
		return
	}
	if uint64(cap(r.stripe)) < size {
		r.stripe, r.lent = d.f.buffers.get(int(size)), r.grid.bytes >= largeChunk
	} else {
		r.stripe = r.stripe[:size]
	}
	if stored < perBand {
		d.blank(r.stripe)
	}
	for _, c := range r.chunks[:stored] {
		r.place(c)
	}
}

// leavesShuffled reports whether a chunk is large and its bytes were shuffled before
// all else. They are brought together row by row then, not in a second buffer as
// large as the chunk.
func (r *Reader) leavesShuffled(c chunk) bool {
	d := r.d
	if r.grid.bytes < largeChunk || len(d.filters) == 0 || d.filters[0].id != filterShuffle || c.mask&1 == 1 || d.Type.Size < 2 {
		return false
	}
	parameters := d.filters[0].parameters
	return (len(parameters) == 0 || int(parameters[0]) == d.Type.Size) && !(r.isEdge(c) && d.layout.rawEdge)
}

// isEdge reports whether a chunk reaches over the end of the dataset.
func (r *Reader) isEdge(c chunk) bool {
	edge := false
	for i, at := range r.d.offset(r.grid, c.number) {
		edge = edge || r.d.Dims[i]-at < r.d.layout.chunk[i]
	}
	return edge
}

// decode returns the bytes of a chunk, still shuffled if r is to leave it so.
func (r *Reader) decode(c chunk) []byte {
	d := r.d
	var data []byte
	switch {
	case r.isEdge(c) && d.layout.rawEdge:
		data = d.f.read(c.address, c.size)
	case r.shuffled:
		data = d.unfilter(c, r.grid.bytes, 1)
	default:
		data = d.unfilter(c, r.grid.bytes, 0)
	}
	if uint64(len(data)) < r.grid.bytes {
		fail("a chunk has %d of %d bytes", len(data), r.grid.bytes)
	}
	return data
}

// place decodes a chunk and copies it to where it lies in stripe.
func (r *Reader) place(c chunk) {
	d := r.d
	at := d.offset(r.grid, c.number)
	rank := len(at)
	extent := make([]uint64, rank) // of the part of the chunk that is in the dataset
	whole := true                  // the chunk spans whole rows
	for i := range extent {
		extent[i] = min(d.layout.chunk[i], d.Dims[i]-at[i])
		whole = whole && (i == 0 || d.layout.chunk[i] == d.Dims[i])
	}
	data := r.decode(c)
	defer d.f.buffers.put(data)
	element := uint64(d.Type.Size)
	if whole {
		copy(r.stripe[(at[0]-r.first)*r.rowSize:], data[:extent[0]*r.rowSize])
		return
	}
	run := extent[rank-1] * element
	k := make([]uint64, rank) // of a run of elements, within the chunk
	for {
		from, to := k[0], at[0]-r.first+k[0]
		for i := 1; i < rank; i++ {
			from = from*d.layout.chunk[i] + k[i]
			to = to*d.Dims[i] + at[i] + k[i]
		}
		copy(r.stripe[to*element:][:run], data[from*element:][:run])
		i := rank - 2
		for ; i >= 0; i-- {
			if k[i]++; k[i] < extent[i] {
				break
			}
			k[i] = 0
		}
		if i < 0 {
			return
		}
	}
}
