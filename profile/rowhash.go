package profile

import (
	"math"
	"math/bits"

	"synthos/dataset"
	"synthos/sketch"
)

const (
	nullHash = 0x6e756c6c6e756c6c // of a cell without a value
	rowSeed  = 0x73796e74686f7321
	rowPrime = 0x9e3779b185ebca87 // the first prime of xxHash64
)

// RowHash returns a 64-bit hash of row i of b. Rows have the same hash if they
// hold the same values in the same columns: -0 is 0, a null differs from every
// value, and cells that are NaN, infinite or invalid count as nulls. It depends
// on the order of the columns. Two different rows have the same hash with a
// probability of 2^-64.
func RowHash(b *dataset.Batch, i int) uint64 {
	acc := uint64(rowSeed)
	for j := range b.Columns {
		v := &b.Columns[j]
		cell := uint64(nullHash)
		switch {
		case v.Null[i]:
		case isStrings(v):
			cell = sketch.HashString(v.Strings[i])
		default:
			cell = hashFloat(v.Floats[i])
		}
		acc = combine(acc, cell)
	}
	return sketch.Mix(acc)
}

// HashRows writes RowHash of every row of b to out, which must have b.Rows
// elements. It goes column by column, which is much faster.
func HashRows(b *dataset.Batch, out []uint64) {
	if len(out) != b.Rows {
		panic("profile: length mismatch")
	}
	startRows(out)
	for j := range b.Columns {
		v := &b.Columns[j]
		if isStrings(v) {
			for i, null := range v.Null {
				cell := uint64(nullHash)
				if !null {
					cell = sketch.HashString(v.Strings[i])
				}
				out[i] = combine(out[i], cell)
			}
			continue
		}
		for i, null := range v.Null {
			cell := uint64(nullHash)
			if !null {
				cell = hashFloat(v.Floats[i])
			}
			out[i] = combine(out[i], cell)
		}
	}
	finishRows(out)
}

// isStrings reports whether the cells of v are strings; without a row there is
// no difference.
func isStrings(v *dataset.Vector) bool { return len(v.Strings) > 0 }

func hashFloat(x float64) uint64 {
	if !finite(x) {
		return nullHash
	}
	return sketch.Mix(math.Float64bits(positiveZero(x)))
}

// finite reports whether x is neither NaN nor infinite.
func finite(x float64) bool { return x-x == 0 }

// positiveZero returns x, and 0 for -0.
func positiveZero(x float64) float64 {
	if x == 0 {
		return 0
	}
	return x
}

func startRows(rows []uint64) {
	for i := range rows {
		rows[i] = rowSeed
	}
}

func combineRows(rows, cells []uint64) {
	cells = cells[:len(rows)]
	for i := range rows {
		rows[i] = combine(rows[i], cells[i])
	}
}

// combine adds the hash of the next cell to that of the cells before. Both are
// well mixed already; the rotation makes it depend on the order.
func combine(acc, cell uint64) uint64 {
	return bits.RotateLeft64(acc^cell, 27) * rowPrime
}

func finishRows(rows []uint64) {
	for i, acc := range rows {
		rows[i] = sketch.Mix(acc)
	}
}
