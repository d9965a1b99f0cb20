package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"

	"synthos"
	"synthos/report"
	"synthos/verdict"
)

var explainCommand = command{
	name:  "explain",
	about: "show what is known about one row",
	help:  explainHelp,
	run:   runExplain,
}

func explainHelp() string {
	d := synthos.New()
	return fmt.Sprintf(`Usage:
  synthos explain DATA --row N [FLAGS]

Shows one row: its cells and how well each fits the others, the rows most like it, and what is
held against it. Give the flags that the dataset was validated with.

Flags:
  --row N          the row, counted from 0 as in reports
  --reference F    real data to judge against; without it the data are judged by themselves
  --format NAME    format of DATA (default: by extension, then by content)
  --preset NAME    size of the networks: fast, cpu or full (default %s)
  --sample N       rows kept in memory (default %d)
  --seed N         same seed, same result (default %d)
  --jobs N         goroutines (default: all cores)
  --json           as JSON
  --quiet          no progress

Exit codes: 0 shown, 2 error, 3 interrupted.
`, d.Preset, d.Sample, d.Seed)
}

func runExplain(p *program, args []string) (int, error) {
	o := synthos.New()
	var row int64
	var format string
	var quiet, asJSON bool
	fs := newFlags("explain")
	fs.Int64Var(&row, "row", -1, "")
	fs.StringVar(&o.Reference, "reference", "", "")
	fs.StringVar(&format, "format", "", "")
	fs.StringVar(&o.Preset, "preset", o.Preset, "")
	fs.IntVar(&o.Sample, "sample", o.Sample, "")
	fs.Uint64Var(&o.Seed, "seed", o.Seed, "")
	fs.IntVar(&o.Jobs, "jobs", o.Jobs, "")
	fs.BoolVar(&asJSON, "json", false, "")
	fs.BoolVar(&quiet, "quiet", false, "")
	rest, err := parse(fs, args)
	switch {
	case err != nil:
		return exitError, err
	case len(rest) != 1:
		return exitError, &usageError{"explain", fmt.Sprintf("explain takes one dataset, but got %d", len(rest))}
	case row < 0:
		return exitError, &usageError{"explain", "which row? name one with --row, counted from 0"}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	progress := newProgress(p.stderr, quiet)
	o.Progress = progress.update
	e, err := o.Explain(ctx, rest[0], format, row)
	progress.end()
	switch {
	case err != nil && ctx.Err() != nil:
		return exitPartial, errors.New("interrupted")
	case err != nil:
		return exitError, err
	}
	if asJSON {
		b, err := json.MarshalIndent(e, "", "  ")
		if err != nil {
			return exitError, err
		}
		_, err = fmt.Fprintln(p.stdout, string(b))
		return exitApproved, err
	}
	return exitApproved, p.showExplanation(e)
}

func (p *program) showExplanation(e *verdict.Explanation) error {
	w := p.stdout
	word := "not flagged"
	if e.Flagged {
		word = "flagged"
	}
	fmt.Fprintf(w, "row %d: suspicion %.2f, %s\n\n", e.Row, e.Score, word)
	for _, c := range e.Charges {
		fmt.Fprintf(w, "  %.2f  %s: %s\n", c.Suspicion, c.Kind, report.Clean(c.Reason))
	}
	if len(e.Charges) == 0 {
		fmt.Fprintln(w, "  nothing is held against it: good rows show as much")
	}
	fmt.Fprintln(w)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "column\tvalue\tsurprise\tnetworks\tsimilar rows have\t")
	number := func(n verdict.Number) string {
		if math.IsNaN(float64(n)) {
			return "-"
		}
		return fmt.Sprintf("%.1f", float64(n))
	}
	for _, c := range e.Cells {
		value := c.Value
		if c.Beyond > 0 {
			value += " (unusual)"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t\n", report.Clean(c.Column), report.Clean(value), number(c.Surprise), number(c.NetworkLoss), report.Clean(strings.TrimSpace(c.Expected)))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, "\nsurprise, networks: nats; 4.6 is a chance of 1 in 100, 6.9 of 1 in 1000")
	for _, n := range e.Neighbours {
		_, err := fmt.Fprintf(w, "most like it in the %s: row %d, equal in %d of %d columns; nearest: row %d\n", n.Of, n.Row, n.Equal, n.Columns, n.Nearest)
		if err != nil {
			return err
		}
	}
	return nil
}
