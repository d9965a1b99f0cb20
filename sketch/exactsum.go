package sketch

import (
	"math"
	"math/big"
)

// ExactSum adds float64 values without any rounding: the sum of all values ever
// added is held as one integer in units of 2^-1074, the smallest float64, so
// the order and the grouping of the additions do not matter. The zero ExactSum
// is an empty sum.
//
// Source: the superaccumulator of Kulisch & Miranker, "The arithmetic of the
// digital computer", SIAM Review 28(1), 1986, with lazily carried limbs as in
// Neal, "Fast exact summation using small and large superaccumulators", 2015.
type ExactSum struct {
	// 2^1024 is bit 2098 = limb 65; one limb more holds 2^31 such values.
	limb    [67]int64
	pending uint32 // additions since the last carry
	special special
}

// special says which values that are not finite were added.
type special uint8

const (
	sawNaN special = 1 << iota
	sawPlusInf
	sawMinusInf
)

// value returns what the specials add up to by IEEE 754, if there are any.
func (s special) value() (float64, bool) {
	switch {
	case s == 0:
		return 0, false
	case s == sawPlusInf:
		return math.Inf(1), true
	case s == sawMinusInf:
		return math.Inf(-1), true
	}
	return math.NaN(), true
}

func specialOf(x float64) special {
	switch {
	case x != x:
		return sawNaN
	case x > 0:
		return sawPlusInf
	}
	return sawMinusInf
}

const (
	mantissaBits = 52
	exponentMask = 0x7ff
	limbMask     = 1<<32 - 1
)

// Add adds x. NaN and infinities are noted and decide Value as in IEEE 754.
func (s *ExactSum) Add(x float64) {
	b := math.Float64bits(x)
	e := uint(b>>mantissaBits) & exponentMask
	m := b & (1<<mantissaBits - 1)
	switch e {
	case exponentMask:
		s.special |= specialOf(x)
		return
	case 0: // subnormal: same unit as exponent 1, no hidden bit
		e = 1
	default:
		m |= 1 << mantissaBits
	}
	s.addUnits(m, e, int64(b)>>63)
	if s.pending++; s.pending == carryEvery {
		s.carry()
	}
}

// addUnits adds m * 2^(e-1) units, or takes them away if negative is -1 and not 0.
// The caller counts it as pending.
func (s *ExactSum) addUnits(m uint64, e uint, negative int64) {
	// bit e-1 is bit shift of limb i
	i, shift := (e-1)>>5, (e-1)&31
	low, high := m<<shift, m>>(64-shift)
	l := s.limb[i : i+3 : i+3] // (y^-1)-(-1) is -y: no branch to mispredict
	l[0] += int64(low&limbMask) ^ negative - negative
	l[1] += int64(low>>32) ^ negative - negative
	l[2] += int64(high) ^ negative - negative
}

func (s *ExactSum) carry() {
	carry(s.limb[:])
	s.pending = 1
}

// Merge adds the sum of o.
func (s *ExactSum) Merge(o *ExactSum) {
	s.carry()
	o.carry()
	for i := range s.limb {
		s.limb[i] += o.limb[i]
	}
	s.carry()
	s.special |= o.special
}

// Value returns the sum, correctly rounded to the nearest float64 (to even), or
// an infinity if it is beyond the largest one.
func (s *ExactSum) Value() float64 {
	if v, is := s.special.value(); is {
		return v
	}
	f := new(big.Float).SetInt(s.units())
	v, _ := f.SetMantExp(f, -1074).Float64()
	return v
}

// units returns the sum in units of 2^-1074.
func (s *ExactSum) units() *big.Int {
	limb := s.limb
	return bigInt(limb[:])
}

// AppendBinary appends the canonical form of s to b; the error is always nil.
func (s *ExactSum) AppendBinary(b []byte) ([]byte, error) {
	s.carry()
	return appendLimbs(append(b, byte(s.special)), s.limb[:]), nil
}
