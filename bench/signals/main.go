// Signals measures what single signals of the cascade tell about datasets whose
// damage is known, tier by tier: what a network of a size adds, before anything
// is made of it.
//
//	go run ./bench/signals --data DIR
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"text/tabwriter"

	"synthos/bench/internal/cases"
	"synthos/bench/quality/headline"
	"synthos/cascade"
)

const usage = `Usage:
  go run ./bench/signals --data DIR [FLAGS]

Trains the cascade on every dataset of a benchmark and on one half of its reference, and prints for
every signal how well it tells harmful from harmless datasets: the area under its ROC curve against
real controls, against all harmless ones, and its rank correlation with the measured severity.

  transfer    by how much networks trained on the data predict held-out reference rows worse than
              networks trained on the reference do, nats a cell: mean and worst column
  surprise    by how much networks trained on the reference predict the data worse than held-out
              reference rows: mean and worst column
  growth      by how much the base networks' transfer exceeds the tiny ones': whether what larger
              networks learn beyond smaller ones holds on real rows
  gap, noise  what stage 4 reads today: the excess of the memorization gap; |ln| of the ratio of noise scales

Flags:
  --data DIR       folder with manifest.csv (required; bench/quality --help lists its columns)
  --cases REGEXP   only the cases whose id matches
  --preset NAME    fast (default) or cpu
  --visits N       rows that each network is trained on, repeats counted (default: the preset's)
  --jobs N         goroutines (default: all cores)
  --seed N         of the networks (default 1)

Exit codes: 0 all cases were measured, 1 some were not, 2 error, 3 stopped.
`

func main() { cases.Main(run) }

func run(ctx context.Context, args []string, out, log io.Writer) int {
	o := cases.Flags{Preset: "fast", Seed: 1}
	visits := 0
	items, code, ok := o.Read("signals", usage, args, func(fs *flag.FlagSet) { fs.IntVar(&visits, "visits", 0, "") }, out, log)
	if !ok {
		return code
	}
	if o.Preset != "fast" && o.Preset != "cpu" || visits < 0 {
		fmt.Fprintln(log, "signals: --preset must be fast or cpu, and --visits not negative; see --help")
		return 2
	}
	var judged []judgedItem
	for i := range items {
		it := &items[i]
		if it.Kind != "tabular" || it.ReferenceFile == "" || !o.Chosen(it.ID) {
			continue
		}
		s, err := measure(ctx, &o, visits, filepath.Join(o.Data, it.File), filepath.Join(o.Data, it.ReferenceFile))
		if ctx.Err() != nil {
			code = 3
			break
		}
		if err != nil {
			fmt.Fprintf(log, "%s: %v\n", it.ID, err)
			code = 1
			continue
		}
		fmt.Fprintf(log, "%-50s", it.ID)
		for _, name := range names() {
			fmt.Fprintf(log, " %s %.4f", name, s[name])
		}
		fmt.Fprintln(log)
		judged = append(judged, judgedItem{it, s})
	}
	print(judged, out)
	return code
}

type judgedItem struct {
	*headline.Item
	signals map[string]float64
}

// names are the signals, in the order they are printed.
func names() []string {
	var out []string
	for _, tier := range []string{cascade.Tiny, cascade.Small, cascade.Base} {
		for _, s := range []string{"transfer", "transfer worst", "surprise", "surprise worst"} {
			out = append(out, tier+" "+s)
		}
	}
	return append(out, "growth", "gap", "noise")
}

func print(judged []judgedItem, out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "signal\tagainst real controls\tagainst all harmless\torder\t")
	for _, name := range names() {
		var harmful, real, harmless, signal, severity []float64
		for _, j := range judged {
			x := j.signals[name]
			if math.IsNaN(x) || j.Borderline {
				continue
			}
			signal, severity = append(signal, x), append(severity, j.Severity)
			switch {
			case j.Label != "healthy":
				harmful = append(harmful, x)
			default:
				harmless = append(harmless, x)
				if j.Family == "real" {
					real = append(real, x)
				}
			}
		}
		fmt.Fprintf(w, "%s\t%.3f\t%.3f\t%.3f\t\n", name, headline.AUC(harmful, real), headline.AUC(harmful, harmless), headline.Spearman(signal, severity))
	}
	fmt.Fprintf(w, "%d cases\t\t\t\t\n", len(judged))
	w.Flush()
}
