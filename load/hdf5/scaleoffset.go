package hdf5

import (
	"encoding/binary"
	"math"
)

// unscale undoes the scale-offset filter: each value was written as the
// difference to the least one, in as few bits as the largest difference needs,
// highest bit first; floating-point numbers were first multiplied by a power
// of ten and rounded. All bits set stand for the fill value.
//
// Source: H5Zscaleoffset.c of HDF5 1.14. Parameters: 1 the power of ten, 2 how
// many values, 3 their class (0 integer, 1 float), 4 their size, 6 their byte
// order, 7 whether there is a fill value, which is in those from 8 on.
func unscale(b []byte, parameters []uint32, want uint64) []byte {
	bits := int(binary.LittleEndian.Uint32(b))
	least := binary.LittleEndian.Uint64(b[5:13])
	n, class, size := int(parameters[2]), parameters[3], int(parameters[4])
	if size != 1 && size != 2 && size != 4 && size != 8 || uint64(n)*uint64(size) > want || bits > 8*size {
		fail("scale-offset: %d values of %d bytes in %d bits", n, size, bits)
	}
	if class > 1 || class == 1 && size < 4 {
		unsupported("scale-offset of values of class %d and %d bytes", class, size)
	}
	data := b[21:]
	out := make([]byte, n*size)
	if bits == 8*size {
		copy(out, data)
		return out
	}
	fill, hasFill := uint64(0), parameters[7] == 1 && bits > 0
	if hasFill {
		fill = uint64(parameters[8])
		if size == 8 {
			fill |= uint64(parameters[9]) << 32
		}
	}
	if len(data)*8 < n*bits {
		fail("scale-offset: %d values of %d bits in %d bytes", n, bits, len(data))
	}
	scale := math.Pow(10, float64(int32(parameters[1])))
	at := 0
	for i := range n {
		var v uint64
		for range bits {
			v = v<<1 | uint64(data[at>>3]>>(7-at&7)&1)
			at++
		}
		switch {
		case hasFill && v == 1<<bits-1:
			v = fill
		case class == 0:
			v += least
		case size == 8:
			v = math.Float64bits(float64(int64(v))/scale + math.Float64frombits(least))
		default:
			v = uint64(math.Float32bits(float32(float64(int64(v))/scale) + math.Float32frombits(uint32(least))))
		}
		put(out[i*size:(i+1)*size], v, parameters[6] == 1)
	}
	return out
}

// put writes the low bytes of v.
func put(b []byte, v uint64, bigEndian bool) {
	for k := range b {
		if bigEndian {
			b[len(b)-1-k] = byte(v >> (8 * k))
		} else {
			b[k] = byte(v >> (8 * k))
		}
	}
}
