// Cascade measures the training engine: the kernels against what the processor
// can do, the eighteen networks, the forecast, scoring, and on request one step
// of the largest network there is.
//
//	go run ./bench/cascade
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"synthos/bench/internal/spent"
	"synthos/cascade"
	"synthos/linalg"
	"synthos/resonance"
)

const usage = `Usage:
  go run ./bench/cascade [FLAGS]

Prints the kernel that is used; the processor's FMA peak on the registers of that kernel and the
share of it that a matrix product of 512x128x128 reaches; seconds and CPU-seconds of training the cascade,
of its forecast, its predictions and of scoring rows. Times are the best of the repeats.

Flags:
  --rows N       rows of the table (default 10000)
  --cols N       columns, each of 22 bins and depending on the one before (default 15)
  --preset NAME  fast, cpu or full (default cpu)
  --visits N     rows that each network is trained on, repeats counted (default: the preset's)
  --repeat N     (default 3)
  --jobs N       goroutines (default: all cores)
  --step         one optimizer step of the 983M network on 50 columns instead; needs 16 GB

SYNTHOS_KERNEL=go|avx2|avx512|neon forces a kernel.
`

type options struct {
	rows, cols, repeat, jobs int
	visits                   int
	preset                   string
	step                     bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "cascade: %v\n", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	o := options{rows: 10000, cols: 15, repeat: 3, preset: "cpu"}
	fs := flag.NewFlagSet("cascade", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.IntVar(&o.rows, "rows", o.rows, "")
	fs.IntVar(&o.cols, "cols", o.cols, "")
	fs.IntVar(&o.repeat, "repeat", o.repeat, "")
	fs.IntVar(&o.jobs, "jobs", 0, "")
	fs.IntVar(&o.visits, "visits", 0, "")
	fs.StringVar(&o.preset, "preset", o.preset, "")
	fs.BoolVar(&o.step, "step", false, "")
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		_, err := io.WriteString(out, usage)
		return err
	case err != nil:
		return fmt.Errorf("%w; see --help", err)
	case fs.NArg() > 0 || o.rows < 2 || o.cols < 1 || o.repeat < 1 || o.jobs < 0 || o.visits < 0 || !slices.Contains(cascade.Presets(), o.preset):
		return fmt.Errorf("a flag is out of range; see --help")
	}
	if err := linalg.Check(); err != nil {
		return err
	}
	if o.step {
		return step(out)
	}
	kernels(out)
	return networks(ctx, o, out)
}

// kernels measures the matrix product against the FMA peak, one after the other
// in turns, so that other work on the machine hits both.
func kernels(out io.Writer) {
	const m, n, k, rounds, turns = 512, 128, 128, 4, 300 // short turns fit between those of other programs
	t := linalg.Best()
	r := rand.New(rand.NewPCG(1, 2))
	a, b, c := normal(r, m*k), normal(r, k*n), make([]float32, m*n)
	peak, gemm := 0.0, 0.0
	fma, operations, bits := multiplyAdds(t.Name)
	for range turns {
		if fma != nil {
			const loops = 1 << 18 // about as long as the rounds of the product
			start := time.Now()
			fma(loops)
			peak = max(peak, loops*operations/time.Since(start).Seconds())
		}
		start := time.Now()
		for range rounds {
			t.NN(m, n, k, a, k, b, n, c, n, false)
		}
		gemm = max(gemm, 2*m*n*k*rounds/time.Since(start).Seconds())
	}
	fmt.Fprintf(out, "kernel %s, product %dx%dx%d: %.1f GFLOP/s", t.Name, m, n, k, gemm/1e9)
	if peak > 0 {
		fmt.Fprintf(out, ", %.0f %% of the FMA peak of %.1f (registers of %d bits)", 100*gemm/peak, peak/1e9, bits)
	}
	fmt.Fprintln(out)
}

func normal(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// table returns rows in which a column is the one before, now and then another.
func table(rows, cols int) cascade.Data {
	const card = 22
	r := rand.New(rand.NewPCG(11, 12))
	d := cascade.Data{Rows: rows, Cards: slices.Repeat([]int{card}, cols), Codes: make([]uint16, rows*cols), Nominal: make([]bool, cols)}
	for i := range d.Codes {
		d.Codes[i] = uint16(r.IntN(card))
		if i%cols > 0 && r.IntN(3) > 0 {
			d.Codes[i] = (d.Codes[i-1] + uint16(r.IntN(3))) % card
		}
	}
	return d
}

// networks measures what stage 3 does.
func networks(ctx context.Context, o options, out io.Writer) error {
	d := table(o.rows, o.cols)
	options := cascade.Options{Preset: o.preset, Seed: 1, Jobs: o.jobs, RowVisits: o.visits}
	fmt.Fprintf(out, "%d rows x %d columns, preset %s, memory about %.0f MB\n", o.rows, o.cols, o.preset,
		float64(cascade.Memory(o.preset, d.Cards, max(1, o.jobs)))/1e6)
	var c *cascade.Cascade
	parts := []struct {
		name string
		do   func() error
	}{
		{"train 18 networks", func() (err error) { c, err = cascade.Train(ctx, d, options); return err }},
		{"forecast, with a reference", func() error { _, err := cascade.Recur(ctx, d, &d, options); return err }},
		{"draw 4000 rows", func() error { _, err := c.Predict(ctx, 4000, 1); return err }},
		{"score all rows", func() error { _, err := c.Score(ctx, d.Codes, d.Rows); return err }},
	}
	for _, p := range parts {
		wall, used := 0.0, 0.0
		for i := range o.repeat {
			start, before := time.Now(), spent.CPUSeconds()
			if err := p.do(); err != nil {
				return err
			}
			w, u := time.Since(start).Seconds(), spent.CPUSeconds()-before
			if i == 0 || u < used {
				used = u
			}
			if i == 0 || w < wall {
				wall = w
			}
		}
		fmt.Fprintf(out, "%-28s %7.3f s %7.3f CPU-s\n", p.name, wall, used)
	}
	for _, t := range c.Report().Tiers {
		fmt.Fprintf(out, "  %-5s %d x %7d parameters: held-out loss %.4f, %.3f s each\n", t.Tier, t.Networks, t.Parameters, float64(t.HeldOutLoss.Mean), t.Seconds/float64(t.Networks))
	}
	return nil
}

// step makes one optimizer step of the base network of the preset full.
func step(out io.Writer) error {
	cards := slices.Repeat([]int{22}, 50)
	config := cascade.Shape("full", cascade.Base, cards)
	const rows = 16
	parameters := resonance.Count(config)
	fmt.Fprintf(out, "%d parameters: width %d, %d blocks; weights, gradient and two moments take %.1f GB\n", parameters, config.Width, config.Blocks, 16*float64(parameters)/1e9)
	start := time.Now()
	net := resonance.New(config)
	tr := resonance.NewTrainer(net, linalg.Best(), rows)
	fmt.Fprintf(out, "made in %.1f s\n", time.Since(start).Seconds())
	d := table(rows, len(cards))
	marks := make([]bool, len(d.Codes))
	for i := range marks {
		marks[i] = i%3 == 0
	}
	for i := range 2 { // the first also allocates
		start, before := time.Now(), spent.CPUSeconds()
		loss, norm := tr.Step(d.Codes, marks, rows, 1e-5, nil)
		fmt.Fprintf(out, "step %d of %d rows: %.1f s, %.1f CPU-s; loss %.3f nats, gradient norm %.3f\n", i+1, rows, time.Since(start).Seconds(), spent.CPUSeconds()-before, loss, norm)
	}
	fmt.Fprintf(out, "peak memory %.1f GB\n", float64(spent.PeakBytes())/1e9)
	return nil
}
