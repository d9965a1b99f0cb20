package sketch

import (
	"encoding/binary"
	"math"
)

// Extremes keeps the smallest and the largest of the values added. NaN is
// ignored and -0 counts as 0. The zero Extremes is empty.
type Extremes struct {
	min, max float64
	some     bool
}

// Add takes x into account.
func (s *Extremes) Add(x float64) {
	if x != x {
		return
	}
	if x == 0 {
		x = 0 // -0 and 0 are equal, so which one stays would depend on the order
	}
	if !s.some {
		s.min, s.max, s.some = x, x, true
		return
	}
	if x < s.min {
		s.min = x
	}
	if x > s.max {
		s.max = x
	}
}

// Merge takes the values of o into account.
func (s *Extremes) Merge(o *Extremes) {
	if o.some {
		s.Add(o.min)
		s.Add(o.max)
	}
}

// Min returns the smallest value, NaN if there is none.
func (s *Extremes) Min() float64 {
	if !s.some {
		return math.NaN()
	}
	return s.min
}

// Max returns the largest value, NaN if there is none.
func (s *Extremes) Max() float64 {
	if !s.some {
		return math.NaN()
	}
	return s.max
}

// AppendBinary appends the canonical form of s to b; the error is always nil.
func (s *Extremes) AppendBinary(b []byte) ([]byte, error) {
	if !s.some {
		return append(b, 0), nil
	}
	b = append(b, 1)
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(s.min))
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(s.max)), nil
}
