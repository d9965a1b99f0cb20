// Removal shows what it is worth to leave out the rows that synthos flags: how
// well models trained on the rest predict held-out real rows, against models that
// were trained on all rows, or on what is left when as many others are left out.
//
//	go run ./bench/removal --data DIR --cases 'label_noise-severe'
//
// DIR is a benchmark as for bench/quality. Of every case that has a reference and
// known bad rows, one half of the reference judges and the other half tests.
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
	"regexp"
	"syscall"
	"text/tabwriter"

	"synthos/bench/quality/headline"
)

const usage = `Usage:
  go run ./bench/removal --data DIR [--cases REGEXP] [--preset NAME] [--jobs N] [--seed N]

For each case of the benchmark in DIR with a reference and known bad rows: validates it against
one half of the reference, leaves out the k rows that are flagged, or k others, trains forests
that predict every column from the others on what is left, and prints their loss on the other half
of the reference, in nats per cell (lower is better):

  all       nothing is left out
  random    k rows by chance (mean of three draws)
  forest    the k rows that an isolation forest finds most abnormal
  nearest   the k rows that are farthest from the five rows nearest to them
  synthos   the k flagged rows
  known     the rows that are known to be bad, however many
  gain      by how much synthos is better than the best of random, forest and nearest, with an
            interval that holds nine of ten resamples of the held-out rows

Exit codes: 0 all cases were measured, 1 some were not, 2 error, 3 stopped.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the flags.
type options struct {
	data, cases, preset string
	jobs                int
	seed                uint64
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o := options{cases: ".", preset: "fast", seed: 1}
	fs := flag.NewFlagSet("removal", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.data, "data", o.data, "")
	fs.StringVar(&o.cases, "cases", o.cases, "")
	fs.StringVar(&o.preset, "preset", o.preset, "")
	fs.IntVar(&o.jobs, "jobs", o.jobs, "")
	fs.Uint64Var(&o.seed, "seed", o.seed, "")
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err == nil && o.data == "" {
		err = errors.New("--data is required: a folder with a manifest.csv")
	}
	matches, bad := regexp.Compile(o.cases)
	items, missing := []headline.Item(nil), error(nil)
	if err = errors.Join(err, bad); err == nil {
		items, missing = headline.ReadManifest(o.data)
	}
	if err = errors.Join(err, missing); err != nil {
		fmt.Fprintf(stderr, "removal: %v; see --help\n", err)
		return 2
	}
	return measureAll(ctx, o, items, matches, stdout, stderr)
}

func measureAll(ctx context.Context, o options, items []headline.Item, matches *regexp.Regexp, stdout, stderr io.Writer) int {
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "case\tk\tall\trandom\tforest\tnearest\tsynthos\tknown\tgain\tinterval\t")
	code, cases, better := 0, 0, 0
	var sum outcome
	for _, it := range items {
		if it.BadRowsFile == "" || it.ReferenceFile == "" || !matches.MatchString(it.ID) {
			continue
		}
		if ctx.Err() != nil {
			code = 3
			break
		}
		known, err := headline.ReadRows(filepath.Join(o.data, it.BadRowsFile))
		var out outcome
		if err == nil {
			out, err = measure(ctx, o, filepath.Join(o.data, it.File), filepath.Join(o.data, it.ReferenceFile), known)
		}
		if err != nil {
			fmt.Fprintf(stderr, "%s: %v\n", it.ID, err)
			code = max(code, 1)
			continue
		}
		fmt.Fprintf(stderr, "%s: done\n", it.ID)
		out.print(w, it.ID)
		cases++
		sum.add(&out)
		if out.low > 0 {
			better++
		}
	}
	if cases > 0 {
		sum.scale(1 / float64(cases))
		sum.print(w, "mean")
	}
	w.Flush()
	if cases > 0 {
		fmt.Fprintf(stdout, "\nsurely better than the best of the others in %d of %d cases\n", better, cases)
	}
	return code
}
