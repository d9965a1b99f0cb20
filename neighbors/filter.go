package neighbors

import (
	"math"

	"synthos/linalg"
)

// filter holds q and x moved to the mean of x and scaled by a power of two so
// that all numbers are at most 1 in size, and what is needed to bound the error
// of float32 products of them.
//
// Rows of q get a 1 appended, rows b of x half of their negative squared norm, so
// that the product of two of them is p = a.b - |b|^2/2. With u = 2^-24, that
// product, summed in any order, fused or not, is off by at most
// e*(|a||b| + |b|^2/2) <= e*(|a|^2/2 + |b|^2), where e = (d+1)*u/(1-(d+1)*u) <
// 1.01*(d+1)*u for d < 160,000. The rounding of the moved numbers, of the norms and
// of the operation that puts all together adds less than 8*u*(|a|^2+|b|^2). With
// c = (2.02*(d+1)+16)*u and the norm of b taken (1-c) times, the squared distance is
// therefore at least
//
//	(1-c)|a|^2 - 2p - tiny
//
// where tiny covers products that fall below the range of normal numbers.
//
// Source of e: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.,
// 2002, ch. 3.
type filter struct {
	width   int       // d+1
	scaledQ []float32 // nq*width row-major
	scaledX []float32 // blocks of blockX rows, each transposed: width*blockX, the last one narrower
	normQ   []float64 // (1-c) times the squared norm of each row of q
	scale   float64   // from squared distances to scaled ones
	tiny    float64
}

func newFilter(q []float32, nq int, x []float32, nx, d int) *filter {
	c := (2.02*float64(d+1) + 16) * 0x1p-24
	w := d + 1
	f := &filter{width: w, scaledQ: make([]float32, nq*w), scaledX: make([]float32, nx*w),
		normQ: make([]float64, nq), tiny: float64(d+16) * 0x1p-140}
	origin := mean(x, nx, d)
	largest := max(span(q, origin), span(x, origin))
	if math.IsNaN(largest) || math.IsInf(largest, 0) {
		panic("neighbors: number is not finite")
	}
	_, exponent := math.Frexp(largest)
	factor := math.Ldexp(1, -exponent)
	f.scale = factor * factor
	move(f.scaledQ, q, origin, factor)
	for i := range f.normQ {
		row := f.scaledQ[i*w : (i+1)*w]
		f.normQ[i] = (1 - c) * squaredNorm(row[:d])
		row[d] = 1
	}
	rows := make([]float32, min(nx, blockX)*w)
	for lo := 0; lo < nx; lo += blockX {
		n := min(nx-lo, blockX)
		block := rows[:n*w]
		move(block, x[lo*d:(lo+n)*d], origin, factor)
		for i := range n {
			row := block[i*w : (i+1)*w]
			row[d] = float32((1 - c) * squaredNorm(row[:d]) / -2)
		}
		linalg.Transpose(f.scaledX[lo*w:(lo+n)*w], block, n, w, w)
	}
	return f
}

// least returns the product p below which row b is not nearer to row i of q than the
// squared distance worst.
func (f *filter) least(i int, worst float64) float32 {
	return math.Nextafter32(float32((f.normQ[i]-f.tiny-worst*f.scale)/2), float32(math.Inf(-1)))
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

// move sets the rows of to, which are one number longer, to the moved and scaled rows of from.
func move(to, from []float32, origin []float64, factor float64) {
	d := len(origin)
	for i := range len(to) / (d + 1) {
		row := to[i*(d+1):][:d]
		for j, v := range from[i*d : (i+1)*d] {
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
