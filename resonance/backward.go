package resonance

import "math"

// backwardBuffers hold the gradients of what forward computes.
type backwardBuffers struct {
	last    []float32 // B*d: of the last LayerNorm's output
	h       []float32 // B*d: of the state
	y       []float32 // B*d: of a LayerNorm's output
	z       []float32 // B*e
	s       []float32 // B*d: of S y, unfolded
	columns []float32 // sums over the rows of one head
}

func newBackwardBuffers(n *Network, b int) backwardBuffers {
	d, e := n.Width(), n.config.hidden()
	widest := 0
	for _, card := range n.config.Cards {
		widest = max(widest, stride(card))
	}
	return backwardBuffers{
		last: make([]float32, b*d), h: make([]float32, b*d), y: make([]float32, b*d),
		z: make([]float32, b*e), s: make([]float32, b*d), columns: make([]float32, widest),
	}
}

// backward sets tr.flat to the gradient of the mean loss of the rows that have
// masked cells, and returns that loss. If norms is not nil, norms[i] is set to
// the norm of the gradient of row i's own loss.
func (tr *Trainer) backward(codes []uint16, masked []bool, b int, norms []float32) float64 {
	tr.forward(codes, masked, b)
	clear(tr.flat[tr.net.decaying:]) // the matrices are set, not added to
	t, n, g, buf := tr.t, tr.net, &tr.gradient, &tr.buffers
	columns, d, e := n.Columns(), n.Width(), n.config.hidden()
	rows := shares(masked, b, columns, tr.share)
	if norms != nil {
		tr.norms.reset(b)
	}
	if rows == 0 {
		clear(tr.flat)
		clear(norms)
		return 0
	}
	for i := range b {
		tr.share[i] /= float32(rows)
	}
	loss := tr.heads(codes, masked, b, norms != nil)

	w := &n.weights
	clear(buf.h[:b*d])
	if norms != nil {
		tr.norms.layerNorm(t, buf.last, tr.last.xhat, b, d)
	}
	t.LayerNormBackward(buf.last, tr.last.xhat, tr.last.rstd, w.gain, g.gain, g.shift, buf.h, b, d)
	for l := n.config.Blocks - 1; l >= 0; l-- {
		p, gp, x, f := &w.blocks[l], &g.blocks[l], tr.layer(l), tr.folds[l]
		t.TN(e, d, b, x.act, e, buf.h, d, gp.w2, d, false)
		t.ColumnSums(buf.h, gp.bias2, b, d)
		t.NT(b, e, d, buf.h, d, p.w2, d, buf.z, e, false)
		t.MultiplyColumnSums(buf.z, x.z, gp.bias1, b, e)
		if norms != nil {
			tr.norms.block(tr, l, b)
		}
		if !tr.folding {
			tr.unfolded(l, b)
		} else {
			t.TN(d, e, b, x.in.y, d, buf.z, e, gp.w1, e, false)
			t.NT(b, d, e, buf.z, e, f.product, e, buf.y, d, false)
			f.backward(t, tr.spectrum, p, gp, e)
		}
		if norms != nil {
			tr.norms.layerNorm(t, buf.y, x.in.xhat, b, d)
		}
		t.LayerNormBackward(buf.y, x.in.xhat, x.in.rstd, p.gain, gp.gain, gp.shift, buf.h, b, d)
	}
	t.Scatter(g.embed, tr.index, buf.h, b, columns, d)
	if norms != nil {
		tr.norms.finish(t, buf.h, columns, float64(rows), norms, b, d)
	}
	return loss
}

// heads goes through the softmax heads, forward and backward: it sets the
// gradients of head and bias and of the last state, and returns the loss.
func (tr *Trainer) heads(codes []uint16, masked []bool, b int, norms bool) float64 {
	t, n, g, buf, h := tr.t, tr.net, &tr.gradient, &tr.buffers, &tr.head
	columns, d, bins := n.Columns(), n.Width(), n.Bins()
	clear(buf.last[:b*d])
	if norms {
		t.RowDots(tr.last.y, tr.last.y, tr.state, b, d)
	}
	loss := 0.0
	for j, card := range n.config.Cards {
		count := tr.probabilities(j, masked, b, tr.share)
		ld, off := stride(card), n.offset[j]
		if count == 0 {
			for i := range d {
				clear(g.head[i*bins+off:][:card])
			}
			continue
		}
		for r, i := range h.rows[:count] {
			at := r*ld + int(codes[int(i)*columns+j])
			share := h.scale[r]
			loss += float64(share) * -math.Log(float64(h.p[at])/float64(share))
			h.p[at] -= share
		}
		if norms {
			tr.norms.head(tr, count, ld)
		}
		clear(buf.columns[:ld])
		t.ColumnSums(h.p, buf.columns, count, ld)
		copy(g.bias[off:off+card], buf.columns)
		t.TN(d, card, count, h.a, d, h.p, ld, g.head[off:], bins, false)
		t.NT(count, d, card, h.p, ld, n.weights.head[off:], bins, buf.y, d, false)
		t.Scatter(buf.last, h.rows, buf.y, count, 1, d)
	}
	return loss
}

// unfolded goes back through W1 and S of block l: from the gradient of z to that
// of the LayerNorm's output, buf.y.
func (tr *Trainer) unfolded(l, b int) {
	t, n, buf := tr.t, tr.net, &tr.buffers
	d, e, k := n.Width(), n.config.hidden(), tr.spectrum.k
	p, gp, x, f := &n.weights.blocks[l], &tr.gradient.blocks[l], tr.layer(l), tr.folds[l]
	t.TN(d, e, b, x.s, d, buf.z, e, gp.w1, e, false)
	t.NT(b, d, e, buf.z, e, p.w1, e, buf.s, d, false)
	t.NN(b, 2*k, d, buf.s, d, tr.spectrum.inverseT, 2*k, x.wq, 2*k, false)
	clear(f.dw)
	t.ComplexMultiplyBackward(x.wq, x.q, f.w, f.dw, b, k)
	copy(buf.y, buf.s[:b*d])
	t.NN(b, d, 2*k, x.wq, 2*k, tr.spectrum.forwardT, d, buf.y, d, true)
	polarGradient(p.magnitude, p.phase, f.dw, gp.magnitude, gp.phase)
}
