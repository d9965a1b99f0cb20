package cascade

import (
	"context"
	"math/rand/v2"

	"synthos/linalg"
	"synthos/resonance"
)

// mostRounds is how often a network looks at a row that is being drawn, at most:
// up to that many columns, every cell is drawn given all cells before it.
const mostRounds = 24

// Predict draws rows from the networks, rows*columns codes: what the cascade
// would hand to the next generation. A row starts with every cell masked; round
// by round, in a random order, some cells are drawn from their distribution
// given those drawn before (Chang et al., arXiv:2202.04200, without its
// confidence order, which favours the likely). Rows are dealt to the tiers in
// turn, and inside a tier to the networks that did not diverge. The same seed
// gives the same rows. It returns an error only if ctx ends.
func (c *Cascade) Predict(ctx context.Context, rows int, seed uint64) ([]uint16, error) {
	columns := len(c.Cards)
	out := make([]uint16, rows*columns)
	dealt := c.deal(rows)
	type job struct {
		net  *resonance.Network
		rows []int
	}
	var jobs []job
	for i := len(dealt) - 1; i >= 0; i-- { // largest networks first
		for from := 0; from < len(dealt[i]); from += chunk {
			jobs = append(jobs, job{c.Members[i].Network, dealt[i][from:min(len(dealt[i]), from+chunk)]})
		}
	}
	kernels := linalg.Best()
	err := parallel(ctx, len(jobs), c.workers(), func(ctx context.Context, i int) error {
		codes, err := draw(ctx, jobs[i].net, kernels, jobs[i].rows, seed)
		if err != nil {
			return err
		}
		for n, row := range jobs[i].rows {
			copy(out[row*columns:(row+1)*columns], codes[n*columns:])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// deal returns the rows that each network draws.
func (c *Cascade) deal(rows int) [][]int {
	var tiers [][]int // members of each tier
	name := ""
	for i := range c.Members {
		t := &c.Members[i].Training
		if len(tiers) == 0 || t.Tier != name {
			tiers, name = append(tiers, nil), t.Tier
		}
		if !t.Diverged {
			tiers[len(tiers)-1] = append(tiers[len(tiers)-1], i)
		}
	}
	var usable [][]int
	for _, t := range tiers {
		if len(t) > 0 {
			usable = append(usable, t)
		}
	}
	if len(usable) == 0 { // every network diverged: what is left are their best parameters
		for i := range c.Members {
			usable = append(usable, []int{i})
		}
	}
	out := make([][]int, len(c.Members))
	for row := range rows {
		t := usable[row%len(usable)]
		m := t[row/len(usable)%len(t)]
		out[m] = append(out[m], row)
	}
	return out
}

// draw draws the rows with the given numbers from one network. Each row has its
// own random numbers.
func draw(ctx context.Context, net *resonance.Network, kernels *linalg.Kernels, rows []int, seed uint64) ([]uint16, error) {
	columns, b := net.Columns(), len(rows)
	codes, masked, want := make([]uint16, b*columns), make([]bool, b*columns), make([]bool, b*columns)
	uniform := make([]float32, b*columns)
	order := make([]int, 0, b*columns)
	for i, row := range rows {
		r := rand.New(rand.NewPCG(seed, uint64(row)))
		order = append(order, r.Perm(columns)...)
		for j := range columns {
			masked[i*columns+j] = true
			uniform[i*columns+j] = r.Float32()
		}
	}
	ev := resonance.NewEvaluator(net, kernels, b)
	perRound := (columns + mostRounds - 1) / mostRounds
	for from := 0; from < columns; from += perRound {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := min(columns, from+perRound)
		clear(want)
		for i := range b {
			for _, j := range order[i*columns+from : i*columns+to] {
				want[i*columns+j] = true
			}
		}
		ev.Sample(codes, masked, want, b, uniform)
		for at, w := range want {
			if w {
				masked[at] = false
			}
		}
	}
	return codes, nil
}
