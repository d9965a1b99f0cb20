// Signals measures what single signals of the cascade tell about datasets whose
// damage is known, tier by tier: what a network of a size adds, before anything
// is made of it.
//
//	go run ./bench/signals --data DIR
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"text/tabwriter"

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
  gap, noise  what stage 4 reads today: the excess of the memorization gap; |ln| of the ratio of noise scales

Flags:
  --data DIR       folder with manifest.csv (required; bench/quality --help lists its columns)
  --cases REGEXP   only the cases whose id matches
  --preset NAME    fast (default) or cpu
  --jobs N         goroutines (default: all cores)
`

type options struct {
	data, preset string
	cases        *regexp.Regexp
	jobs         int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "signals: %v\n", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, args []string, out, log io.Writer) error {
	o := options{}
	cases := ""
	fs := flag.NewFlagSet("signals", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.data, "data", "", "")
	fs.StringVar(&o.preset, "preset", "fast", "")
	fs.StringVar(&cases, "cases", ".", "")
	fs.IntVar(&o.jobs, "jobs", 0, "")
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		_, err := io.WriteString(out, usage)
		return err
	}
	if err == nil && (o.data == "" || o.preset != "fast" && o.preset != "cpu") {
		err = errors.New("--data, and of --preset fast or cpu, are needed; see --help")
	}
	if err == nil {
		o.cases, err = regexp.Compile(cases)
	}
	if err != nil {
		return err
	}
	items, err := headline.ReadManifest(o.data)
	if err != nil {
		return err
	}
	var judged []judgedItem
	for i := range items {
		it := &items[i]
		if it.Kind != "tabular" || it.ReferenceFile == "" || !o.cases.MatchString(it.ID) {
			continue
		}
		s, err := measure(ctx, o, filepath.Join(o.data, it.File), filepath.Join(o.data, it.ReferenceFile))
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			fmt.Fprintf(log, "%s: %v\n", it.ID, err)
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
	return nil
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
	return append(out, "gap", "noise")
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
