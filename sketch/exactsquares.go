package sketch

import (
	"math"
	"math/big"
	"math/bits"
)

// ExactSquares adds the squares of float64 values without any rounding, not
// even that of the squares, as one integer in units of 2^-2148. The zero
// ExactSquares is an empty sum.
type ExactSquares struct {
	// 2^2048 is bit 4196 = limb 131; two limbs more are room for the count.
	limb    [134]int64
	pending uint32 // additions since the last carry
	special special
}

// Add adds x*x.
func (s *ExactSquares) Add(x float64) {
	b := math.Float64bits(x)
	e := uint(b>>mantissaBits) & exponentMask
	m := b & (1<<mantissaBits - 1)
	switch e {
	case exponentMask:
		s.special |= specialOf(x * x)
		return
	case 0:
		e = 1
	default:
		m |= 1 << mantissaBits
	}
	s.addUnits(m, e)
	if s.pending++; s.pending == carryEvery {
		s.carry()
	}
}

// addUnits adds the square of m * 2^(e-1), e and its unit as in ExactSum. The caller
// counts it as pending.
func (s *ExactSquares) addUnits(m uint64, e uint) {
	// x*x is m*m * 2^(2(e-1)) units, m*m has at most 106 bits.
	i, shift := (e-1)>>4, 2*(e-1)&31
	high, low := bits.Mul64(m, m)
	top := high >> (64 - shift)
	high = high<<shift | low>>(64-shift)
	low <<= shift
	l := s.limb[i : i+5 : i+5]
	l[0] += int64(low & limbMask)
	l[1] += int64(low >> 32)
	l[2] += int64(high & limbMask)
	l[3] += int64(high >> 32)
	l[4] += int64(top)
}

func (s *ExactSquares) carry() {
	carry(s.limb[:])
	s.pending = 1
}

// Merge adds the sum of o.
func (s *ExactSquares) Merge(o *ExactSquares) {
	s.carry()
	o.carry()
	for i := range s.limb {
		s.limb[i] += o.limb[i]
	}
	s.carry()
	s.special |= o.special
}

// Value returns the sum of squares, correctly rounded to the nearest float64,
// or +Inf if it is beyond the largest one.
func (s *ExactSquares) Value() float64 {
	if v, is := s.special.value(); is {
		return v
	}
	f := new(big.Float).SetInt(s.units())
	v, _ := f.SetMantExp(f, -2148).Float64()
	return v
}

// units returns the sum in units of 2^-2148.
func (s *ExactSquares) units() *big.Int {
	limb := s.limb
	return bigInt(limb[:])
}

// AppendBinary appends the canonical form of s to b; the error is always nil.
func (s *ExactSquares) AppendBinary(b []byte) ([]byte, error) {
	s.carry()
	return appendLimbs(append(b, byte(s.special)), s.limb[:]), nil
}
