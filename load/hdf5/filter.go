package hdf5

import (
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// filter is one step that chunks went through when they were written.
type filter struct {
	id         int
	parameters []uint32
}

// Filters by their registered numbers.
const (
	filterDeflate     = 1
	filterShuffle     = 2
	filterFletcher    = 3
	filterSzip        = 4
	filterNBit        = 5
	filterScaleOffset = 6
	filterLZO         = 305
	filterBzip2       = 307
	filterLZF         = 32000
	filterBlosc       = 32001
	filterLZ4         = 32004
	filterBitshuffle  = 32008
	filterZFP         = 32013
	filterZstd        = 32015
	filterBlosc2      = 32026
)

var filterNames = map[int]string{
	filterDeflate: "deflate", filterShuffle: "shuffle", filterFletcher: "fletcher32", filterSzip: "szip",
	filterNBit: "n-bit", filterScaleOffset: "scale-offset", filterLZO: "LZO", filterBzip2: "bzip2",
	filterLZF: "LZF", filterBlosc: "blosc", filterLZ4: "LZ4", filterBitshuffle: "bitshuffle",
	filterZFP: "zfp", filterZstd: "Zstandard", filterBlosc2: "blosc2",
}

func (f filter) name() string {
	if name, ok := filterNames[f.id]; ok {
		return name
	}
	return fmt.Sprintf("filter %d", f.id)
}

// pipeline decodes a filter pipeline message.
func pipeline(c *cursor) []filter {
	version, n := c.u8(), c.u8()
	if version == 1 {
		c.skip(6)
	}
	filters := make([]filter, n)
	for i := range filters {
		f := &filters[i]
		f.id = c.u16()
		name := 0
		if version == 1 || f.id >= 256 {
			name = c.u16()
		}
		c.skip(2) // flags
		parameters := c.u16()
		if version == 1 {
			name = (name + 7) &^ 7
		}
		c.skip(name)
		for range parameters {
			f.parameters = append(f.parameters, c.u32())
		}
		if version == 1 && parameters%2 == 1 {
			c.skip(4)
		}
	}
	return filters
}

// unfilter undoes the filters of a chunk, last first, and returns its want
// bytes, or fewer if the chunk is broken. mask has a bit set for each filter
// that was left out.
func unfilter(filters []filter, mask uint32, b []byte, want uint64, t *Type) []byte {
	return unfilterWith(&buffers{}, filters, 0, mask, b, nil, want, t)
}

// checksumBytes is how many bytes a checksum inside of what is compressed may have.
const checksumBytes = 4

// unfilter is unfilter for a chunk of d that leaves the first filters, as many as until
// says, as they are. What it returns is of the file's buffers, if it is large.
func (d *Dataset) unfilter(c chunk, want uint64, until int) []byte {
	last := -1 // the filter that is undone first
	for i := until; i < len(d.filters); i++ {
		if i >= 32 || c.mask>>i&1 == 0 {
			last = i
		}
	}
	if want >= largeChunk && last >= 0 {
		switch d.filters[last].id {
		case filterDeflate, filterBzip2, filterZstd: // what is packed need not be in memory at once
			return unfilterWith(&d.f.buffers, d.filters, until, c.mask, nil, d.f.packedReader(c.address, c.size), want, d.Type)
		}
	}
	return unfilterWith(&d.f.buffers, d.filters, until, c.mask, d.f.read(c.address, c.size), nil, want, d.Type)
}

// unfilterWith is unfilter with buffers. What is packed is in b, or comes from packed if
// that is not nil and the first filter to be undone inflates.
func unfilterWith(p *buffers, filters []filter, until int, mask uint32, b []byte, packed io.Reader, want uint64, t *Type) []byte {
	most := int(want) + checksumBytes
	var held []byte // the buffer of p that b is part of
	hold := func(made []byte) {
		p.put(held)
		b, held = made, made
	}
	source := func() io.Reader {
		if r := packed; r != nil {
			packed = nil
			return r
		}
		return bytes.NewReader(b)
	}
	for i := len(filters) - 1; i >= until; i-- {
		if i < 32 && mask>>i&1 == 1 {
			continue
		}
		f := filters[i]
		switch f.id {
		case filterDeflate:
			r, err := zlib.NewReader(source())
			hold(inflated(f, r, err, p.get(most)))
		case filterBzip2:
			hold(inflated(f, bzip2.NewReader(source()), nil, p.get(most)))
		case filterZstd:
			hold(unzstd(source(), p.get(most)))
		case filterLZ4:
			b = unlz4(b, most)
		case filterShuffle:
			size := t.Size
			if len(f.parameters) > 0 {
				size = int(f.parameters[0])
			}
			if size > 1 && len(b) >= 2*size {
				hold(unshuffleInto(p.get(len(b)), b, size))
			}
		case filterFletcher:
			b = checkFletcher(b)
		case filterScaleOffset:
			b = unscale(b, f.parameters, want)
		case filterLZF:
			b = unlzf(b, most)
		case filterBlosc:
			b = unblosc(b, most)
		default:
			unsupported("data filtered by %s", f.name())
		}
	}
	return b
}

// inflated reads all that r has into out, as far as it has room, and returns that.
func inflated(f filter, r io.Reader, err error, out []byte) []byte {
	n := 0
	if err == nil {
		n, err = io.ReadFull(r, out)
	}
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		fail("%s: %w", f.name(), err)
	}
	return out[:n]
}

// unzstd decompresses Zstandard frames into out, as far as it has room.
func unzstd(r io.Reader, out []byte) []byte {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(128<<20))
	if err != nil {
		fail("Zstandard: %w", err)
	}
	defer d.Close()
	return inflated(filter{id: filterZstd}, d, nil, out)
}

// unlz4 decodes the LZ4 filter: the size of the data (8 bytes) and of a block
// (4), highest byte first, then each block behind its compressed size; a block
// that LZ4 could not make smaller is stored.
func unlz4(b []byte, most int) []byte {
	size := binary.BigEndian.Uint64(b)
	block := int(binary.BigEndian.Uint32(b[8:]))
	if size > uint64(most) || block == 0 {
		fail("LZ4: %d bytes in blocks of %d", size, block)
	}
	out := make([]byte, size)
	b = b[12:]
	for at := 0; at < len(out); at += block {
		part := out[at:min(at+block, len(out))]
		n := int(binary.BigEndian.Uint32(b))
		in := b[4 : 4+n]
		b = b[4+n:]
		if n == len(part) {
			copy(part, in)
			continue
		}
		if k, err := lz4.UncompressBlock(in, part); err != nil || k != len(part) {
			fail("LZ4: %d of %d bytes: %v", k, len(part), err)
		}
	}
	return out
}

// unshuffle brings the bytes of elements of so many bytes back together: byte j
// of all elements stood in one run. What is left over is at the end as it was.
func unshuffle(b []byte, size int) []byte {
	if size <= 1 || len(b) < 2*size {
		return b
	}
	return unshuffleInto(make([]byte, len(b)), b, size)
}

// unshuffleInto is unshuffle of b, two elements at least, into out, which is as long.
func unshuffleInto(out, b []byte, size int) []byte {
	n := len(b) / size
	if size == 8 {
		p0, p1, p2, p3 := b[:n], b[n:2*n], b[2*n:3*n], b[3*n:4*n]
		p4, p5, p6, p7 := b[4*n:5*n], b[5*n:6*n], b[6*n:7*n], b[7*n:8*n]
		for i := range n {
			v := uint64(p0[i]) | uint64(p1[i])<<8 | uint64(p2[i])<<16 | uint64(p3[i])<<24 |
				uint64(p4[i])<<32 | uint64(p5[i])<<40 | uint64(p6[i])<<48 | uint64(p7[i])<<56
			binary.LittleEndian.PutUint64(out[8*i:], v)
		}
	} else {
		for j := range size {
			for i, v := range b[j*n : (j+1)*n] {
				out[i*size+j] = v
			}
		}
	}
	copy(out[n*size:], b[n*size:])
	return out
}

// checkFletcher checks and takes off the checksum behind the data. Old versions
// of the library wrote it with the bytes of each half exchanged.
func checkFletcher(b []byte) []byte {
	if len(b) < 4 {
		fail("fletcher32: %d bytes", len(b))
	}
	data := b[:len(b)-4]
	want, got := binary.LittleEndian.Uint32(b[len(data):]), fletcher32(data)
	exchanged := got>>8&0x00ff00ff | got<<8&0xff00ff00
	if got != want && exchanged != want {
		fail("fletcher32: the checksum of a chunk is %08x, it should be %08x", got, want)
	}
	return data
}

// fletcher32 returns Fletcher's checksum of data as 16-bit words, highest byte
// first. 360 words are the most that two sums of 32 bits hold unreduced.
func fletcher32(data []byte) uint32 {
	var a, b uint32
	reduce := func() {
		a = a&0xffff + a>>16
		b = b&0xffff + b>>16
	}
	for len(data) >= 2 {
		n := min(len(data)/2, 360)
		for i := range n {
			a += uint32(data[2*i])<<8 | uint32(data[2*i+1])
			b += a
		}
		data = data[2*n:]
		reduce()
	}
	if len(data) == 1 {
		a += uint32(data[0]) << 8
		b += a
		reduce()
	}
	reduce()
	return b<<16 | a
}
