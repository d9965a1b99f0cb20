// Mending measures how well bad rows are found and what mending is worth, on a
// benchmark of datasets whose bad rows are known.
//
//	go run ./bench/mending --data DIR --cases 'planted.*severe'
//
// DIR is a benchmark as for bench/quality.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"synthos"
	"synthos/bench/internal/cases"
	"synthos/bench/quality/headline"
)

const usage = `Usage:
  go run ./bench/mending --data DIR [--cases REGEXP] [--rows-only] [--preset NAME] [--jobs N] [--seed N]

Of each case of the benchmark in DIR whose bad rows are known: validates it, scores how well its
rows are ranked, applies the fixes that the report recommends (as synthos fix does), validates
the outcome, and compares with the real data of the same source. Of each real case: which share of
its rows is flagged.

  AP         average precision of the row scores: 1 = all bad rows come first
  ROC        area under the ROC curve of the same
  forest     average precision of an isolation forest, nearest: of the mean distance to the five
             nearest rows; both on the features of synthos, fitted on the reference if there is one
  flagged    share of the rows that is flagged
  before     collapse score as it is, after: of the mended file, real: of the real data
  back       (after - before) / (real - before): 1 = as good as the real data
  promised   what the report promises of the fixes that were applied, in points, and its interval
  gained     after - before

  --rows-only  do not mend

Exit codes: 0 all cases were measured, 1 some were not, 2 error, 3 stopped.
`

func main() { cases.Main(run) }

// options are the flags.
type options struct {
	cases.Flags
	rowsOnly bool
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	d := synthos.New()
	o := options{Flags: cases.Flags{Preset: d.Preset, Seed: d.Seed}}
	own := func(fs *flag.FlagSet) { fs.BoolVar(&o.rowsOnly, "rows-only", false, "") }
	items, code, ok := o.Read("mending", usage, args, own, stdout, stderr)
	if !ok {
		return code
	}
	m := &measurer{o: o, items: items, real: map[string]float64{}}
	var outcomes []outcome
	for i := range items {
		it := &items[i]
		if !o.Chosen(it.ID) || it.BadRowsFile == "" && !isReal(it) {
			continue
		}
		out, err := m.measure(ctx, it)
		if ctx.Err() != nil {
			code = 3
			break
		}
		if err != nil {
			fmt.Fprintf(stderr, "%s: %v\n", it.ID, err)
			code = 1
			continue
		}
		fmt.Fprintln(stderr, out.line())
		outcomes = append(outcomes, out)
	}
	print(stdout, outcomes)
	return code
}

// isReal reports whether it is real data, which must not be flagged.
func isReal(it *headline.Item) bool {
	return it.Label == "healthy" && (it.LabelBasis == "real" || it.LabelBasis == "real errors")
}
