// Package cascade trains eighteen resonance networks on an encoded table: ten
// tiny, five small and three base. What they learn, how they learn it, and the
// rows they draw afterwards tell what training on the table does.
//
// Networks of a tier have the same shape and differ in their seed, the rate at
// which cells are masked, and the rows they see. Each is trained by one
// goroutine with random numbers of its own, so the same data and seed give the
// same bits whatever the number of goroutines.
package cascade

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"synthos/dataset"
	"synthos/linalg"
	"synthos/resonance"
	"synthos/verdict"
)

// Data is an encoded table. Codes is Rows*len(Cards) row-major; the code of
// column j is below Cards[j], at most 65536. Names may be nil. Nominal says which
// columns have no order; nil means all.
type Data struct {
	Rows    int
	Cards   []int
	Codes   []uint16
	Names   []string
	Nominal []bool
}

// row returns the codes of row i; it aliases Codes.
func (d *Data) row(i int) []uint16 {
	c := len(d.Cards)
	return d.Codes[i*c : (i+1)*c]
}

// Options are those of a training.
type Options struct {
	Preset    string                            // "cpu" (also if empty), "fast" or "full"
	Seed      uint64                            // same seed, same bits
	Jobs      int                               // goroutines; 0 = all cores
	RowVisits int                               // rows a network is trained on, repeats counted; 0 = the preset's
	Progress  func(done float64, detail string) // done from 0 to 1; called from one goroutine at a time; nil = silent
}

// Cascade holds trained networks. Its methods may be called by several
// goroutines at once.
type Cascade struct {
	Preset      string
	Seed        uint64
	Names       []string // of the columns; nil if the data had none
	Cards       []int
	RowsTrained int      // rows that networks were trained on
	HeldOut     []int    // the other rows of the data, ascending
	Members     []Member // tiny, small, base
	Seconds     float64  // of wall time that Train took
	jobs        int
	visits      int // of the tiny networks
}

// Member is one trained network.
type Member struct {
	Network  *resonance.Network
	Training verdict.Training
	// TrainLoss and HeldOutLoss are mean cross-entropies in nats per cell after
	// the training, over up to 512 rows each, with the cells masked in the four
	// groups of Score. Unlike the curves in Training they can be compared between
	// networks of any mask rate. NaN if there are no such rows.
	TrainLoss, HeldOutLoss float64
	// ColumnLoss is HeldOutLoss by column.
	ColumnLoss []float64
}

// Train trains a cascade on d. It returns a *dataset.Error if d has fewer than
// two rows or no column, and ctx's error soon after ctx ends. A training that
// diverges is not an error: see verdict.Training.Diverged. Train panics if a
// code is not below its column's card or the preset is unknown.
func Train(ctx context.Context, d Data, o Options) (*Cascade, error) {
	if err := check(&d); err != nil {
		return nil, err
	}
	p := presetOf(o.Preset)
	if o.RowVisits > 0 {
		p.visit(o.RowVisits)
	}
	return trainPlan(ctx, d, o, p, plan(d.Cards, o.Seed, p), "networks")
}

// trainPlan trains the networks of a plan; what they are is said in the progress.
func trainPlan(ctx context.Context, d Data, o Options, p preset, specs []spec, what string) (*Cascade, error) {
	start := time.Now()
	trained, heldOut := split(d.Rows, o.Seed)
	c := &Cascade{Preset: p.name, Seed: o.Seed, Names: d.Names, Cards: slices.Clone(d.Cards), RowsTrained: len(trained),
		HeldOut: heldOut, Members: make([]Member, len(specs)), jobs: o.Jobs, visits: p.tiers[0].visits}
	order := make([]int, len(specs))
	var work float64
	for i := range order {
		order[i] = i
		work += specs[i].work()
	}
	slices.SortStableFunc(order, func(a, b int) int { // largest first, to end together
		return resonance.Count(specs[b].config) - resonance.Count(specs[a].config)
	})
	report := newReporter(o.Progress, work, len(specs), what)
	kernels := linalg.Best()
	err := parallel(ctx, len(order), c.workers(), func(ctx context.Context, n int) error {
		i := order[n]
		r := run{data: &d, spec: specs[i], kernels: kernels, trained: subset(trained, specs[i]), heldOut: heldOut, report: report}
		m, err := r.train(ctx)
		if err != nil {
			return err
		}
		m.Training.Network = i
		c.Members[i] = m
		report.finished()
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.Seconds = time.Since(start).Seconds()
	return c, nil
}

func check(d *Data) error {
	switch {
	case len(d.Cards) == 0:
		return dataset.NewError("", "no column can be modelled", "give a table with at least one column that is not an identifier")
	case d.Rows < 2:
		return dataset.NewError("", fmt.Sprintf("%d row(s) cannot be learned from: a network needs one to train on and one to be tested on", d.Rows), "give a table with at least 2 rows")
	case len(d.Codes) != d.Rows*len(d.Cards):
		panic(fmt.Sprintf("cascade: %d codes for %d rows of %d columns", len(d.Codes), d.Rows, len(d.Cards)))
	}
	checkCodes(d.Codes, d.Cards)
	return nil
}

// checkCodes panics here rather than in a goroutine.
func checkCodes(codes []uint16, cards []int) {
	for at := 0; at < len(codes); at += len(cards) {
		for j, card := range cards {
			if int(codes[at+j]) >= card {
				panic(fmt.Sprintf("cascade: code %d of row %d is not one of the %d bins of column %d", codes[at+j], at/len(cards), card, j))
			}
		}
	}
}

// Kernel returns the name of the kernels that networks are trained with here;
// "go" rounds otherwise than the others and gives other bits.
func Kernel() string { return linalg.Best().Name }

// workers returns how many goroutines to use.
func (c *Cascade) workers() int {
	if c.jobs > 0 {
		return c.jobs
	}
	return runtime.GOMAXPROCS(0)
}

// parallel calls do(0) ... do(n-1), started in that order, from the given number
// of goroutines, and returns when all have ended. After the first error no more
// are started; that error, or ctx's, is returned.
func parallel(ctx context.Context, n, workers int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || ctx.Err() != nil {
					return
				}
				if err := do(ctx, i); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// Trainings returns the course of every network's training.
func (c *Cascade) Trainings() []verdict.Training {
	out := make([]verdict.Training, len(c.Members))
	for i := range c.Members {
		out[i] = c.Members[i].Training
	}
	return out
}

// Report returns the cascade's section of the report. LeftOut and the shape of
// the predictions are left to the caller.
func (c *Cascade) Report() *verdict.Cascade {
	out := &verdict.Cascade{Preset: c.Preset, Networks: len(c.Members), Trainings: c.Trainings(), TrainingSeconds: c.Seconds,
		RowsTrained: c.RowsTrained, RowsHeldOut: len(c.HeldOut), Columns: c.Names, PredictionsColumns: len(c.Cards)}
	for i := range c.Members {
		switch c.Members[i].Training.Tier {
		case Tiny:
			out.ModelsPerTier.Tiny++
		case Small:
			out.ModelsPerTier.Small++
		case Base:
			out.ModelsPerTier.Base++
		}
	}
	out.Tiers, out.Scaling = c.tiers(), c.scaling()
	return out
}

// TierLoss returns the mean HeldOutLoss of the networks of a tier that did not
// diverge, NaN if there is none.
func (c *Cascade) TierLoss(tier string) float64 {
	var sum, n float64
	for i := range c.Members {
		m := &c.Members[i]
		if m.Training.Tier == tier && !m.Training.Diverged && !math.IsNaN(m.HeldOutLoss) {
			sum += m.HeldOutLoss
			n++
		}
	}
	return sum / n
}

// take returns the given rows.
func (d *Data) take(rows []int) Data {
	out := Data{Rows: len(rows), Cards: d.Cards, Names: d.Names, Nominal: d.Nominal, Codes: make([]uint16, 0, len(rows)*len(d.Cards))}
	for _, i := range rows {
		out.Codes = append(out.Codes, d.row(i)...)
	}
	return out
}

// A reporter turns steps of all networks into progress.
type reporter struct {
	mu        sync.Mutex
	call      func(done float64, detail string)
	work      float64 // of all networks
	done      float64
	shown     float64
	networks  int
	completed int
	what      string // the networks are
}

func newReporter(call func(float64, string), work float64, networks int, what string) *reporter {
	return &reporter{call: call, work: work, networks: networks, what: what}
}

// add reports work that was done, at most about a hundred times in all.
func (r *reporter) add(work float64) {
	if r.call == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done += work
	if share := min(1, r.done/r.work); share >= r.shown+0.01 {
		r.shown = share
		r.call(share, fmt.Sprintf("%d of %d %s", r.completed, r.networks, r.what))
	}
}

// finished reports a trained network.
func (r *reporter) finished() {
	if r.call == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.completed++
	if r.completed == r.networks {
		r.done, r.shown = r.work, 1
	}
	r.call(r.shown, fmt.Sprintf("%d of %d %s", r.completed, r.networks, r.what))
}
