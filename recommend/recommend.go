// Package recommend is stage 6: which fixes are worth their price.
//
// A fix is proposed only if the evidence of the earlier stages calls for it, and
// only for what it was measured to bring: it is applied to a sample of the data,
// the counterfactual is scored like the data themselves, and what the score gains
// is its estimated impact. Fixes are tried one on top of the other, the one for
// the worst damage first, so the last score is that of the whole plan. A fix that drops
// rows which nothing is held against stays in the plan if it is worth their price (thrift.go).
//
// Each kind of fix is a value in a file named after it (fix.go holds the table).
package recommend

import (
	"context"
	"errors"

	"synthos/dataset"
	"synthos/verdict"
)

// Input is what Make knows.
type Input struct {
	Data         *dataset.Table        // a uniform sample of the data; RowIDs are ascending file rows
	Reference    *dataset.Table        // a sample of real rows; nil in self mode
	Rows         int64                 // rows of the whole file
	Repeats      float64               // share of them that repeat an earlier one, as counted over all; 0 = only the sample is known
	UsualRepeats float64               // the same of as many rows of the reference
	Collapse     *verdict.Collapse     // what stage 4 found
	Localization *verdict.Localization // what stage 5 found; nil if it failed

	// Score scores a table of the columns of Data on the scale of Collapse. Its scores
	// are compared with each other only, so it may look at fewer rows.
	Score func(ctx context.Context, data *dataset.Table) (*verdict.Collapse, error)
	// ScoreAgainst does the same with other reference rows. With it, real rows that
	// a fix adds come from one half of the reference and all scores from the other
	// half; without it they would count as copies, so the impact of fixes that
	// add real rows is null.
	ScoreAgainst func(ctx context.Context, data, reference *dataset.Table) (*verdict.Collapse, error)
	Yardstick    Yardstick // how those scores are made

	Threshold float64 // the collapse score to reach; 0 = 65
	Seed      uint64  // the same seed, the same plan
	Prices    Prices

	Progress func(done float64, detail string) // done from 0 to 1; nil = silent
}

// Plan is what to do, best first.
type Plan struct {
	Recommendations []verdict.Recommendation
	// Projected is the collapse score with every recommendation of measured
	// impact applied together: the score of the data plus what the plan gained on
	// the sample, measured as a whole and not added up.
	Projected verdict.Score
}

const (
	healthy     = 90  // a collapse score from which nothing is recommended
	leastGain   = 0.5 // points below which a fix is not worth naming
	maxListed   = 8   // recommendations
	maxScores   = 6   // calls of Score
	maxDoses    = 2   // of these, for the fix with doses
	retries     = 2   // more of them, to see what the plan comes to without a fix
	defaultGoal = 65
)

// Make returns the plan. It changes nothing in in. Healthy data need no fix:
// the plan is then empty and Projected the score they have.
//
// Make calls Score at most eight times, once if the first fix heals all, on tables of about 2,500 rows. If ctx ends
// it returns the plan so far and the error. It errs if the sample cannot be
// scored as it is; a counterfactual that cannot be scored is not proposed.
func Make(ctx context.Context, in Input) (*Plan, error) {
	if in.Data == nil || in.Collapse == nil || in.Score == nil {
		return nil, errors.New("recommend: needs the data, their collapse scores and a way to score")
	}
	if in.Threshold == 0 {
		in.Threshold = defaultGoal
	}
	in.Prices = in.Prices.withDefaults()
	none := &Plan{Recommendations: []verdict.Recommendation{}, Projected: in.Collapse.Overall}
	score, ok := in.Collapse.Overall.Value()
	if !ok || score >= healthy || in.Data.Rows() == 0 {
		return none, context.Cause(ctx)
	}
	s := &search{view: newView(in), plan: none}
	err := s.run(ctx)
	s.finish()
	return s.plan, err
}
