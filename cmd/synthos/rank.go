package main

import (
	"cmp"
	"fmt"
	"slices"

	"synthos"
	"synthos/report"
	"synthos/verdict"
)

var rankCommand = command{
	name:  "rank",
	about: "judge several datasets and rank them",
	help:  rankHelp,
	run:   runRank,
}

func rankHelp() string {
	return fmt.Sprintf(`Usage:
  synthos rank DATA DATA ... [FLAGS]

Judges every DATA as synthos validate does, each by itself, and ranks them in one table and one
report: approved before rejected, then by collapse score. The reference is read once, and what
was trained on it is used again. The same as synthos validate DATA DATA ... --each, of which
every flag counts for all (see synthos help validate), but for those that name one dataset.

Flags:
  --reference F    real data to judge all against
  --output F       one report for all; repeat for more: %s
  --json           the ranking as JSON on standard output
  --quiet          no progress

Example:
  synthos rank ctgan.csv tvae.csv copula.csv --reference real.parquet --output ranking.html

Exit codes: 0 one at least is approved, 1 none is, 2 a file cannot be read, 3 a result is partial.
`, ".json .html .md")
}

func runRank(p *program, args []string) (int, error) {
	r := &request{Orchestrator: synthos.New()}
	rest, err := r.settle("rank", args)
	if err != nil {
		return exitError, err
	}
	return p.rank(r, rest)
}

// rank judges the datasets that rest names, each by itself.
func (p *program) rank(r *request, rest []string) (int, error) {
	switch {
	case len(rest) < 2:
		return exitError, &usageError{"rank", fmt.Sprintf("two datasets are needed at least, but got %d", len(rest))}
	case slices.Contains(rest, "-"):
		return exitError, &usageError{"rank", "standard input cannot be ranked; name files"}
	case r.baseline != "":
		return exitError, &usageError{"rank", "--baseline is for one dataset"}
	case r.scores != "" || r.SavePredictions != "":
		return exitError, &usageError{"rank", "--row-scores and --save-predictions are for one dataset"}
	}
	if err := r.check("rank"); err != nil {
		return exitError, err
	}
	defer r.KeepReference()()
	ranking := &verdict.Ranking{SchemaVersion: verdict.SchemaVersion, Reference: r.Reference}
	code := exitRejected
	for i, path := range rest {
		one, options := *r, *r.Orchestrator
		one.Orchestrator, one.path = &options, path
		if !r.quiet {
			fmt.Fprintf(p.stderr, "%d of %d: %s\n", i+1, len(rest), report.Clean(path))
		}
		result, outcome, err := p.judge(&one)
		c := verdict.Candidate{Data: path}
		if result != nil {
			c.Result = &result.Result
		}
		if err != nil {
			c.Error = err.Error()
		}
		ranking.Candidates = append(ranking.Candidates, c)
		switch {
		case outcome == exitPartial && result == nil: // interrupted
			return exitPartial, err
		case outcome == exitError, outcome == exitPartial && code != exitError:
			code = outcome
		case outcome == exitApproved && code == exitRejected:
			code = exitApproved
		}
	}
	order(ranking.Candidates)
	for _, path := range r.outputs {
		if err := report.SaveRanking(path, ranking); err != nil {
			return exitError, err
		}
		if !r.quiet {
			fmt.Fprintln(p.stderr, "wrote "+report.Clean(path))
		}
	}
	if r.json {
		return code, report.RankingJSON(p.stdout, ranking)
	}
	return code, report.RankingText(p.stdout, ranking, wantsColor(p.stdout))
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
