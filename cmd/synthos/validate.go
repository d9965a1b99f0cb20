package main

import (
	"fmt"
	"strings"

	"synthos"
	"synthos/report"
)

var validateCommand = command{
	name:  "validate",
	about: "judge a dataset, or rank several",
	help:  validateHelp,
	run:   runValidate,
}

// loadHelp describes the flags of loadFlags.
const loadHelp = `  --sheet NAME     Excel sheet, or path of a table in an HDF5 file (default: the first)
  --schema F       what columns mean: {"columns": {"NAME": "KIND", ...}}, or SDV metadata
  --bad-rows HOW   unreadable rows: skip them, or stop at the first (default: stop above 1 %)
  --encoding NAME  of text that is not Unicode, such as shift-jis or gbk (default: guessed)
`

// dataHelp says what DATA may be.
const dataHelp = `DATA is a file, a folder, a quoted pattern ("part-*.csv"), an address (s3, gs, az, https, http) or -
for standard input. A folder or a pattern is one dataset; its folders key=value become columns.
`

func validateHelp() string {
	d := synthos.New()
	return fmt.Sprintf(`Usage:
  synthos validate DATA [DATA ...] [FLAGS]

Judges DATA and says APPROVED or REJECTED with a confidence and a reason. Several DATA are judged
one by one and ranked in one table and one report; with --together they are parts of one dataset.
%s
What to judge:
  --reference F    real data to judge against; without it the data are judged by themselves
  --holdout F      more real rows, the yardstick of every number (default: a split of the reference)
  --target COL     the column that a model will predict (default: every column counts)
  --together       several DATA are one dataset, not several to rank
  --format NAME    format of DATA (default: by extension, then by content; see synthos formats)
~ --reference-sheet NAME   the same as --sheet for the reference
~ --holdout-sheet NAME     the same as --sheet for the holdout
%s%sHow:
  --preset NAME    size of the networks: fast, cpu or full (default %s)
  --sample N       rows kept in memory, fewer beyond 200 columns (default %d)
  --seed N         same seed, same result (default %d)
  --jobs N         goroutines (default: all cores)
~ --omit A,B       leave out stages, of cascade, localize and recommend: the verdict alone, sooner
  --timeout D      stop after this long and keep what is done, e.g. 90s or 10m (default: none)
~ --no-cache       train the networks again even if they are stored from an earlier run
~ --cache-dir DIR  where they are stored (default: see synthos help cache)
When to approve:
  --collapse-threshold X    least collapse score, 0-100 (default %g)
  --diversity-threshold X   least diversity score, 0-100 (default %g)
  --critical-threshold X    least score of every critical dimension, 0-100 (default %g)
~ --critical A,B,C          critical dimensions, or none (default: all; see synthos dimensions)
  --threshold NAME=X        least score of a dimension, instead of the critical one; repeatable
  --fail-on A,B,C           exit code not 0 if: rejected, partial, regression; or none
  --baseline F              an earlier JSON report; scores that fall below it are a regression
~ --baseline-drop X         points that a score may fall by (default %d)
~ --price NAME=X            what fixing costs in dollars: see synthos init; repeatable
What to write:
  --output F       a report; repeat for more: %s
  --sensitive      no raw value of the data in any output
~ --save-predictions F   what the networks drew: .csv, .tsv, .json, .jsonl, .parquet or .arrow
~ --row-scores F   the suspicion of every row, 0 to 1, in one of these formats
  --json           the result as JSON on standard output, instead of the summary
  --quiet          no progress
  --config F       settings, or none (default: synthos.yaml beside DATA or above; see help init)

Example:
  synthos validate synthetic.csv --reference real.parquet --output report.json --output report.html

Exit codes: 0 approved (of several, all), 1 rejected, 2 error, 3 partial (stopped or failed).
`, dataHelp, strings.ReplaceAll(loadHelp, "  --", rare+" --"), embeddingHelp, d.Preset, d.Sample, d.Seed, d.CollapseThreshold, d.DiversityThreshold, d.CriticalThreshold, defaultDrop, extensions())
}

func runValidate(p *program, args []string) (int, error) {
	r, err := parseRequest(args)
	if err != nil {
		return exitError, err
	}
	if r.ranks {
		p.say(r, "judging %d datasets one by one; --together reads them as one", len(r.paths))
		return p.rank(r, true)
	}
	if len(r.paths) > 1 {
		p.say(r, "reading %d files as one dataset; without --together each is judged by itself", len(r.paths))
	}
	result, code, err := p.judge(r)
	if result == nil {
		return code, err
	}
	code = r.gate(&result.Result, code)
	if err != nil {
		p.complain(err)
	}
	if err := p.show(r, result); err != nil {
		return exitError, err
	}
	for _, path := range r.outputs {
		if err := report.Save(path, &result.Result); err != nil {
			return exitError, err
		}
		p.say(r, "wrote %s", report.Clean(path))
	}
	if r.scores != "" {
		switch err := writeRowScores(r.scores, result.Localization); {
		case err == nil:
			p.say(r, "wrote %s", report.Clean(r.scores))
		case result.Partial: // there is nothing to write, and the exit code says why
			p.complain(err)
		default:
			return exitError, err
		}
	}
	return code, nil
}

// say writes a line on stderr, unless r is quiet.
func (p *program) say(r *request, format string, args ...any) {
	if !r.quiet {
		fmt.Fprintf(p.stderr, format+"\n", args...)
	}
}

// show writes the result to stdout.
func (p *program) show(r *request, result *synthos.Result) error {
	if r.json {
		return report.JSON(p.stdout, &result.Result)
	}
	if err := report.Text(p.stdout, &result.Result, wantsColor(p.stdout)); err != nil || result.Baseline == nil {
		return err
	}
	fmt.Fprintln(p.stdout)
	return report.Changes(p.stdout, result.Baseline, wantsColor(p.stdout))
}
