package sketch

import (
	"encoding/binary"
	"math"
	"math/big"
)

// Moments gives the count, the extremes, the mean and the standard deviation of
// the values added. Both sums are exact, so there is no cancellation: the
// standard deviation of timestamps a microsecond apart is right to the last
// bit or two. The zero Moments is empty.
type Moments struct {
	count    int64
	extremes Extremes
	sum      ExactSum
	squares  ExactSquares
}

// momentsPrecision is the precision in bits of the few roundings between the
// exact sums and the result; float64 has 53.
const momentsPrecision = 128

// Add takes x into account. If x is NaN or infinite, mean and standard
// deviation will be NaN.
func (s *Moments) Add(x float64) {
	s.count++
	s.extremes.Add(x)
	s.sum.Add(x)
	s.squares.Add(x)
}

// AddAll takes all of x into account, as Add does one by one.
func (s *Moments) AddAll(x []float64) {
	if uint64(s.sum.pending)+uint64(len(x)) >= carryEvery || uint64(s.squares.pending)+uint64(len(x)) >= carryEvery {
		for _, v := range x {
			s.Add(v)
		}
		return
	}
	low, high, odd := math.Inf(1), math.Inf(-1), 0
	for _, v := range x {
		b := math.Float64bits(v)
		e := uint(b>>mantissaBits) & exponentMask
		if e-1 >= exponentMask-1 { // zero, subnormal or not finite
			s.Add(v)
			odd++
			continue
		}
		low, high = min(low, v), max(high, v)
		m := b&(1<<mantissaBits-1) | 1<<mantissaBits
		s.sum.addUnits(m, e, int64(b)>>63)
		s.squares.addUnits(m, e)
	}
	plain := len(x) - odd
	if plain == 0 {
		return
	}
	s.extremes.Add(low)
	s.extremes.Add(high)
	s.count += int64(plain)
	s.sum.pending += uint32(plain)
	s.squares.pending += uint32(plain)
}

// Merge takes the values of o into account.
func (s *Moments) Merge(o *Moments) {
	s.count += o.count
	s.extremes.Merge(&o.extremes)
	s.sum.Merge(&o.sum)
	s.squares.Merge(&o.squares)
}

// Count returns the number of values.
func (s *Moments) Count() int64 { return s.count }

// Min returns the smallest value, NaN if there is none.
func (s *Moments) Min() float64 { return s.extremes.Min() }

// Max returns the largest value, NaN if there is none.
func (s *Moments) Max() float64 { return s.extremes.Max() }

// Mean returns the arithmetic mean, NaN if there are no values.
func (s *Moments) Mean() float64 {
	if s.count == 0 || s.sum.special != 0 {
		return math.NaN()
	}
	q := quotient(s.sum.units(), big.NewInt(s.count))
	v, _ := q.SetMantExp(q, -1074).Float64()
	return v
}

// SD returns the sample standard deviation (divisor n-1), NaN if there are
// fewer than two values.
func (s *Moments) SD() float64 {
	if s.count < 2 || s.sum.special != 0 {
		return math.NaN()
	}
	// variance = (n sum(x^2) - sum(x)^2) / (n (n-1)), in units of 2^-2148.
	n := big.NewInt(s.count)
	above := s.squares.units()
	above.Mul(above, n)
	sum := s.sum.units()
	above.Sub(above, sum.Mul(sum, sum))
	below := big.NewInt(s.count - 1)
	q := quotient(above, below.Mul(below, n))
	q.Sqrt(q)
	v, _ := q.SetMantExp(q, -1074).Float64()
	return v
}

func quotient(above, below *big.Int) *big.Float {
	a, b := new(big.Float).SetInt(above), new(big.Float).SetInt(below)
	return new(big.Float).SetPrec(momentsPrecision).Quo(a, b)
}

// AppendBinary appends the canonical form of s to b; the error is always nil.
func (s *Moments) AppendBinary(b []byte) ([]byte, error) {
	b = binary.LittleEndian.AppendUint64(b, uint64(s.count))
	b, _ = s.extremes.AppendBinary(b)
	b, _ = s.sum.AppendBinary(b)
	return s.squares.AppendBinary(b)
}
