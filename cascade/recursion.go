package cascade

import (
	"context"
	"math"
	"math/rand/v2"

	"synthos/linalg"
	"synthos/resonance"
	"synthos/verdict"
)

// The recursion probe. A generation is a network trained on the rows of the one
// before it, and as many rows drawn from it. The probe is small: it is a forecast
// of a direction and a rate, not of a large model's loss.
const (
	probeRows        = 1500 // of a generation, at most
	probeColumns     = 48   // at most; evenly chosen from more
	probeGenerations = 4
	probeChains      = 2    // from the data alone
	probeVisits      = 6000 // rows that a network of the probe is trained on
	probeBatch       = 32
	probeWidth       = 16
	leastProbeRows   = 200 // half of them define what the tails are
)

// mixedShares are the shares of real rows in the mixed chains.
var mixedShares = []float64{0.1, 0.3, 0.5}

// Recur trains tiny networks on the rows of d, then again and again on rows
// drawn from the network before, and tells how fast entropy, tails and
// association die. With a reference, which has the same columns, chains whose
// generations hold a share of real rows are followed too. The result has a
// NullReason if there are too few rows. It returns an error only if ctx ends.
//
// Source: Shumailov et al., Nature 631, 2024; with real rows kept in, Gerstgrasser
// et al., arXiv:2404.01413, and Alemohammad et al., arXiv:2307.01850.
func Recur(ctx context.Context, d Data, reference *Data, o Options) (*verdict.Recursion, error) {
	if d.Rows < leastProbeRows {
		return &verdict.Recursion{NullReason: "too few rows to follow over generations"}, nil
	}
	d = d.thinned(probeColumns)
	first, second := halves(d.Rows, o.Seed)
	start := d.take(first)
	m := newMeasure(d.take(second), start)
	chains := make([]chain, probeChains)
	beginning := m.of(&start) // of every chain
	if reference != nil {
		thin := reference.thinned(probeColumns)
		for _, share := range mixedShares {
			chains = append(chains, chain{share: share, real: &thin})
		}
	}
	config := resonance.Config{Cards: d.Cards, Width: probeWidth, Modes: modes(probeWidth), Blocks: 1, Expansion: 4}
	kernels := linalg.Best()
	c := Cascade{jobs: o.Jobs}
	report := newReporter(o.Progress, float64(len(chains)*probeGenerations), len(chains), "forecast chains")
	err := parallel(ctx, len(chains), c.workers(), func(ctx context.Context, i int) error {
		chains[i].generations = append(chains[i].generations, beginning)
		return chains[i].run(ctx, start, config, kernels, m, mix(o.Seed, uint64(1000+i)), report)
	})
	if err != nil {
		return nil, err
	}
	return summarize(chains, start.Rows), nil
}

// halves returns two disjoint sets of rows, each of at most probeRows.
func halves(rows int, seed uint64) (first, second []int) {
	n := min(rows/2, probeRows)
	for k, i := range lowest(rows, 2*n, seed^0x70726f6265) {
		if k%2 == 0 {
			first = append(first, i)
		} else {
			second = append(second, i)
		}
	}
	return first, second
}

// thinned returns d with at most the given number of columns, evenly chosen.
func (d *Data) thinned(columns int) Data {
	c := len(d.Cards)
	if c <= columns {
		return *d
	}
	out := Data{Rows: d.Rows, Codes: make([]uint16, 0, d.Rows*columns)}
	for j := range columns {
		out.Cards = append(out.Cards, d.Cards[j*c/columns])
		if d.Nominal != nil {
			out.Nominal = append(out.Nominal, d.Nominal[j*c/columns])
		}
	}
	for i := range d.Rows {
		row := d.row(i)
		for j := range columns {
			out.Codes = append(out.Codes, row[j*c/columns])
		}
	}
	return out
}

// A chain is one line of generations.
type chain struct {
	share       float64 // of real rows in every training set after the first
	real        *Data
	generations []verdict.Generation
}

// run adds the generations after start.
func (c *chain) run(ctx context.Context, start Data, config resonance.Config, kernels *linalg.Kernels, m *measure, seed uint64, report *reporter) error {
	now := start
	for g := range probeGenerations {
		config.Seed = mix(seed, uint64(g))
		net, err := refit(ctx, &now, config, kernels)
		if err != nil {
			return err
		}
		drawn, err := drawAll(ctx, net, kernels, start.Rows, config.Seed)
		if err != nil {
			return err
		}
		next := Data{Rows: start.Rows, Cards: start.Cards, Codes: drawn}
		c.generations = append(c.generations, m.of(&next))
		if g < probeGenerations-1 {
			now = c.mixed(next, config.Seed)
		}
		report.add(1)
	}
	report.finished()
	return nil
}

// mixed returns d with a share of its rows replaced by real ones.
func (c *chain) mixed(d Data, seed uint64) Data {
	if c.real == nil {
		return d
	}
	n := min(int(c.share*float64(d.Rows)+0.5), c.real.Rows)
	out := c.real.take(lowest(c.real.Rows, n, seed))
	out.Codes = append(out.Codes, d.Codes[:(d.Rows-n)*len(d.Cards)]...)
	out.Rows = d.Rows
	return out
}

// refit returns a network trained on all rows of d. The share of masked cells is
// uniform on 0-1 a row, as it is when rows are drawn. If the training diverges,
// what was learned until then is kept.
func refit(ctx context.Context, d *Data, config resonance.Config, kernels *linalg.Kernels) (*resonance.Network, error) {
	rows := make([]int, d.Rows)
	for i := range rows {
		rows[i] = i
	}
	net := resonance.New(config)
	net.SetMarginals(marginals(d, rows))
	columns, size := len(d.Cards), min(probeBatch, d.Rows)
	tr := resonance.NewTrainer(net, kernels, size)
	codes, marks := make([]uint16, size*columns), make([]bool, size*columns)
	random := rand.New(rand.NewPCG(config.Seed, 0x7265666974))
	next, steps, peak := len(rows), probeVisits/size, learningRate(config.Width)
	for step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i := range size {
			if next == len(rows) {
				random.Shuffle(len(rows), func(a, b int) { rows[a], rows[b] = rows[b], rows[a] })
				next = 0
			}
			copy(codes[i*columns:(i+1)*columns], d.row(rows[next]))
			maskRow(marks[i*columns:(i+1)*columns], random.Float64(), random)
			next++
		}
		x := (float64(step) + 0.5) / float64(steps)
		_, norm := tr.Step(codes, marks, size, float32(peak*min(x/warmUp, (1+math.Cos(math.Pi*x))/2)), nil)
		if math.IsNaN(norm) || math.IsInf(norm, 0) {
			break
		}
	}
	return net, nil
}

// drawAll draws rows from one network.
func drawAll(ctx context.Context, net *resonance.Network, kernels *linalg.Kernels, rows int, seed uint64) ([]uint16, error) {
	var out []uint16
	numbers := make([]int, 0, probeChunk)
	for from := 0; from < rows; from += probeChunk {
		numbers = numbers[:0]
		for i := from; i < min(rows, from+probeChunk); i++ {
			numbers = append(numbers, i)
		}
		codes, err := draw(ctx, net, kernels, numbers, seed)
		if err != nil {
			return nil, err
		}
		out = append(out, codes...)
	}
	return out, nil
}

// probeChunk is how many rows the probe draws at once.
const probeChunk = 256
