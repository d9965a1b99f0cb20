package hdf5

import (
	"bufio"
	"io"
	"sync"
)

// largeChunk is from how many bytes on chunks are decoded one at a time, in buffers that
// are used again: of chunks of 128 MiB, two cores would leave a GiB to the collector.
var largeChunk uint64 = 8 << 20 // changed by a test

// buffers lends out large buffers. What is not given back is collected.
type buffers struct {
	decoding sync.Mutex // held while a large chunk is decoded
	spare    sync.Pool  // of *[]byte
}

// get returns a buffer of n bytes with anything in it.
func (p *buffers) get(n int) []byte {
	if uint64(n) < largeChunk {
		return make([]byte, n)
	}
	if b, ok := p.spare.Get().(*[]byte); ok && cap(*b) >= n {
		return (*b)[:n]
	}
	return make([]byte, n, n+checksumBytes)
}

// put takes a buffer back that nobody uses any more.
func (p *buffers) put(b []byte) {
	if uint64(cap(b)) >= largeChunk {
		p.spare.Put(&b)
	}
}

// packedReader reads n bytes at an address piece by piece.
func (f *File) packedReader(address, n uint64) io.Reader {
	at := address + f.base
	if at < address || at > uint64(f.size) || n > uint64(f.size)-at {
		fail("%d bytes at address %d are outside of the file of %d bytes", n, address, f.size)
	}
	return bufio.NewReaderSize(io.NewSectionReader(f.r, int64(at), int64(n)), 256<<10)
}
