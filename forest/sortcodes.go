package forest

import (
	"math"
	"slices"
)

// sortKey packs a number and a code into a key: keys are ordered by the upper 48
// bits of the numbers (11 significant digits), then by the codes.
func sortKey(v float64, code uint16) uint64 {
	b := math.Float64bits(v + 0) // -0 becomes 0
	// The bits of a positive number are ordered as the number is; those of a
	// negative one the other way round.
	if b>>63 == 1 {
		b = ^b
	} else {
		b |= 1 << 63
	}
	return b&^0xffff | uint64(code)
}

// sortCodes sorts keys and puts their codes into codes.
func sortCodes(codes []uint16, keys []uint64) {
	slices.Sort(keys)
	for i, key := range keys {
		codes[i] = uint16(key)
	}
}
