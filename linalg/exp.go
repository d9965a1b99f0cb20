package linalg

import "math"

// goExp returns e^x with a relative error below 3e-7, x cut to [-80, 88].
//
// Source: Cephes expf: x = n ln 2 + r, then a polynomial of degree 5 in r.
func goExp(x float32) float32 {
	const (
		log2e    = 1.4426950408889634
		ln2High  = 0.693359375
		ln2Low   = -2.12194440e-4
		low, top = -80, 88
	)
	x = max(low, min(top, x))
	n := float32(math.RoundToEven(float64(float32(x * log2e))))
	r := x - float32(n*ln2High) - float32(n*ln2Low)
	p := float32(1.9875691500e-4)
	p = float32(p*r) + 1.3981999507e-3
	p = float32(p*r) + 8.3334519073e-3
	p = float32(p*r) + 4.1665795894e-2
	p = float32(p*r) + 1.6666665459e-1
	p = float32(p*r) + 5.0000001201e-1
	p = float32(p*float32(r*r)) + r + 1
	return p * math.Float32frombits(uint32(int32(n)+127)<<23)
}
