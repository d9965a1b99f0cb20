package resonance

import (
	"fmt"

	"synthos/linalg"
)

// An Evaluator runs a network forward on batches of rows. It belongs to one
// goroutine; make one for each.
//
// All its methods take the rows of a batch as codes and masked, both b*C
// row-major: cell (i,j) has the code codes[i*C+j], unless masked[i*C+j]. They
// panic if b is above the batch size it was made for or a code is not a bin of
// its column. What is computed for a row does not depend on the rest of the
// batch.
type Evaluator struct {
	net      *Network
	t        *linalg.Kernels
	maxBatch int
	changes  int // those of the network that folds and padded know; -1 none

	folding  bool // S is folded into W1
	spectrum *spectrum
	folds    []*fold
	index    []int32     // B*C: the embedding of each cell
	h        []float32   // B*d: the state of the rows
	layers   []layer     // one a block, or the same again and again if nothing goes back
	last     normed      // after the last block
	head     headBuffers // of one column at a time

	share   []float32 // B: what a masked cell counts in its row's loss
	state   []float32 // B: |last state|^2
	squares []float64 // B: squared norm of the heads' gradient
}

// normed is the input of a LayerNorm, normalized: xhat, and scaled: y.
type normed struct {
	y, xhat, rstd []float32 // B*d, B*d, B
}

// A layer holds what a block computes on its way.
type layer struct {
	in  normed
	z   []float32 // B*e: before gelu, then its derivative
	act []float32 // B*e: after gelu

	// only if S is not folded:
	q, wq []float32 // B*2k: spectrum of y, and times w
	s     []float32 // B*d: S y
}

// NewEvaluator returns an Evaluator of n for batches of up to maxBatch rows,
// with the kernels t.
func NewEvaluator(n *Network, t *linalg.Kernels, maxBatch int) *Evaluator {
	return newEvaluator(n, t, maxBatch, min(1, n.config.Blocks), n.config.Width <= foldWidth)
}

// newEvaluator keeps what the given number of blocks compute.
func newEvaluator(n *Network, t *linalg.Kernels, maxBatch, keep int, folding bool) *Evaluator {
	c := &n.config
	d, e := c.Width, c.hidden()
	spectrum := newSpectrum(d, c.Modes)
	k := spectrum.k
	ev := &Evaluator{net: n, t: t, maxBatch: maxBatch, changes: -1, folding: folding, spectrum: spectrum,
		index: make([]int32, maxBatch*len(c.Cards)), h: make([]float32, maxBatch*d),
		last: newNormed(maxBatch, d), head: newHeadBuffers(n, maxBatch),
		share: make([]float32, maxBatch), state: make([]float32, maxBatch), squares: make([]float64, maxBatch)}
	for range keep {
		l := layer{in: newNormed(maxBatch, d), z: make([]float32, maxBatch*e), act: make([]float32, maxBatch*e)}
		if !folding {
			l.q, l.wq, l.s = make([]float32, maxBatch*2*k), make([]float32, maxBatch*2*k), make([]float32, maxBatch*d)
		}
		ev.layers = append(ev.layers, l)
	}
	for range c.Blocks {
		f := &fold{w: make([]float32, 2*k), dw: make([]float32, 2*k)}
		if folding {
			f = newFold(d, e, k)
		}
		ev.folds = append(ev.folds, f)
	}
	return ev
}

func newNormed(b, d int) normed {
	return normed{make([]float32, b*d), make([]float32, b*d), make([]float32, b)}
}

// Network returns the network that the Evaluator runs.
func (ev *Evaluator) Network() *Network { return ev.net }

// MaxBatch returns the largest number of rows in a call.
func (ev *Evaluator) MaxBatch() int { return ev.maxBatch }

// refresh computes what depends on the parameters only.
func (ev *Evaluator) refresh() {
	if ev.changes == ev.net.changes {
		return
	}
	for l, f := range ev.folds {
		b := &ev.net.weights.blocks[l]
		if !ev.folding {
			deviation(b.magnitude, b.phase, f.w)
		} else {
			f.update(ev.t, ev.spectrum, b, ev.net.config.hidden())
		}
	}
	ev.head.setBias(ev.net)
	ev.changes = ev.net.changes
}

// layer returns the buffers of block l.
func (ev *Evaluator) layer(l int) *layer { return &ev.layers[min(l, len(ev.layers)-1)] }

// forward computes the last state of the rows, ev.last.y.
func (ev *Evaluator) forward(codes []uint16, masked []bool, b int) {
	ev.lookUp(codes, masked, b)
	ev.refresh()
	t, c, w := ev.t, &ev.net.config, &ev.net.weights
	d, e, k := c.Width, c.hidden(), ev.spectrum.k
	t.Gather(w.embed, ev.index, ev.h, b, len(c.Cards), d)
	for l := range w.blocks {
		p, f, x := &w.blocks[l], ev.folds[l], ev.layer(l)
		t.LayerNorm(ev.h, p.gain, p.shift, x.in.y, x.in.xhat, x.in.rstd, b, d)
		if !ev.folding {
			t.NN(b, 2*k, d, x.in.y, d, ev.spectrum.forward, 2*k, x.q, 2*k, false)
			t.ComplexMultiply(x.q, f.w, x.wq, b, k)
			copy(x.s, x.in.y[:b*d])
			t.NN(b, d, 2*k, x.wq, 2*k, ev.spectrum.inverse, d, x.s, d, true)
			t.NN(b, e, d, x.s, d, p.w1, e, x.z, e, false)
		} else {
			t.NN(b, e, d, x.in.y, d, f.product, e, x.z, e, false)
		}
		t.GELU(x.z, p.bias1, x.act, b, e)
		t.NN(b, d, e, x.act, e, p.w2, d, ev.h, d, true)
		t.AddBias(ev.h, p.bias2, b, d)
	}
	t.LayerNorm(ev.h, w.gain, w.shift, ev.last.y, ev.last.xhat, ev.last.rstd, b, d)
}

// lookUp finds the embedding of each cell.
func (ev *Evaluator) lookUp(codes []uint16, masked []bool, b int) {
	n := ev.net
	columns := n.Columns()
	if b < 1 || b > ev.maxBatch || len(codes) < b*columns || len(masked) < b*columns {
		panic(fmt.Sprintf("resonance: %d rows do not fit: batches of %d, %d codes, %d marks", b, ev.maxBatch, len(codes), len(masked)))
	}
	bins := n.Bins()
	for i := range b {
		row, marks, to := codes[i*columns:][:columns], masked[i*columns:][:columns], ev.index[i*columns:][:columns]
		for j, code := range row {
			if int(code) >= n.config.Cards[j] {
				panic(fmt.Sprintf("resonance: code %d of row %d is not one of the %d bins of column %d", code, i, n.config.Cards[j], j))
			}
			to[j] = int32(n.offset[j] + int(code))
			if marks[j] {
				to[j] = int32(bins + j)
			}
		}
	}
}
