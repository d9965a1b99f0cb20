package cascade

import (
	"context"
	"math"
	"slices"

	"synthos/linalg"
	"synthos/resonance"
)

// chunk is how many rows are worked on at once; results do not depend on it.
const chunk = 128

// groupSeed deals the columns into groups; the same in all cascades, so that
// losses can be compared.
const groupSeed = 0x67726f757073

// RowScores is what the networks say about rows.
type RowScores struct {
	Loss  []float32 // rows: mean of Cells, nats per cell
	Cells []float32 // rows*columns row-major: cross-entropy of each cell given others, nats
	// Gradient is the norm of the gradient of a row's loss in the parameters of
	// the heads, averaged over groups and networks (Paul et al. 2021).
	Gradient []float32
}

// Score measures rows of the same columns: each cell is masked in one of four
// groups of columns and predicted from the columns of the other groups. The
// results are means over the two tiny networks whose mask rates are nearest to a
// quarter: the small ones take three times as long a row and find no more. The score of a row does not depend on the
// other rows. It returns an error only if ctx ends.
func (c *Cascade) Score(ctx context.Context, codes []uint16, rows int) (*RowScores, error) {
	c.checkRows(codes, rows)
	columns := len(c.Cards)
	out := &RowScores{Loss: make([]float32, rows), Cells: make([]float32, rows*columns), Gradient: make([]float32, rows)}
	err := c.eachSpan(ctx, rows, func(ctx context.Context, from, to int) error {
		s := c.NewScorer()
		for ; from < to; from += chunk {
			if err := ctx.Err(); err != nil {
				return err
			}
			end := min(to, from+chunk)
			s.Score(codes[from*columns:end*columns], end-from, out.Loss[from:end], out.Cells[from*columns:end*columns], out.Gradient[from:end])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (c *Cascade) checkRows(codes []uint16, rows int) {
	if len(codes) != rows*len(c.Cards) {
		panic("cascade: codes are not rows times columns")
	}
	checkCodes(codes, c.Cards)
}

// span is how many rows one goroutine takes at a time.
const span = 16 * chunk

// eachSpan calls do for consecutive spans of rows from several goroutines.
func (c *Cascade) eachSpan(ctx context.Context, rows int, do func(ctx context.Context, from, to int) error) error {
	return parallel(ctx, (rows+span-1)/span, c.workers(), func(ctx context.Context, i int) error {
		return do(ctx, i*span, min(rows, (i+1)*span))
	})
}

// scorerCount is the number of networks that score rows.
const scorerCount = 2

// scorers returns the networks that score rows.
func (c *Cascade) scorers() []*resonance.Network {
	var tiny []*Member
	for i := range c.Members {
		if c.Members[i].Training.Tier == Tiny {
			tiny = append(tiny, &c.Members[i])
		}
	}
	slices.SortStableFunc(tiny, func(a, b *Member) int {
		return sign(math.Abs(a.Training.MaskRate-0.25) - math.Abs(b.Training.MaskRate-0.25))
	})
	var out []*resonance.Network
	for _, m := range tiny[:min(scorerCount, len(tiny))] {
		out = append(out, m.Network)
	}
	return out
}

func sign(x float64) int {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}

// A Scorer scores rows in one goroutine, as Cascade.Score does.
type Scorer struct {
	columns int
	nets    []*passes
	cells   []float32 // chunk*columns: of one network
	norms   []float32 // chunk
}

// NewScorer returns a Scorer.
func (c *Cascade) NewScorer() *Scorer {
	s := &Scorer{columns: len(c.Cards), cells: make([]float32, chunk*len(c.Cards)), norms: make([]float32, chunk)}
	kernels := linalg.Best()
	for _, n := range c.scorers() {
		s.nets = append(s.nets, newPasses(resonance.NewEvaluator(n, kernels, chunk), c.Cards))
	}
	return s
}

// Score fills loss (rows), cells (rows*columns) and gradient (rows); see
// RowScores. Any of them may be nil. Codes must be bins of their columns.
func (s *Scorer) Score(codes []uint16, rows int, loss, cells, gradient []float32) {
	for from := 0; from < rows; from += chunk {
		b := min(chunk, rows-from)
		whole := make([]float32, b*s.columns)
		var norms []float32
		if gradient != nil {
			clear(gradient[from : from+b])
			norms = s.norms
		}
		for _, p := range s.nets {
			p.losses(codes[from*s.columns:(from+b)*s.columns], b, s.cells, norms)
			for at, x := range s.cells[:len(whole)] {
				whole[at] += x / float32(len(s.nets))
			}
			if gradient != nil {
				for i, x := range norms[:b] {
					gradient[from+i] += x / float32(len(s.nets))
				}
			}
		}
		if cells != nil {
			copy(cells[from*s.columns:], whole)
		}
		if loss != nil {
			for i := range b {
				var sum float32
				for _, x := range whole[i*s.columns:][:s.columns] {
					sum += x
				}
				loss[from+i] = sum / float32(s.columns)
			}
		}
	}
}

// passes runs a network over rows once for each group of columns.
type passes struct {
	ev     *resonance.Evaluator
	group  []int
	groups int
	marks  []bool
	part   []float32
	norms  []float32
}

func newPasses(ev *resonance.Evaluator, cards []int) *passes {
	p := &passes{ev: ev, marks: make([]bool, ev.MaxBatch()*len(cards)), part: make([]float32, ev.MaxBatch()*len(cards)), norms: make([]float32, ev.MaxBatch())}
	p.group, p.groups = columnGroups(len(cards), groupSeed)
	return p
}

// each calls do for every batch of rows and every group, with the marks set.
func (p *passes) each(rows int, do func(from, b, g int)) {
	for from := 0; from < rows; from += p.ev.MaxBatch() {
		b := min(p.ev.MaxBatch(), rows-from)
		for g := range p.groups {
			markGroup(p.marks, p.group, g, b)
			do(from, b, g)
		}
	}
}

// columnLosses returns the mean loss of the cells of each column.
func (p *passes) columnLosses(codes []uint16, rows int) []float64 {
	return p.partLosses(codes, rows, 1)[0]
}

// partLosses returns the same of each part of the rows: row i is in part i modulo parts.
func (p *passes) partLosses(codes []uint16, rows, parts int) [][]float64 {
	columns := len(p.group)
	cells, out := make([]float32, rows*columns), make([][]float64, parts)
	p.losses(codes, rows, cells, nil)
	for part := range out {
		out[part] = make([]float64, columns)
		n := (rows - part + parts - 1) / parts
		for i := part; i < rows; i += parts {
			for j, x := range cells[i*columns : (i+1)*columns] {
				out[part][j] += float64(x) / float64(n)
			}
		}
	}
	return out
}

// losses sets cells to the loss of each cell, and norms, if not nil, to the mean
// over groups of the norm of the heads' gradient.
func (p *passes) losses(codes []uint16, rows int, cells, norms []float32) {
	columns := len(p.group)
	clear(cells[:rows*columns])
	if norms != nil {
		clear(norms[:rows])
	}
	p.each(rows, func(from, b, g int) {
		into := p.norms
		if norms == nil {
			into = nil
		}
		p.ev.Losses(codes[from*columns:], p.marks, b, p.part, into)
		for at, x := range p.part[:b*columns] {
			cells[from*columns+at] += x
		}
		if norms != nil {
			for i, x := range into[:b] {
				norms[from+i] += x / float32(p.groups)
			}
		}
	})
}
