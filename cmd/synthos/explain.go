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
  synthos explain DATA [DATA ...] --row N [FLAGS]

Shows one row: its cells and how well each fits the others, the rows most like it, and what is
held against it. Give the flags that the dataset was validated with. Several DATA are read as one
dataset, as with validate --together.

Flags:
  --row N          the row, counted from 0 as in reports
  --reference F    real data to judge against; without it the data are judged by themselves
  --holdout F      more real rows, the yardstick of every number (default: a split of the reference)
  --target COL     the column that a model will predict (default: every column counts)
  --format NAME    format of DATA (default: by extension, then by content)
  --reference-sheet NAME   the same as --sheet for the reference
  --holdout-sheet NAME     the same as --sheet for the holdout
%s  --preset NAME    size of the networks: fast, cpu or full (default %s)
  --sample N       rows kept in memory, fewer beyond 200 columns (default %d)
  --seed N         same seed, same result (default %d)
  --jobs N         goroutines (default: all cores)
  --json           as JSON
  --quiet          no progress

Exit codes: 0 shown, 2 error, 3 interrupted.
`, loadHelp, d.Preset, d.Sample, d.Seed)
}

func runExplain(p *program, args []string) (int, error) {
	r := &request{Orchestrator: synthos.New()}
	var row int64
	fs := newFlags("explain")
	fs.Int64Var(&row, "row", -1, "")
	fs.StringVar(&r.Reference, "reference", "", "")
	fs.StringVar(&r.Holdout, "holdout", "", "")
	fs.StringVar(&r.ReferenceSheet, "reference-sheet", "", "")
	fs.StringVar(&r.HoldoutSheet, "holdout-sheet", "", "")
	fs.StringVar(&r.Target, "target", "", "")
	fs.StringVar(&r.format, "format", "", "")
	r.loadFlags(fs)
	fs.StringVar(&r.Preset, "preset", r.Preset, "")
	fs.IntVar(&r.Sample, "sample", r.Sample, "")
	fs.Uint64Var(&r.Seed, "seed", r.Seed, "")
	fs.IntVar(&r.Jobs, "jobs", r.Jobs, "")
	fs.BoolVar(&r.json, "json", false, "")
	fs.BoolVar(&r.quiet, "quiet", false, "")
	rest, err := parse(fs, args)
	if err != nil {
		return exitError, err
	}
	if r.path, err = dataPath("explain", rest); err != nil {
		return exitError, err
	}
	switch {
	case r.path == "-":
		return exitError, &usageError{"explain", "explain reads files, not standard input"}
	case row < 0:
		return exitError, &usageError{"explain", "which row? name one with --row, counted from 0"}
	}
	if err := r.checkLoad("explain"); err != nil {
		return exitError, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	progress := newProgress(p.stderr, r.quiet)
	r.Progress = progress.update
	e, err := r.Explain(ctx, r.path, r.format, row)
	progress.end()
	switch {
	case err != nil && ctx.Err() != nil:
		return exitPartial, errors.New("interrupted")
	case err != nil:
		return exitError, err
	}
	if r.json {
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
