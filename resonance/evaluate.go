package resonance

import "math"

// Losses sets losses[i*C+j], for each masked cell (i,j), to its cross-entropy in
// nats, and for the other cells to 0. If norms is not nil, norms[i] is set to the
// norm of the gradient of row i's loss in the parameters of the heads: a cheap
// part of the whole gradient norm.
func (ev *Evaluator) Losses(codes []uint16, masked []bool, b int, losses, norms []float32) {
	ev.forward(codes, masked, b)
	h, columns, d := &ev.head, ev.net.Columns(), ev.net.Width()
	clear(losses[:b*columns])
	if norms != nil {
		shares(masked, b, columns, ev.share)
		clear(ev.squares[:b])
		ev.t.RowDots(ev.last.y, ev.last.y, ev.state, b, d)
	}
	for j, card := range ev.net.config.Cards {
		count, ld := ev.probabilities(j, masked, b, nil), stride(card)
		for r, i := range h.rows[:count] {
			cell := int(i)*columns + j
			at := r*ld + int(codes[cell])
			losses[cell] = float32(-math.Log(float64(h.p[at])))
			h.p[at]--
		}
		if norms != nil && count > 0 {
			ev.addHeadSquares(count, ld)
		}
	}
	if norms != nil {
		for i := range b {
			norms[i] = ev.share[i] * float32(math.Sqrt(ev.squares[i]))
		}
	}
}

// addHeadSquares adds the squared norm of one head's gradient to ev.squares:
// ev.head.p holds the gradient of the logits of count rows.
func (ev *Evaluator) addHeadSquares(count, ld int) {
	h := &ev.head
	ev.t.RowDots(h.p, h.p, h.scale, count, ld)
	for r, i := range h.rows[:count] {
		ev.squares[i] += float64(h.scale[r]) * (1 + float64(ev.state[i]))
	}
}

// Probabilities sets out[i*V+Offset(j)] ... to the distribution over the bins of
// column j, for each cell with want[i*C+j]. The rest of out, which is b*V, is
// left as it is.
func (ev *Evaluator) Probabilities(codes []uint16, masked, want []bool, b int, out []float32) {
	ev.forward(codes, masked, b)
	bins := ev.net.Bins()
	for j, card := range ev.net.config.Cards {
		count, ld := ev.probabilities(j, want, b, nil), stride(card)
		for r, i := range ev.head.rows[:count] {
			copy(out[int(i)*bins+ev.net.offset[j]:][:card], ev.head.p[r*ld:])
		}
	}
}

// Sample draws a code for each cell with want[i*C+j] from its distribution given
// the cells that are not masked, and writes it to codes. uniform[i*C+j] is the
// number in [0,1) that decides. masked is not changed.
func (ev *Evaluator) Sample(codes []uint16, masked, want []bool, b int, uniform []float32) {
	ev.forward(codes, masked, b)
	columns := ev.net.Columns()
	for j, card := range ev.net.config.Cards {
		count, ld := ev.probabilities(j, want, b, nil), stride(card)
		for r, i := range ev.head.rows[:count] {
			cell := int(i)*columns + j
			codes[cell] = pick(ev.head.p[r*ld:][:card], uniform[cell])
		}
	}
}

// pick returns the first code at which the sum of p passes u times the whole sum.
func pick(p []float32, u float32) uint16 {
	var sum, whole float64
	for _, x := range p {
		whole += float64(x)
	}
	last := 0
	for code, x := range p {
		sum += float64(x)
		if float64(u)*whole < sum {
			return uint16(code)
		}
		if x > 0 {
			last = code
		}
	}
	return uint16(last)
}

// Hidden sets out, b*d, to the last hidden states of the rows: what the heads
// see.
func (ev *Evaluator) Hidden(codes []uint16, masked []bool, b int, out []float32) {
	ev.forward(codes, masked, b)
	copy(out, ev.last.y[:b*ev.net.Width()])
}

// HeadSize returns the number of parameters of the heads: d*V weights, then V
// biases.
func (n *Network) HeadSize() int { return (n.Width() + 1) * n.Bins() }

// AddHeadGradient adds the sum of the gradients of the rows' losses in the
// parameters of the heads to sum, of length HeadSize.
func (ev *Evaluator) AddHeadGradient(codes []uint16, masked []bool, b int, sum []float32) {
	ev.forward(codes, masked, b)
	h, n, t := &ev.head, ev.net, ev.t
	columns, d, bins := n.Columns(), n.Width(), n.Bins()
	shares(masked, b, columns, ev.share)
	bias := sum[d*bins : (d+1)*bins]
	for j, card := range n.config.Cards {
		count, ld, off := ev.probabilities(j, masked, b, ev.share), stride(card), n.offset[j]
		for r, i := range h.rows[:count] {
			row := h.p[r*ld:][:card]
			row[codes[int(i)*columns+j]] -= h.scale[r]
			for v, x := range row {
				bias[off+v] += x
			}
		}
		t.TN(d, card, count, h.a, d, h.p, ld, sum[off:], bins, true)
	}
}

// Alignment compares the gradient of each row's loss in the parameters of the
// heads with reference, a vector of length HeadSize: dots[i] is their dot
// product, norms[i] the norm of the row's. The dot product of the outer product
// of a and delta with a matrix G is delta (G^T a), so no gradient is formed.
//
// Source: Pruthi et al., arXiv:2002.08484 (TracIn, last layer).
func (ev *Evaluator) Alignment(codes []uint16, masked []bool, b int, reference, dots, norms []float32) {
	ev.forward(codes, masked, b)
	h, n, t := &ev.head, ev.net, ev.t
	columns, d, bins := n.Columns(), n.Width(), n.Bins()
	shares(masked, b, columns, ev.share)
	t.RowDots(ev.last.y, ev.last.y, ev.state, b, d)
	clear(ev.squares[:b])
	clear(dots[:b])
	for j, card := range n.config.Cards {
		count, ld, off := ev.probabilities(j, masked, b, nil), stride(card), n.offset[j]
		if count == 0 {
			continue
		}
		t.NN(count, card, d, h.a, d, reference[off:], bins, h.t, ld, false)
		bias := reference[d*bins+off:][:card]
		for r, i := range h.rows[:count] {
			row, against := h.p[r*ld:][:card], h.t[r*ld:][:card]
			row[codes[int(i)*columns+j]]--
			var dot float32
			for v, x := range row {
				dot += float32(x * (against[v] + bias[v]))
			}
			dots[i] += dot
		}
		ev.addHeadSquares(count, ld)
	}
	for i := range b {
		dots[i] *= ev.share[i]
		norms[i] = ev.share[i] * float32(math.Sqrt(ev.squares[i]))
	}
}
