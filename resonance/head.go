package resonance

import "synthos/linalg"

// headBuffers hold what one softmax head computes, for the rows of a batch that
// want it: the heads run one after the other, each on its own rows only.
type headBuffers struct {
	rows   []int32     // B: the rows of the batch that want the column
	a      []float32   // B*d: their last states
	p      []float32   // B*stride: probabilities, then gradient of the logits
	t      []float32   // B*stride: scratch
	scale  []float32   // B
	padded [][]float32 // the bias of each column, -1e30 beyond its bins
}

// stride returns the length of a row of p: card rounded up to whole lanes.
func stride(card int) int { return (card + linalg.Lanes - 1) / linalg.Lanes * linalg.Lanes }

func newHeadBuffers(n *Network, b int) headBuffers {
	widest := 0
	h := headBuffers{rows: make([]int32, b), a: make([]float32, b*n.Width()), scale: make([]float32, b)}
	for _, card := range n.config.Cards {
		widest = max(widest, stride(card))
		bias := make([]float32, stride(card))
		fill(bias, -1e30)
		h.padded = append(h.padded, bias)
	}
	h.p, h.t = make([]float32, b*widest), make([]float32, b*widest)
	return h
}

func (h *headBuffers) setBias(n *Network) {
	for j, card := range n.config.Cards {
		copy(h.padded[j][:card], n.weights.bias[n.offset[j]:])
	}
}

// probabilities runs the head of column j on the rows of the batch that want it
// and returns their number; ev.head.rows, a and p are theirs. scale, if not nil,
// is what each row of the batch is multiplied by.
func (ev *Evaluator) probabilities(j int, want []bool, b int, scale []float32) int {
	h, n := &ev.head, ev.net
	columns, d, card := n.Columns(), n.Width(), n.config.Cards[j]
	count := 0
	for i := range b {
		if want[i*columns+j] {
			h.rows[count] = int32(i)
			h.scale[count] = 1
			if scale != nil {
				h.scale[count] = scale[i]
			}
			count++
		}
	}
	if count == 0 {
		return 0
	}
	ld := stride(card)
	ev.t.Gather(ev.last.y, h.rows, h.a, count, 1, d)
	for r := range count {
		clear(h.p[r*ld+card : (r+1)*ld])
	}
	ev.t.NN(count, card, d, h.a, d, n.weights.head[n.offset[j]:], n.Bins(), h.p, ld, false)
	ev.t.Softmax(h.p, h.padded[j], h.scale, count, ld)
	return count
}

// shares sets share[i] to one over the number of masked cells of row i of the
// batch, 0 if there are none, and returns how many rows have some.
func shares(masked []bool, b, columns int, share []float32) (rows int) {
	for i := range b {
		n := 0
		for _, m := range masked[i*columns:][:columns] {
			if m {
				n++
			}
		}
		share[i] = 0
		if n > 0 {
			share[i] = 1 / float32(n)
			rows++
		}
	}
	return rows
}
