package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"synthos"
	"synthos/report"
	"synthos/verdict"
)

var inspectCommand = command{
	name:  "inspect",
	about: "show what is in a dataset, column by column",
	help:  inspectHelp,
	run:   runInspect,
}

// inspectFlags returns the flags of inspect, bound to the fields of r.
func (r *request) inspectFlags() *flag.FlagSet {
	fs := newFlags("inspect")
	fs.StringVar(&r.format, "format", "", "")
	r.loadFlags(fs)
	fs.IntVar(&r.Sample, "sample", r.Sample, "")
	fs.Uint64Var(&r.Seed, "seed", r.Seed, "")
	fs.IntVar(&r.Jobs, "jobs", r.Jobs, "")
	fs.DurationVar(&r.Timeout, "timeout", r.Timeout, "")
	fs.BoolVar(&r.quiet, "quiet", false, "")
	fs.BoolVar(&r.json, "json", false, "")
	return fs
}

func inspectHelp() string {
	d := synthos.New()
	return fmt.Sprintf(`Usage:
  synthos inspect DATA [DATA ...] [FLAGS]

Reads DATA once, all of it, and shows the columns: what kind each is and why, how many cells are
null, invalid and distinct, quantiles and examples; and what was odd about the files. Several DATA
are read as one dataset.
%s
Flags:
  --format NAME    format of DATA (default: by extension, then by content; see synthos formats)
%s  --json           as JSON on standard output
  --sample N       rows kept in memory, for quantiles and examples (default %d)
  --seed N         same seed, same sample (default %d)
  --jobs N         goroutines (default: all cores)
  --timeout D      give up after this long, e.g. 90s or 10m (default: never)
  --quiet          no progress

Example:
  synthos inspect train.parquet

Exit codes: 0 done, 2 error, 3 interrupted or timed out.
`, dataHelp, loadHelp, d.Sample, d.Seed)
}

func runInspect(p *program, args []string) (int, error) {
	r := &request{Orchestrator: synthos.New()}
	rest, err := parse(r.inspectFlags(), args)
	if err != nil {
		return exitError, err
	}
	if r.path, err = dataPath("inspect", rest); err != nil {
		return exitError, err
	}
	if err := r.checkLoad("inspect"); err != nil {
		return exitError, err
	}
	if r.Jobs < 0 || r.Timeout < 0 {
		return exitError, &usageError{"inspect", "--jobs and --timeout must not be negative"}
	}
	path := r.path
	if path == "-" {
		spooled, remove, err := spool(p.stdin, r.format)
		if err != nil {
			return exitError, err
		}
		defer remove()
		path = spooled
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	progress := newProgress(p.stderr, r.quiet)
	r.Progress = progress.update
	section, err := r.Inspect(ctx, path, r.format)
	progress.end()
	switch {
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return exitPartial, errors.New("interrupted; nothing is shown of a part")
	case errors.Is(err, context.DeadlineExceeded):
		return exitPartial, err
	case err != nil:
		return exitError, err
	}
	if path != r.path {
		renameLoad(section, path, r.path)
	}
	if r.json {
		return exitApproved, report.InspectionJSON(p.stdout, section)
	}
	return exitApproved, report.Inspection(p.stdout, section, wantsColor(p.stdout))
}

// renameLoad makes a section about a spooled file say what the user said.
func renameLoad(l *verdict.Load, from, to string) {
	if l.Path == from {
		l.Path = to
	}
	for i := range l.Findings {
		if l.Findings[i].Path == from {
			l.Findings[i].Path = to
		}
	}
}
