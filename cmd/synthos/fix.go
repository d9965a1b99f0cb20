package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"synthos"
	"synthos/report"
	"synthos/verdict"
)

var fixCommand = command{
	name:  "fix",
	about: "apply the fixes that a report recommends",
	help:  fixHelp,
	run:   runFix,
}

// fixRequest is what the flags of fix ask for.
type fixRequest struct {
	*synthos.Orchestrator
	synthos.FixOptions
	path, format, report string
	quiet                bool
}

func (r *fixRequest) flags() *flag.FlagSet {
	fs := newFlags("fix")
	fs.StringVar(&r.report, "report", "", "")
	fs.StringVar(&r.Output, "output", "", "")
	fs.StringVar(&r.Quarantine, "quarantine", "", "")
	fs.Var(namesFlag{&r.Only}, "only", "")
	fs.StringVar(&r.AddFrom, "add-from", "", "")
	fs.BoolVar(&r.DryRun, "dry-run", false, "")
	fs.StringVar(&r.format, "format", "", "")
	fs.IntVar(&r.Jobs, "jobs", r.Jobs, "")
	fs.BoolVar(&r.quiet, "quiet", false, "")
	return fs
}

func fixHelp() string {
	return fmt.Sprintf(`Usage:
  synthos fix DATA [DATA ...] --report REPORT.json --output FILE [FLAGS]

Applies the fixes of a report that change rows and columns, in the format of DATA: rows are left
out, unreadable cells and wrong units repaired. All else stays as it is: the order of the rows,
the columns and their types. Rows that cannot be read (broken JSON, more fields than columns) go
too. Then validates what it wrote, and prints the score before and after. Several DATA, a folder or
a pattern are one dataset, and become one file.

Flags:
  --report F       the JSON report on DATA (synthos validate DATA --output F)
  --output F       the mended file, in the format of DATA, or .csv, .tsv, .parquet or .arrow
                   (Excel and HDF5 files are read, but not written)
  --quarantine F   where the dropped rows go, each with the reason in a column %s;
                   and relabelled ones, as they were
  --only A,B       apply only these kinds of fixes:
                   %s
  --add-from F     real rows beside the reference, of any format: restore_modes and mix_real add
                   rows of it behind those of DATA, none that stands in DATA, the reference or
                   the holdout already
  --dry-run        write nothing, only say what would be done
  --format NAME    format of DATA (default: by extension, then by content)
  --jobs N         goroutines (default: all cores)
  --quiet          no progress

DATA is never written to. A file appears when it is complete; one of that name is replaced.

Exit codes: 0 the mended file is approved (or a dry run), 1 it is rejected, 2 error, 3 partial.
`, "synthos_reason", listed(synthos.FixKinds()))
}

// listed lists names with commas, in lines that fit behind a flag.
func listed(names []string) string {
	const width = 78
	var b strings.Builder
	line := 0
	for i, name := range names {
		if i > 0 {
			b.WriteByte(',')
			if line++; line+1+len(name) > width {
				b.WriteString("\n" + strings.Repeat(" ", 18))
				line = -1
			}
			b.WriteByte(' ')
			line++
		}
		b.WriteString(name)
		line += len(name)
	}
	return b.String()
}

func runFix(p *program, args []string) (int, error) {
	r := &fixRequest{Orchestrator: synthos.New()}
	rest, err := parse(r.flags(), args)
	if err != nil {
		return exitError, err
	}
	wrong := func(format string, args ...any) (int, error) {
		return exitError, &usageError{"fix", fmt.Sprintf(format, args...)}
	}
	if r.path, err = dataPath("fix", rest); err != nil {
		return exitError, err
	}
	switch {
	case r.path == "-":
		return wrong("fix reads files, not standard input")
	case r.report == "":
		return wrong("--report is missing: make one with synthos validate %s --output report.json", rest[0])
	case r.Output == "" && !r.DryRun:
		return wrong("--output is missing: where should the mended file go? (or --dry-run)")
	case r.Jobs < 0:
		return wrong("--jobs is %d; use 0 for all cores", r.Jobs)
	}
	for _, kind := range r.Only {
		if !slices.Contains(synthos.FixKinds(), kind) {
			return wrong("there is no fix %q%s that can be applied to a file", kind, didYouMean(kind, synthos.FixKinds()))
		}
	}
	before, err := report.Read(r.report)
	if err != nil {
		return exitError, err
	}
	err = checkPlaces("fix", []string{r.path}, r.format,
		[]place{{"report", r.report}, {"add-from", r.AddFrom}, {"reference", before.Config.Reference}, {"holdout", before.Config.Holdout}, {"schema", before.Config.Schema}},
		[]place{{"output", r.Output}, {"quarantine", r.Quarantine}})
	if err != nil {
		return exitError, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	progress := newProgress(p.stderr, r.quiet)
	r.Progress = progress.update
	fixed, err := r.Fix(ctx, r.path, r.format, before, r.FixOptions)
	progress.end()
	if fixed != nil {
		p.showFixed(r, before, fixed)
	}
	switch {
	case err != nil && ctx.Err() != nil && fixed == nil:
		return exitPartial, errors.New("interrupted; nothing was written")
	case err != nil:
		return exitError, err
	case r.DryRun:
		return exitApproved, nil
	case fixed.After.Partial:
		return exitPartial, nil
	case fixed.After.ApprovedForTraining:
		return exitApproved, nil
	}
	return exitRejected, nil
}

// showFixed says what was done, and what it brought.
func (p *program) showFixed(r *fixRequest, before *verdict.Result, f *synthos.Fixed) {
	w := p.stdout
	verb := "Applied"
	if r.DryRun {
		verb = "Would apply"
	}
	if len(f.Steps) == 0 {
		fmt.Fprintln(w, "The report recommends no fix.")
	}
	for _, s := range f.Steps {
		if s.Passed != "" {
			fmt.Fprintf(w, "Left out %s: %s.\n", s.Kind, report.Clean(s.Passed))
			continue
		}
		if s.Added > 0 {
			fmt.Fprintf(w, "%s %s, %d rows: %s.\n", verb, s.Kind, s.Added, report.Clean(strings.TrimSuffix(s.Detail, ".")))
			continue
		}
		what := fmt.Sprintf("%d rows", s.Rows)
		if s.Kind == "drop_column" {
			what = "columns " + strings.Join(s.Columns, ", ")
		} else if len(s.Columns) > 0 {
			what += " in " + strings.Join(s.Columns, ", ")
		}
		fmt.Fprintf(w, "%s %s to %s: %s.\n", verb, s.Kind, report.Clean(what), report.Clean(strings.TrimSuffix(s.Detail, ".")))
	}
	if f.Broken > 0 {
		fmt.Fprintf(w, "%s drop to %d rows that cannot be read.\n", verb, f.Broken)
	}
	fmt.Fprintf(w, "\n%d rows before, %d after, %d dropped", f.Rows, f.Kept+f.Added, f.Dropped)
	if f.Added > 0 {
		fmt.Fprintf(w, ", %d added", f.Added)
	}
	fmt.Fprintln(w)
	if f.After == nil {
		return
	}
	fmt.Fprintf(w, "collapse score   %s before, %s after\n", before.CollapseScore, f.After.CollapseScore)
	fmt.Fprintf(w, "diversity score  %s before, %s after\n", before.DiversityScore, f.After.DiversityScore)
	fmt.Fprintf(w, "verdict          %s before, %s after\n", decided(before), decided(&f.After.Result))
	fmt.Fprintf(w, "%s\n", report.Clean(f.After.Reason))
	fmt.Fprintf(w, "\nwrote %s", report.Clean(filepath.Clean(r.Output)))
	if r.Quarantine != "" {
		fmt.Fprintf(w, " and %s", report.Clean(filepath.Clean(r.Quarantine)))
	}
	fmt.Fprintln(w)
}

func decided(r *verdict.Result) string {
	switch {
	case r.ApprovedForTraining:
		return "APPROVED"
	case r.Partial:
		return "not all judged"
	}
	return "REJECTED"
}
