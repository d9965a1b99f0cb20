// Speed makes a table, validates it and prints where the time went.
//
//	go run ./bench/speed --rows 1000000 --cols 50 --format parquet
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"synthos"
	"synthos/bench/internal/peak"
	"synthos/bench/internal/spent"
	"synthos/bench/internal/table"
)

const usage = `Usage:
  go run ./bench/speed [FLAGS]

Makes a table of correlated columns (in 50: 35 floats, 8 integers, 5 strings, a date and a
boolean; 2 % of the cells null), validates it and prints seconds and share of each stage, rows per
second and peak memory. Making the table does not count.

Flags:
  --rows N         rows of the table (default 1000000)
  --cols N         columns, at least 5 (default 50)
  --format NAME    parquet (default) or csv
  --reference      judge it against a second table of the same size
  --candidates N   judge N such tables against one reference, one by one and with what is known
                   of the reference kept; both must have the same results
  --preset NAME    size of the networks: fast, cpu or full (default: the library's)
  --jobs N         goroutines (default: all cores)
  --seed N         of the tables and the validation (default 1)
  --output F       write the report there, .html or .json; a comma between several
  --fix            afterwards mend it, beside what reading and copying it takes
  --profile F      write a CPU profile of the validation to F, for go tool pprof
  --dir DIR        make the tables there and keep them (default: a temporary folder)

Exit codes: 0 validated, whatever the verdict; 2 error; 3 stopped or partial.
`

// Exit codes.
const (
	exitDone    = 0
	exitError   = 2
	exitPartial = 3
)

// options are the flags.
type options struct {
	rows, cols int
	format     string
	reference  bool
	candidates int
	preset     string
	jobs       int
	seed       uint64
	dir        string
	output     string
	profile    string
	fix        bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return exitDone
	}
	if err != nil {
		fmt.Fprintf(stderr, "speed: %v; see --help\n", err)
		return exitError
	}
	result, err := measure(ctx, o, stdout)
	if err != nil {
		fmt.Fprintln(stderr, "speed:", err)
		return exitError
	}
	if result.Partial {
		fmt.Fprintln(stderr, "speed:", result.Reason)
		return exitPartial
	}
	return exitDone
}

func parse(args []string) (options, error) {
	o := options{rows: 1_000_000, cols: 50, format: "parquet", preset: synthos.New().Preset, seed: 1}
	fs := flag.NewFlagSet("speed", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.IntVar(&o.rows, "rows", o.rows, "")
	fs.IntVar(&o.cols, "cols", o.cols, "")
	fs.StringVar(&o.format, "format", o.format, "")
	fs.BoolVar(&o.reference, "reference", o.reference, "")
	fs.IntVar(&o.candidates, "candidates", o.candidates, "")
	fs.StringVar(&o.preset, "preset", o.preset, "")
	fs.IntVar(&o.jobs, "jobs", o.jobs, "")
	fs.Uint64Var(&o.seed, "seed", o.seed, "")
	fs.StringVar(&o.dir, "dir", o.dir, "")
	fs.StringVar(&o.output, "output", o.output, "")
	fs.BoolVar(&o.fix, "fix", o.fix, "")
	fs.StringVar(&o.profile, "profile", o.profile, "")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	switch {
	case fs.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	case o.rows < 1:
		return o, fmt.Errorf("--rows is %d; at least one row is needed", o.rows)
	case o.cols < 5:
		return o, fmt.Errorf("--cols is %d; at least 5 are needed, one of each type", o.cols)
	case writers[o.format] == nil:
		return o, fmt.Errorf("--format is %q; use parquet or csv", o.format)
	}
	return o, nil
}

// writers write a table to a file as a stream of rows.
var writers = map[string]func(path string, t *table.Table) error{"parquet": table.WriteParquet, "csv": table.WriteCSV}

// measure makes the tables, validates one and prints what it took.
func measure(ctx context.Context, o options, stdout io.Writer) (*synthos.Result, error) {
	dir := o.dir
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "synthos-speed"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	orchestrator := synthos.New()
	orchestrator.Jobs, orchestrator.Preset, orchestrator.Seed = o.jobs, o.preset, o.seed
	orchestrator.UseCache = false
	began := time.Now()
	data := filepath.Join(dir, "data."+o.format)
	if err := writers[o.format](data, table.New(o.rows, o.cols, o.seed)); err != nil {
		return nil, err
	}
	if o.reference || o.candidates > 0 {
		orchestrator.Reference = filepath.Join(dir, "reference."+o.format)
		if err := writers[o.format](orchestrator.Reference, table.New(o.rows, o.cols, o.seed+1)); err != nil {
			return nil, err
		}
	}
	info, err := os.Stat(data)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(stdout, "%d rows, %d columns, %s of %.1f MB, made in %.1f s\n", o.rows, o.cols, o.format, float64(info.Size())/1e6, time.Since(began).Seconds())

	if o.candidates > 0 {
		return measureCandidates(ctx, o, dir, orchestrator, stdout)
	}
	own := peak.Reset()
	cpu, before := map[string]float64{}, spent.CPUSeconds()
	orchestrator.Progress = func(p synthos.Progress) {
		if p.Finished {
			now := spent.CPUSeconds()
			cpu[p.Stage] += now - before
			before = now
		}
	}
	stop, err := profiled(o.profile)
	if err != nil {
		return nil, err
	}
	result, err := orchestrator.Validate(ctx, data, o.format)
	stop()
	if err != nil {
		return nil, err
	}
	for path := range strings.SplitSeq(o.output, ",") {
		if path == "" {
			continue
		}
		if err := result.SaveReport(path); err != nil {
			return nil, err
		}
	}
	cpu["cascade"] += cpu["diversity"] // they run side by side
	delete(cpu, "diversity")
	if err := show(stdout, result, cpu, own); err != nil || !o.fix {
		return result, err
	}
	orchestrator.Progress = nil
	return result, measureFix(ctx, orchestrator, data, dir, result, stdout)
}

// profiled writes a CPU profile to path until stop is called; "" = nothing.
func profiled(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
	}, nil
}

// show prints where the time of a validation went. cpu is the processor time of its
// stages, NaN where the system does not tell it; own says that the peak
// memory is that of the validation alone.
func show(stdout io.Writer, r *synthos.Result, cpu map[string]float64, own bool) error {
	jobs := r.Config.Jobs
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	fmt.Fprintf(stdout, "validated with preset %s on %d cores, mode %s\n\n", r.Config.Preset, jobs, r.Config.Mode)
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "stage\tseconds\tshare\tCPU seconds\t")
	for _, s := range r.Stages {
		seconds := "with the next"
		if x, ok := cpu[s.Name]; ok {
			seconds = fmt.Sprintf("%.2f", x)
		}
		fmt.Fprintf(w, "%s\t%.2f\t%.0f %%\t%s\t%s\n", s.Name, s.Seconds, 100*s.Share, seconds, s.Error)
	}
	fmt.Fprintf(w, "total\t%.2f\t\t\t\n", r.TotalTimeSeconds)
	if err := w.Flush(); err != nil {
		return err
	}
	note := ""
	if !own {
		note = " (with making the table: this system cannot tell them apart)"
	}
	_, err := fmt.Fprintf(stdout, "\nrows per second  %.0f\npeak memory      %.0f MB%s\nverdict          approved %v, collapse %s, diversity %s\n",
		r.ThroughputRowsPerSecond, float64(r.PeakMemoryBytes)/1e6, note, r.ApprovedForTraining, r.CollapseScore, r.DiversityScore)
	return err
}
