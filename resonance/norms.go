package resonance

import (
	"math"

	"synthos/linalg"
)

// rowNorms collects the squared gradient norm of each row on the way back. The
// gradient of a dense layer for one row is the outer product of its input a and
// the gradient delta of its output, so its squared norm is |delta|^2 |a|^2, and
// |delta|^2 for the bias.
//
// Source: Goodfellow, arXiv:1510.01799.
type rowNorms struct {
	total          []float64 // B
	first, second  []float32 // B: scratch
	product        []float32 // B*d
	q, dq          []float32 // B*2k
	sums           []float32 // d, not used further
	mixed, rotated []float32 // S - I is forward times rotated
}

func newRowNorms(n *Network, b int) *rowNorms {
	d, k := n.Width(), stride(n.config.Modes)
	return &rowNorms{
		total: make([]float64, b), first: make([]float32, b), second: make([]float32, b),
		product: make([]float32, b*d), q: make([]float32, b*2*k), dq: make([]float32, b*2*k), sums: make([]float32, d),
		mixed: make([]float32, b*d), rotated: make([]float32, 2*k*d),
	}
}

func (r *rowNorms) reset(b int) { clear(r.total[:b]) }

// head adds the weights and bias of one column: h.p holds the gradient of the logits.
func (r *rowNorms) head(tr *Trainer, count, ld int) {
	h := &tr.head
	tr.t.RowDots(h.p, h.p, r.first, count, ld)
	for i, row := range h.rows[:count] {
		r.total[row] += float64(r.first[i]) * (1 + float64(tr.state[row]))
	}
}

// layerNorm adds gain and shift, from the gradient dy of a LayerNorm's output.
func (r *rowNorms) layerNorm(t *linalg.Kernels, dy, xhat []float32, b, d int) {
	copy(r.product, dy[:b*d])
	t.MultiplyColumnSums(r.product, xhat, r.sums, b, d)
	t.RowDots(r.product, r.product, r.first, b, d)
	t.RowDots(dy, dy, r.second, b, d)
	for i := range b {
		r.total[i] += float64(r.first[i]) + float64(r.second[i])
	}
}

// block adds W1, W2, their biases, magnitude and phase of block l.
func (r *rowNorms) block(tr *Trainer, l, b int) {
	t, n, buf := tr.t, tr.net, &tr.buffers
	d, e, k := n.Width(), n.config.hidden(), tr.spectrum.k
	x, p, f, s := tr.layer(l), &n.weights.blocks[l], tr.folds[l], tr.spectrum

	t.RowDots(buf.h, buf.h, r.first, b, d)
	t.RowDots(x.act, x.act, r.second, b, e)
	for i := range b {
		r.total[i] += float64(r.first[i]) * (1 + float64(r.second[i]))
	}
	// S y = y + (y forward) rotated, with rotated = diag(w) inverse.
	t.Rotate(s.inverse, f.w, r.rotated, k, d)
	t.NN(b, 2*k, d, x.in.y, d, s.forward, 2*k, r.q, 2*k, false)
	copy(r.mixed, x.in.y[:b*d])
	t.NN(b, d, 2*k, r.q, 2*k, r.rotated, d, r.mixed, d, true)
	t.RowDots(buf.z, buf.z, r.first, b, e)
	t.RowDots(r.mixed, r.mixed, r.second, b, d)
	for i := range b {
		r.total[i] += float64(r.first[i]) * (1 + float64(r.second[i]))
	}
	t.NT(b, d, e, buf.z, e, p.w1, e, r.mixed, d, false)
	t.NN(b, 2*k, d, r.mixed, d, s.inverseT, 2*k, r.dq, 2*k, false)
	for i := range b {
		q, dq := r.q[2*i*k:][:2*k], r.dq[2*i*k:][:2*k]
		for j, m := range p.magnitude {
			re, im := dq[j]*q[j]+dq[k+j]*q[k+j], dq[k+j]*q[j]-dq[j]*q[k+j]
			// along magnitude and phase: (re, im) turned by -phase, the second times m
			wr, wi := f.w[j]+1, f.w[k+j]
			phase := im*wr - re*wi
			square := float64(phase) * float64(phase)
			if m != 0 {
				along := (re*wr + im*wi) / m
				square += float64(along) * float64(along)
			}
			r.total[i] += square
		}
	}
}

// finish adds the embeddings, from the gradient of the first state, and writes
// the norms of the rows' own losses: the mean's gradient is theirs over rows.
func (r *rowNorms) finish(t *linalg.Kernels, h []float32, columns int, rows float64, norms []float32, b, d int) {
	t.RowDots(h, h, r.first, b, d)
	for i := range b {
		norms[i] = float32(rows * math.Sqrt(r.total[i]+float64(columns)*float64(r.first[i])))
	}
}
