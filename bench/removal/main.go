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
	"fmt"
	"io"
	"path/filepath"
	"text/tabwriter"

	"synthos/bench/internal/cases"
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

func main() { cases.Main(run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o := cases.Flags{Preset: "fast", Seed: 1}
	items, code, ok := o.Read("removal", usage, args, nil, stdout, stderr)
	if !ok {
		return code
	}
	return measureAll(ctx, &o, items, stdout, stderr)
}

func measureAll(ctx context.Context, o *cases.Flags, items []headline.Item, stdout, stderr io.Writer) int {
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "case\tk\tall\trandom\tforest\tnearest\tsynthos\tknown\tgain\tinterval\t")
	code, cases, better := 0, 0, 0
	var sum outcome
	for _, it := range items {
		if it.BadRowsFile == "" || it.ReferenceFile == "" || !o.Chosen(it.ID) {
			continue
		}
		if ctx.Err() != nil {
			code = 3
			break
		}
		known, err := headline.ReadRows(filepath.Join(o.Data, it.BadRowsFile))
		var out outcome
		if err == nil {
			out, err = measure(ctx, o, filepath.Join(o.Data, it.File), filepath.Join(o.Data, it.ReferenceFile), known)
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
