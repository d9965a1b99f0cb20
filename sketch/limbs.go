package sketch

import (
	"encoding/binary"
	"math/big"
)

// A wide integer is held as limbs of 32 bits in int64s, lowest first: its value
// is the sum of limb[i] * 2^(32 i). The upper half of each int64 is room for
// carries, so that carryEvery values can be added before carry has to run.
const carryEvery = 1 << 30

// carry brings every limb but the last into [0, 2^32) without changing the
// value. The last limb takes the sign. The result is the only such form.
func carry(limb []int64) {
	last := len(limb) - 1
	for i := range last {
		c := limb[i] >> 32
		limb[i] -= c << 32
		limb[i+1] += c
	}
}

// bigInt returns the value of limb, which it carries.
func bigInt(limb []int64) *big.Int {
	carry(limb)
	last := len(limb) - 1
	negative := limb[last] < 0
	if negative {
		for i := range limb {
			limb[i] = -limb[i]
		}
		carry(limb)
	}
	// Big-endian bytes: the last limb with 8, all others with 4.
	bytes := make([]byte, 0, 8+4*last)
	bytes = binary.BigEndian.AppendUint64(bytes, uint64(limb[last]))
	for i := last - 1; i >= 0; i-- {
		bytes = binary.BigEndian.AppendUint32(bytes, uint32(limb[i]))
	}
	z := new(big.Int).SetBytes(bytes)
	if negative {
		z.Neg(z)
	}
	return z
}

// appendLimbs appends carried limbs without the zeros at both ends.
func appendLimbs(b []byte, limb []int64) []byte {
	from, to := 0, len(limb)
	for to > 0 && limb[to-1] == 0 {
		to--
	}
	for from < to && limb[from] == 0 {
		from++
	}
	b = append(b, byte(from), byte(to-from))
	for _, x := range limb[from:to] {
		b = binary.LittleEndian.AppendUint64(b, uint64(x))
	}
	return b
}
