package cascade

import (
	"context"

	"synthos/linalg"
	"synthos/resonance"
)

// ColumnLosses returns for each tiny network that did not diverge, by its number,
// the mean loss of the cells of each column over rows of the same columns, in
// nats; of the others nil. The means are of parts of the rows, of which at least one each is
// needed: row i is in part i modulo parts. As in Score, a cell is masked in one of four groups of
// columns and predicted from the columns of the other groups. Networks of the same number
// in a cascade and in its twins can be compared. It returns an error only if ctx
// ends. It panics if a code is not below its column's card.
func (c *Cascade) ColumnLosses(ctx context.Context, codes []uint16, rows, parts int) ([][][]float64, error) {
	c.checkRows(codes, rows)
	var out [][][]float64
	for i := range c.Members {
		if c.Members[i].Training.Tier == Tiny {
			out = append(out, nil)
		}
	}
	kernels := linalg.Best()
	err := parallel(ctx, len(out), c.workers(), func(ctx context.Context, i int) error {
		if c.Members[i].Training.Diverged {
			return nil
		}
		p := newPasses(resonance.NewEvaluator(c.Members[i].Network, kernels, chunk), c.Cards)
		out[i] = p.partLosses(codes, rows, parts)
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
