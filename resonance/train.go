package resonance

import (
	"math"

	"synthos/linalg"
)

// clipNorm is the largest norm of a gradient that a step follows as it is.
const clipNorm = 1

// weightDecay of the matrices, times the learning rate.
const weightDecay = 0.01

// A Trainer changes the parameters of a network by gradient steps. It is also
// an Evaluator of it.
type Trainer struct {
	*Evaluator
	flat     []float32 // the gradient
	gradient weights   // the same, cut
	m, v     []float32 // AdamW's moments; nil before the first step
	adam     linalg.Adam
	buffers  backwardBuffers
	norms    *rowNorms // nil before they are first asked for
}

// NewTrainer returns a Trainer of n for batches of up to maxBatch rows, with the
// kernels t.
func NewTrainer(n *Network, t *linalg.Kernels, maxBatch int) *Trainer {
	tr := &Trainer{
		Evaluator: newEvaluator(n, t, maxBatch, n.config.Blocks, n.Width() <= foldWidth && maxBatch >= foldRows*n.Width()),
		flat:      make([]float32, len(n.flat)),
		buffers:   newBackwardBuffers(n, maxBatch),
	}
	tr.gradient, _ = n.config.split(tr.flat)
	return tr
}

// Step makes one step of AdamW along the gradient of the mean loss of the b
// rows, cut to norm 1, and returns that loss in nats and the norm before it was
// cut. If norms is not nil, norms[i] is set to the norm of the gradient of row
// i's own loss. If the gradient is not finite, the parameters are left as they
// are; loss or gradNorm is then NaN or infinite. Rows without masked cells do
// not count; without any other row, nothing happens and both results are 0.
func (tr *Trainer) Step(codes []uint16, masked []bool, b int, learningRate float32, norms []float32) (loss, gradNorm float64) {
	if norms != nil && tr.norms == nil {
		tr.norms = newRowNorms(tr.net, tr.maxBatch)
	}
	if tr.m == nil {
		tr.m, tr.v = make([]float32, len(tr.flat)), make([]float32, len(tr.flat))
		tr.adam = linalg.Adam{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}
	}
	loss = tr.backward(codes, masked, b, norms)
	gradNorm = math.Sqrt(tr.t.SumSquares(tr.flat))
	if gradNorm == 0 || math.IsNaN(gradNorm) || math.IsInf(gradNorm, 0) {
		return loss, gradNorm
	}
	a, n, cut := &tr.adam, tr.net, tr.net.decaying
	a.Step++
	a.LearningRate = learningRate
	a.Scale = float32(min(1, clipNorm/gradNorm))
	a.WeightDecay = weightDecay
	tr.t.AdamW(n.flat[:cut], tr.flat[:cut], tr.m[:cut], tr.v[:cut], a)
	a.WeightDecay = 0
	tr.t.AdamW(n.flat[cut:], tr.flat[cut:], tr.m[cut:], tr.v[cut:], a)
	n.changes++
	return loss, gradNorm
}

// GradientNorms sets norms[i] to the Euclidean norm of the gradient of row i's
// own loss over all parameters, 0 for a row without masked cells, and returns
// the mean loss and the norm of its gradient. The parameters are not changed.
//
// Source: Paul et al., arXiv:2107.07075 (GraNd).
func (tr *Trainer) GradientNorms(codes []uint16, masked []bool, b int, norms []float32) (loss, gradNorm float64) {
	if tr.norms == nil {
		tr.norms = newRowNorms(tr.net, tr.maxBatch)
	}
	loss = tr.backward(codes, masked, b, norms[:b])
	return loss, math.Sqrt(tr.t.SumSquares(tr.flat))
}

// AddGradient adds the gradient of the last Step or GradientNorms, before it was
// cut, to sum, of length Parameters.
func (tr *Trainer) AddGradient(sum []float32) {
	if len(sum) != len(tr.flat) {
		panic("resonance: sum and gradient differ in length")
	}
	n := len(sum) / linalg.Lanes * linalg.Lanes
	tr.t.AddBias(sum, tr.flat, 1, n)
	for i := n; i < len(sum); i++ {
		sum[i] += tr.flat[i]
	}
}
