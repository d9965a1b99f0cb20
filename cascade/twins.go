package cascade

import (
	"context"
	"slices"
)

// TrainTwins trains the tiny networks of c again, with the same shapes, seeds,
// mask rates and budget, on other rows of the same columns: the reference. The
// trainings can then be compared one by one. If d has more rows than c was
// trained on, as many are chosen from it by a hash of their number, and all that no
// twin saw are held out.
func TrainTwins(ctx context.Context, d Data, c *Cascade, o Options) (*Cascade, error) {
	if err := check(&d); err != nil {
		return nil, err
	}
	if !slices.Equal(d.Cards, c.Cards) {
		panic("cascade: twins need the same columns")
	}
	all, chosen := d.Rows, []int(nil)
	if rows := c.RowsTrained + len(c.HeldOut); all > rows {
		chosen = lowest(all, rows, c.Seed^0x7477696e73)
		d = d.take(chosen)
	}
	p := presetOf(c.Preset)
	p.visit(c.visits)
	o.Seed = c.Seed
	specs := plan(c.Cards, c.Seed, p)
	twins, err := trainPlan(ctx, d, o, p, specs[:p.tiers[0].networks], "reference networks")
	if err == nil && chosen != nil {
		twins.HeldOut = unseen(all, chosen, twins.HeldOut)
	}
	return twins, err
}

// unseen returns which of n rows no network saw: those that were not chosen, and of
// the chosen those held out, given by their place among them. Both ascend.
func unseen(n int, chosen, heldOut []int) []int {
	var out []int
	at, held := 0, 0
	for i := range n {
		switch {
		case at == len(chosen) || chosen[at] != i:
			out = append(out, i)
			continue
		case held < len(heldOut) && heldOut[held] == at:
			out = append(out, i)
			held++
		}
		at++
	}
	return out
}
