package hdf5

import (
	"bytes"
	"encoding/binary"

	"github.com/golang/snappy"
	"github.com/pierrec/lz4/v4"
)

// Flags in the header of a blosc buffer.
const (
	bloscShuffle    = 0x01
	bloscStored     = 0x02
	bloscBitshuffle = 0x04
	bloscUnsplit    = 0x10
)

// unblosc decodes a buffer of blosc, version 1: a header of 16 bytes, the
// positions of the blocks, and the blocks, each compressed on its own and
// perhaps split into one stream for each byte of an element.
//
// Source: Blosc 1.21, README_CHUNK_FORMAT.rst and blosc.c.
func unblosc(b []byte, most int) []byte {
	if len(b) < 16 {
		fail("blosc: %d bytes", len(b))
	}
	flags, typeSize := b[2], int(b[3])
	size, block := int(binary.LittleEndian.Uint32(b[4:])), int(binary.LittleEndian.Uint32(b[8:]))
	if size > most || block <= 0 || block > most+1<<20 || typeSize == 0 {
		fail("blosc: %d bytes in blocks of %d", size, block)
	}
	if flags&bloscStored != 0 {
		return b[16 : 16+size]
	}
	out := make([]byte, size)
	scratch := make([]byte, min(block, size))
	for k := 0; k*block < size; k++ {
		at := int(binary.LittleEndian.Uint32(b[16+4*k:]))
		n := min(block, size-k*block)
		streams := 1
		if flags&bloscUnsplit == 0 && typeSize <= 16 && block/typeSize >= 128 && n == block {
			streams = typeSize
		}
		bloscBlock(flags>>5, b[at:], scratch[:n], streams)
		decoded := scratch[:n]
		switch {
		case flags&bloscShuffle != 0:
			decoded = unshuffle(decoded, typeSize)
		case flags&bloscBitshuffle != 0:
			decoded = unbitshuffle(decoded, typeSize)
		}
		copy(out[k*block:], decoded)
	}
	return out
}

// bloscBlock decodes one block of so many streams into out. A stream as long
// as what it makes is stored.
func bloscBlock(codec byte, b, out []byte, streams int) {
	n := len(out) / streams
	for s := range streams {
		size := int(binary.LittleEndian.Uint32(b))
		in := b[4 : 4+size]
		b = b[4+size:]
		to := out[s*n : (s+1)*n]
		if size == n {
			copy(to, in)
			continue
		}
		if got := bloscStream(codec, in, to); got != n {
			fail("blosc: a block of %d of %d bytes", got, n)
		}
	}
}

// bloscStream decodes a stream into out and returns how many bytes it made.
func bloscStream(codec byte, in, out []byte) int {
	switch codec {
	case 0:
		return unblosclz(in, out)
	case 1:
		n, err := lz4.UncompressBlock(in, out)
		if err != nil {
			fail("blosc: LZ4: %w", err)
		}
		return n
	case 2:
		if n, err := snappy.DecodedLen(in); err != nil || n != len(out) {
			fail("blosc: Snappy: %d of %d bytes: %v", n, len(out), err)
		}
		decoded, err := snappy.Decode(out, in)
		if err != nil {
			fail("blosc: Snappy: %w", err)
		}
		return copy(out, decoded)
	case 3:
		return copy(out, unfilter([]filter{{id: filterDeflate}}, 0, in, uint64(len(out)), nil))
	case 4:
		return copy(out, unzstd(bytes.NewReader(in), make([]byte, len(out))))
	}
	unsupported("codec %d of blosc", codec)
	return 0
}

// unblosclz decodes blosc's own codec, a descendant of FastLZ: a control byte
// below 32 is followed by that many bytes and one more as they are; any other
// is a copy of a length (in several bytes if long) from a distance, which has
// two bytes more if it is 8191 or farther.
//
// Source: Blosc 1.21, blosclz.c.
func unblosclz(in, out []byte) int {
	at, i := 0, 1
	control := int(in[0]) & 31
	for {
		if control < 32 {
			n := control + 1
			copy(out[at:at+n], in[i:i+n])
			at += n
			i += n
		} else {
			n := control>>5 - 1
			if n == 6 {
				for more := 255; more == 255; i++ {
					more = int(in[i])
					n += more
				}
			}
			n += 3
			distance := (control&31)<<8 + int(in[i])
			i++
			if distance == 31<<8+255 {
				distance = int(in[i])<<8 + int(in[i+1]) + 8191
				i += 2
			}
			from := at - distance - 1
			for k := range n {
				out[at+k] = out[from+k]
			}
			at += n
		}
		if i >= len(in) {
			return at
		}
		control = int(in[i])
		i++
	}
}

// unbitshuffle brings the bits of elements of so many bytes back together: bit
// k of byte j of all elements stood in one run. Elements beyond a multiple of
// eight are as they were.
func unbitshuffle(b []byte, size int) []byte {
	n := len(b) / size &^ 7
	out := make([]byte, len(b))
	for j := range size {
		for k := range 8 {
			run := b[(8*j+k)*(n/8) : (8*j+k+1)*(n/8)]
			for i, v := range run {
				for bit := range 8 {
					out[(8*i+bit)*size+j] |= v >> bit & 1 << k
				}
			}
		}
	}
	copy(out[n*size:], b[n*size:])
	return out
}
