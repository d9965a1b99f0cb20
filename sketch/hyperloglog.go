package sketch

import (
	"math"
	"math/bits"
)

const (
	hllPrecision = 12
	hllRegisters = 1 << hllPrecision
	hllMaxRank   = 64 - hllPrecision + 1
)

// HyperLogLog estimates the number of distinct 64-bit hashes added, in 4 KiB,
// with a standard error of 1.04/sqrt(4096) = 1.6 %. It is always dense: the
// sparse form of HyperLogLog++ depends on the order of the additions. The zero
// HyperLogLog is empty.
//
// Source: Flajolet, Fusy, Gandouet & Meunier, "HyperLogLog: the analysis of a
// near-optimal cardinality estimation algorithm", AofA 2007, p = 12.
type HyperLogLog struct {
	register [hllRegisters]uint8 // the highest rank seen, 0 if none
}

// AddHash takes a hash into account. Hashes must be well mixed (Mix,
// HashString).
func (s *HyperLogLog) AddHash(h uint64) {
	// The top 12 bits choose the register; the rank is the position of the
	// first one among the other 52, or 53 if they are all zero.
	rank := uint8(bits.LeadingZeros64(h<<hllPrecision|1<<(hllPrecision-1))) + 1
	if r := &s.register[h>>(64-hllPrecision)]; rank > *r {
		*r = rank
	}
}

// Merge takes the hashes of o into account.
func (s *HyperLogLog) Merge(o *HyperLogLog) {
	for i, rank := range o.register {
		s.register[i] = max(s.register[i], rank)
	}
}

// Estimate returns the estimated number of distinct hashes, 0 if there are none.
//
// Source: Ertl, "New cardinality estimation algorithms for HyperLogLog
// sketches", arXiv:1702.01284, 2017, algorithm 6: unbiased over the whole range
// without a switch between linear counting and the raw estimate.
func (s *HyperLogLog) Estimate() float64 {
	var count [hllMaxRank + 1]float64 // registers by rank
	for _, rank := range s.register {
		count[rank]++
	}
	const m = hllRegisters
	z := m * hllTau(1-count[hllMaxRank]/m)
	for k := hllMaxRank - 1; k >= 1; k-- {
		z = 0.5 * (z + count[k])
	}
	z += m * hllSigma(count[0]/m)
	return m * m / (2 * math.Ln2 * z)
}

// hllSigma returns x + sum over k >= 1 of x^(2^k) 2^(k-1); Ertl 2017, (13).
func hllSigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1)
	}
	y, z := 1.0, x
	for {
		x *= x
		before := z
		z += x * y
		y += y
		if z == before {
			return z
		}
	}
}

// hllTau returns (1 - x - sum over k >= 1 of (1 - x^(2^-k))^2 2^-k) / 3; Ertl
// 2017, (14).
func hllTau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	y, z := 1.0, 1-x
	for {
		x = math.Sqrt(x)
		before := z
		y *= 0.5
		z -= (1 - x) * (1 - x) * y
		if z == before {
			return z / 3
		}
	}
}

// AppendBinary appends the canonical form of s, its 4096 registers, to b; the
// error is always nil.
func (s *HyperLogLog) AppendBinary(b []byte) ([]byte, error) {
	return append(b, s.register[:]...), nil
}
