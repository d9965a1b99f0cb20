package cascade

import (
	"math"

	"synthos/linalg"
	"synthos/resonance"
)

// noise estimates the simple gradient noise scale: the number of rows at which
// the noise of a batch's gradient is as large as the gradient, tr(Sigma)/|G|^2.
// From the mean squared norm |g_1|^2 of one row's gradient and that of the mean
// gradient of n rows, |g_n|^2,
//
//	|G|^2     = (n |g_n|^2 - |g_1|^2) / (n - 1)
//	tr(Sigma) = (|g_1|^2 - |g_n|^2) / (1 - 1/n)
//
// without bias. The n rows are those of a window of steps: a single small batch
// would show little but noise. The parameters move a little in a window, and
// steps that overshoot make its gradients cancel, so the scale is rather too
// high; compare it between trainings of the same shape and schedule. The
// norms of single rows, which vary less, are measured in the middle of the
// window. Both squares are averaged over windows before they are divided.
//
// Source: McCandlish et al., arXiv:1812.06162, appendix A.1.
type noise struct {
	kernels       *linalg.Kernels
	rows          int       // of a batch
	norms         []float32 // of its rows' gradients
	gradient      []float32 // sum over the steps of this window
	step          int       // of this window
	now           float64   // |g_1|^2 in this window
	single, whole float64   // |g_1|^2 and |g_n|^2, sums over windows
	windows       int

	// Minibatches compared with the sum of those before them in the window, and
	// how many of them oppose it. The squared norm of the sum grows by
	// |g|^2 + 2 g.sum with a minibatch g, which tells the sign of g.sum.
	compared, opposed int
}

// noiseWindow is the number of steps of a window; every conflictStep-th of them
// is compared with those before it.
const noiseWindow, conflictStep = 16, 4

func newNoise(kernels *linalg.Kernels, rows, parameters int) *noise {
	return &noise{kernels: kernels, rows: rows, norms: make([]float32, rows), gradient: make([]float32, parameters)}
}

// wants returns where the norms of the rows of the next batch are to be written,
// nil if they are not needed.
func (n *noise) wants() []float32 {
	if n.step == noiseWindow/2 {
		return n.norms
	}
	return nil
}

// add takes the step that tr has just made, whose gradient had the given norm.
func (n *noise) add(tr *resonance.Trainer, norm float64) {
	if n.step == 0 {
		clear(n.gradient)
	}
	if n.step == noiseWindow/2 {
		n.now = n.kernels.SumSquares(n.norms) / float64(n.rows)
	}
	compare := n.step%conflictStep == conflictStep-1
	var before float64
	if compare {
		before = n.kernels.SumSquares(n.gradient)
	}
	tr.AddGradient(n.gradient)
	if compare {
		n.compare(before, n.kernels.SumSquares(n.gradient), norm)
	}
	if n.step++; n.step < noiseWindow {
		return
	}
	n.step = 0
	whole := n.kernels.SumSquares(n.gradient) / (noiseWindow * noiseWindow)
	if sum := n.now + whole; !math.IsNaN(sum) && !math.IsInf(sum, 0) {
		n.single += n.now
		n.whole += whole
		n.windows++
	}
}

// compare counts a minibatch that took the squared norm of the sum from before to
// after.
func (n *noise) compare(before, after, norm float64) {
	dot := (after - before - norm*norm) / 2
	if math.IsNaN(dot) || math.IsInf(dot, 0) || before == 0 || norm == 0 {
		return
	}
	n.compared++
	if dot < 0 {
		n.opposed++
	}
}

// conflict returns the share of minibatches whose gradient opposes that of the
// minibatches just before them, NaN if none was compared: near one half, a step
// undoes what the last ones did.
//
// Source: Yu et al., arXiv:2001.06782, for tasks instead of minibatches.
func (n *noise) conflict() float64 { return float64(n.opposed) / float64(n.compared) }

// scale returns the noise scale in rows, NaN if it could not be measured.
func (n *noise) scale() float64 {
	w := float64(n.windows)
	return noiseScale(n.single/w, n.whole/w, float64(n.rows*noiseWindow))
}

// noiseScale returns tr(Sigma)/|G|^2 from the mean squared norms of the gradient
// of one row and of the mean of some rows; NaN if the gradient is too small
// beside its noise to be seen.
func noiseScale(single, whole, rows float64) float64 {
	gradient, trace := (rows*whole-single)/(rows-1), (single-whole)/(1-1/rows)
	if !(gradient > 0 && trace >= 0) {
		return math.NaN()
	}
	return trace / gradient
}
