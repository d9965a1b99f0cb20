package cascade

import (
	"context"
	"math"

	"synthos/linalg"
	"synthos/resonance"
)

// GradientNorms returns, for each row, the norm of the gradient of its loss over
// all parameters, averaged over the four groups of masked columns and over the
// networks that Score uses. About four times the cost of Score. It returns an
// error only if ctx ends.
//
// Source: Paul et al., arXiv:2107.07075 (GraNd).
func (c *Cascade) GradientNorms(ctx context.Context, codes []uint16, rows int) ([]float32, error) {
	c.checkRows(codes, rows)
	out := make([]float32, rows)
	columns, kernels, nets := len(c.Cards), linalg.Best(), c.scorers()
	err := c.eachSpan(ctx, rows, func(ctx context.Context, from, to int) error {
		norms := make([]float32, chunk)
		for _, n := range nets {
			tr := resonance.NewTrainer(n, kernels, chunk)
			p := newPasses(tr.Evaluator, c.Cards)
			p.each(to-from, func(at, b, g int) {
				if ctx.Err() != nil {
					return
				}
				tr.GradientNorms(codes[(from+at)*columns:], p.marks, b, norms)
				for i, x := range norms[:b] {
					out[from+at+i] += x / float32(p.groups*len(nets))
				}
			})
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Alignment returns, for each row, the cosine between the gradient of its loss
// and the mean gradient of the reference rows, both in the parameters of the
// heads, averaged over the networks that Score uses: negative where a step on
// the row would raise the reference's loss. reference holds rows of the same
// columns that the networks were not trained on, for example their held-out
// rows. Rows whose gradient is zero have 0. It returns an error only if ctx ends.
//
// Source: Pruthi et al., arXiv:2002.08484 (TracIn).
func (c *Cascade) Alignment(ctx context.Context, codes []uint16, rows int, reference []uint16, referenceRows int) ([]float32, error) {
	c.checkRows(codes, rows)
	c.checkRows(reference, referenceRows)
	out := make([]float32, rows)
	columns, kernels, nets := len(c.Cards), linalg.Best(), c.scorers()
	for _, n := range nets {
		direction, length, err := c.headGradient(ctx, n, kernels, reference, referenceRows)
		if err != nil {
			return nil, err
		}
		if length == 0 {
			continue
		}
		err = c.eachSpan(ctx, rows, func(ctx context.Context, from, to int) error {
			p := newPasses(resonance.NewEvaluator(n, kernels, chunk), c.Cards)
			dots, norms := make([]float32, chunk), make([]float32, chunk)
			dot, square := make([]float64, to-from), make([]float64, to-from)
			p.each(to-from, func(at, b, g int) {
				if ctx.Err() != nil {
					return
				}
				p.ev.Alignment(codes[(from+at)*columns:], p.marks, b, direction, dots, norms)
				for i := range b {
					// groups mask different columns, so their gradients are
					// orthogonal: norms add in squares
					dot[at+i] += float64(dots[i])
					square[at+i] += float64(norms[i]) * float64(norms[i])
				}
			})
			for i := range dot {
				if square[i] > 0 {
					out[from+i] += float32(dot[i] / (math.Sqrt(square[i]) * length * float64(len(nets))))
				}
			}
			return ctx.Err()
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// headGradient returns the sum of the heads' gradients over rows and groups, and
// its length. The rows are taken in order, so the bits do not depend on the
// number of goroutines.
func (c *Cascade) headGradient(ctx context.Context, n *resonance.Network, kernels *linalg.Kernels, codes []uint16, rows int) ([]float32, float64, error) {
	sum := make([]float32, n.HeadSize())
	p := newPasses(resonance.NewEvaluator(n, kernels, chunk), c.Cards)
	p.each(rows, func(from, b, g int) {
		if ctx.Err() == nil {
			p.ev.AddHeadGradient(codes[from*len(c.Cards):], p.marks, b, sum)
		}
	})
	return sum, math.Sqrt(kernels.SumSquares(sum)), ctx.Err()
}

// Hidden returns the last hidden states of rows, rows*width row-major, of the
// first base network (the last network if there is none), with no cell masked:
// the representation whose effective rank RankMe measures (Garrido et al.,
// arXiv:2210.02885). It returns an error only if ctx ends.
func (c *Cascade) Hidden(ctx context.Context, codes []uint16, rows int) (states []float32, width int, err error) {
	c.checkRows(codes, rows)
	net := c.Members[len(c.Members)-1].Network
	for i := range c.Members {
		if c.Members[i].Training.Tier == Base {
			net = c.Members[i].Network
			break
		}
	}
	columns, kernels := len(c.Cards), linalg.Best()
	width = net.Width()
	states = make([]float32, rows*width)
	err = c.eachSpan(ctx, rows, func(ctx context.Context, from, to int) error {
		ev := resonance.NewEvaluator(net, kernels, chunk)
		marks := make([]bool, chunk*columns)
		for ; from < to && ctx.Err() == nil; from += chunk {
			b := min(chunk, to-from)
			ev.Hidden(codes[from*columns:], marks, b, states[from*width:])
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, 0, err
	}
	return states, width, nil
}
