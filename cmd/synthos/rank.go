package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"synthos"
	"synthos/dataset"
	"synthos/report"
	"synthos/verdict"
)

var rankCommand = command{
	name:  "rank",
	about: "choose between datasets: judge several and rank them",
	help:  rankHelp,
	run:   runRank,
}

func rankHelp() string {
	return fmt.Sprintf(`Usage:
  synthos rank DATA DATA ... [FLAGS]

Judges every DATA by itself and ranks them in one table and one report: approved before rejected,
then by collapse score. What is known of the reference is found out once for all. The same as
synthos validate DATA DATA ..., of which every flag counts (see synthos help validate) but for
those that name one dataset; only that here one approved dataset is enough for exit code 0.

Flags:
  --reference F    real data to judge all against
  --output F       one report for all; repeat for more: %s
  --json           the ranking as JSON on standard output
  --quiet          no progress

Example:
  synthos rank ctgan.csv tvae.csv copula.csv --reference real.parquet --output ranking.html

Exit codes: 0 one at least is approved, 1 none is, 2 a file cannot be read, 3 a result is partial.
`, strings.Join(report.RankingExtensions(), " "))
}

func runRank(p *program, args []string) (int, error) {
	r := &request{Orchestrator: synthos.New(), ranks: true}
	var err error
	if r.paths, err = r.settle("rank", args); err != nil {
		return exitError, err
	}
	switch {
	case len(r.paths) < 2:
		return exitError, &usageError{"rank", fmt.Sprintf("two datasets are needed at least, but got %d", len(r.paths))}
	case r.together:
		return exitError, &usageError{"rank", "--together makes one dataset of several: that is for synthos validate"}
	}
	if err := r.checkRank("rank"); err != nil {
		return exitError, err
	}
	return p.rank(r, false)
}

// checkRank is check for several datasets.
func (r *request) checkRank(command string) error {
	wrong := func(text string) error { return &usageError{command, text} }
	switch {
	case slices.Contains(r.paths, "-"):
		return wrong("standard input cannot be ranked; name files")
	case r.baseline != "":
		return wrong("--baseline is for one dataset")
	case r.scores != "" || r.SavePredictions != "":
		return wrong("--row-scores and --save-predictions are for one dataset")
	}
	return r.check(command)
}

// rank judges the datasets of r, each by itself. The exit code is that of the worst
// if all are to be approved, else that of the best; errors and partial results
// count before both.
func (p *program) rank(r *request, all bool) (int, error) {
	defer r.KeepReference()()
	ranking := &verdict.Ranking{Reference: r.Reference}
	var codes []int
	for i, path := range r.paths {
		one, options := *r, *r.Orchestrator
		one.Orchestrator, one.path = &options, path
		p.say(r, "%d of %d: %s", i+1, len(r.paths), report.Clean(path))
		result, code, err := p.judge(&one)
		c := verdict.Candidate{Data: path}
		if result != nil {
			c.Result = &result.Result
			code = r.gate(c.Result, code)
		}
		if err != nil {
			c.Error = err.Error()
		}
		if broken := new(dataset.Error); result == nil && errors.As(err, &broken) && slices.Contains([]string{r.Reference, r.Holdout}, broken.Path) {
			return code, err // no other could be judged either
		}
		ranking.Candidates = append(ranking.Candidates, c)
		codes = append(codes, code)
		if one.interrupted {
			for _, rest := range r.paths[i+1:] {
				ranking.Candidates = append(ranking.Candidates, verdict.Candidate{Data: rest, Error: "not judged: interrupted before"})
			}
			codes = append(codes, exitPartial)
			break
		}
	}
	order(ranking.Candidates)
	for _, path := range r.outputs {
		if err := report.SaveRanking(path, ranking); err != nil {
			return exitError, err
		}
		p.say(r, "wrote %s", report.Clean(path))
	}
	code := exitCode(codes, all)
	if r.json {
		return code, report.RankingJSON(p.stdout, ranking)
	}
	return code, report.RankingText(p.stdout, ranking, wantsColor(p.stdout))
}

// exitCode returns the exit code of several.
func exitCode(codes []int, all bool) int {
	for _, serious := range []int{exitError, exitPartial} {
		if slices.Contains(codes, serious) {
			return serious
		}
	}
	if all {
		return slices.Max(codes)
	}
	return slices.Min(codes)
}

// order sorts candidates, best first, and numbers them: approved, then the
// collapse score, the diversity score, the name.
func order(list []verdict.Candidate) {
	key := func(c *verdict.Candidate) (approved, collapse, diversity float64) {
		if c.Result == nil {
			return -1, -1, -1
		}
		if c.Result.ApprovedForTraining {
			approved = 1
		}
		return approved, c.Result.CollapseScore.Or(-1), c.Result.DiversityScore.Or(-1)
	}
	slices.SortStableFunc(list, func(a, b verdict.Candidate) int {
		x1, x2, x3 := key(&a)
		y1, y2, y3 := key(&b)
		return cmp.Or(cmp.Compare(y1, x1), cmp.Compare(y2, x2), cmp.Compare(y3, x3), cmp.Compare(a.Data, b.Data))
	})
	for i := range list {
		list[i].Rank = i + 1
	}
}
