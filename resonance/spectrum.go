package resonance

import (
	"math"

	"synthos/linalg"
)

// A spectrum is the real Fourier transform of width d cut to its lowest
// frequencies, as two matrices. Their number is rounded up to whole lanes, k; the
// frequencies beyond a network's modes are zero.
type spectrum struct {
	d, k    int
	forward []float32 // d*2k: x forward = real parts, then imaginary parts
	inverse []float32 // 2k*d

	forwardT, inverseT []float32 // transposed, for the way back
}

// newSpectrum scales both transforms by 1/sqrt(d), so that inverse undoes forward.
func newSpectrum(d, modes int) *spectrum {
	k := stride(modes)
	s := &spectrum{d: d, k: k, forward: make([]float32, d*2*k), inverse: make([]float32, 2*k*d)}
	scale := 1 / math.Sqrt(float64(d))
	for j := range modes {
		twice := 2.0 // a frequency and its conjugate
		if j == 0 || 2*j == d {
			twice = 1
		}
		for i := range d {
			sin, cos := math.Sincos(2 * math.Pi * float64(i*j%d) / float64(d))
			s.forward[i*2*k+j] = float32(scale * cos)
			s.forward[i*2*k+k+j] = float32(-scale * sin)
			s.inverse[j*d+i] = float32(twice * scale * cos)
			s.inverse[(k+j)*d+i] = float32(-twice * scale * sin)
		}
	}
	s.forwardT, s.inverseT = make([]float32, 2*k*d), make([]float32, d*2*k)
	linalg.Transpose(s.forwardT, s.forward, d, 2*k, 2*k)
	linalg.Transpose(s.inverseT, s.inverse, 2*k, d, d)
	return s
}

// deviation sets w to the complex weights of magnitude and phase, less one: what
// S adds to the identity. w holds k real, then k imaginary parts; those beyond
// the modes are left as they are.
func deviation(magnitude, phase, w []float32) {
	k := len(w) / 2
	for j, m := range magnitude {
		sin, cos := math.Sincos(float64(phase[j]))
		w[j], w[k+j] = float32(float64(m)*cos-1), float32(float64(m)*sin)
	}
}

// polarGradient turns the gradient dw of the complex weights into that of
// magnitude and phase, which it sets.
func polarGradient(magnitude, phase, dw, dmagnitude, dphase []float32) {
	k := len(dw) / 2
	for j, m := range magnitude {
		sin, cos := math.Sincos(float64(phase[j]))
		re, im := float64(dw[j]), float64(dw[k+j])
		dmagnitude[j] = float32(re*cos + im*sin)
		dphase[j] = float32(float64(m) * (im*cos - re*sin))
	}
}

// A fold is S W1 of one block, with S = I + forward diag(w) inverse.
type fold struct {
	w       []float32 // 2k: deviation
	dw      []float32 // 2k: its gradient
	low     []float32 // 2k*e: inverse W1
	rotated []float32 // 2k*e: diag(w) low
	product []float32 // d*e: S W1
}

func newFold(d, e, k int) *fold {
	return &fold{w: make([]float32, 2*k), dw: make([]float32, 2*k),
		low: make([]float32, 2*k*e), rotated: make([]float32, 2*k*e), product: make([]float32, d*e)}
}

// update computes S W1 for new parameters.
func (f *fold) update(t *linalg.Kernels, s *spectrum, b *blockWeights, e int) {
	d, k := s.d, s.k
	deviation(b.magnitude, b.phase, f.w)
	t.NN(2*k, e, d, s.inverse, d, b.w1, e, f.low, e, false)
	t.Rotate(f.low, f.w, f.rotated, k, e)
	copy(f.product, b.w1)
	t.NN(d, e, 2*k, s.forward, 2*k, f.rotated, e, f.product, e, true)
}

// backward takes the gradient of S W1 in g.w1 and replaces it by that of W1; it
// sets those of magnitude and phase.
func (f *fold) backward(t *linalg.Kernels, s *spectrum, b, g *blockWeights, e int) {
	d, k := s.d, s.k
	t.TN(2*k, e, d, s.forward, 2*k, g.w1, e, f.rotated, e, false)
	t.RotateBackward(f.low, f.w, f.rotated, f.dw, k, e)
	t.TN(d, e, 2*k, s.inverse, d, f.rotated, e, g.w1, e, true)
	polarGradient(b.magnitude, b.phase, f.dw, g.magnitude, g.phase)
}
