package neighbors

import (
	"math"

	"synthos/linalg"
)

// filter holds q and x moved to the mean of x and scaled by a power of two so
// that all numbers are at most 1 in size, and what is needed to bound the error
// of float32 products of them.
//
// With u = 2^-24, the product p of two rows a and b of d numbers, summed in any
// order, fused or not, is off by at most e*|a||b| <= e*(|a|^2+|b|^2)/2, where
// e = d*u/(1-d*u) < 1.01*d*u for d < 160,000. The rounding of the moved numbers,
// of the norms and of the two operations that put all together adds less than
// 8*u*(|a|^2+|b|^2). With c = (1.01*d+16)*u, the squared distance is therefore
// at least
//
//	(1-c)|b|^2 - 2p + (1-c)|a|^2 - tiny
//
// where tiny covers products that fall below the range of normal numbers.
//
// Source of e: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.,
// 2002, ch. 3.
type filter struct {
	scaledQ []float32 // nq*d row-major
	scaledX []float32 // blocks of blockX rows, each transposed: d*blockX, the last one narrower
	normQ   []float64 // (1-c) times the squared norm of each row of q
	normX   []float32 // the same of x
	scale   float64   // from squared distances to scaled ones
	tiny    float64
}

func newFilter(q []float32, nq int, x []float32, nx, d int) *filter {
	c := (1.01*float64(d) + 16) * 0x1p-24
	f := &filter{scaledQ: make([]float32, len(q)), scaledX: make([]float32, len(x)),
		normQ: make([]float64, nq), normX: make([]float32, nx), tiny: float64(d+16) * 0x1p-140}
	origin := mean(x, nx, d)
	largest := max(span(q, origin), span(x, origin))
	if math.IsNaN(largest) || math.IsInf(largest, 0) {
		panic("neighbors: number is not finite")
	}
	_, exponent := math.Frexp(largest)
	factor := math.Ldexp(1, -exponent)
	f.scale = factor * factor
	move(f.scaledQ, q, origin, factor)
	rows := make([]float32, len(x))
	move(rows, x, origin, factor)
	for i := range f.normQ {
		f.normQ[i] = (1 - c) * squaredNorm(f.scaledQ[i*d:(i+1)*d])
	}
	for i := range f.normX {
		f.normX[i] = float32((1 - c) * squaredNorm(rows[i*d:(i+1)*d]))
	}
	for lo := 0; lo < nx; lo += blockX {
		hi := min(nx, lo+blockX)
		linalg.Transpose(f.scaledX[lo*d:hi*d], rows[lo*d:hi*d], hi-lo, d, d)
	}
	return f
}

// limit returns the value above which (1-c)|b|^2 - 2p rules out that row b is
// nearer to row i of q than the squared distance worst.
func (f *filter) limit(i int, worst float64) float32 {
	return math.Nextafter32(float32(worst*f.scale-f.normQ[i]+f.tiny), float32(math.Inf(1)))
}

func mean(x []float32, n, d int) []float64 {
	m := make([]float64, d)
	for i := range n {
		for j, v := range x[i*d : (i+1)*d] {
			m[j] += float64(v)
		}
	}
	for j := range m {
		m[j] /= float64(max(1, n))
	}
	return m
}

// span returns the largest distance of a number from its column's origin, and
// NaN or an infinity if a number is not finite.
func span(x []float32, origin []float64) float64 {
	largest, d := 0.0, len(origin)
	for i := 0; i < len(x); i += d {
		for j, v := range x[i : i+d] {
			largest = max(largest, math.Abs(float64(v)-origin[j]))
		}
	}
	return largest
}

func move(to, from []float32, origin []float64, factor float64) {
	d := len(origin)
	for i := 0; i < len(from); i += d {
		row := to[i : i+d]
		for j, v := range from[i : i+d] {
			row[j] = float32((float64(v) - origin[j]) * factor)
		}
	}
}

func squaredNorm(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return sum
}
