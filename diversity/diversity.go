// Package diversity is stage 2: how much variety there is in a dataset, 0-100.
//
// It looks in three ways: semantic, whether the rows mean different things;
// statistical, whether the columns vary; structural, whether the rows are
// different rows. With a reference, 100 is the variety of another sample of the
// same real data, measured on equally many rows. Without one, the data are held
// against what ordinary tables show (the norm of each statistic); that is weaker,
// and only large losses are seen.
package diversity

import (
	"context"
	"errors"

	"synthos/dataset"
	"synthos/verdict"
)

// Input is what Measure looks at.
type Input struct {
	Data      *dataset.Table // a uniform sample of the data, kinds decided
	Reference *dataset.Table // real rows; nil in self mode
	Seed      uint64         // the same seed, the same bits
	Jobs      int            // goroutines; less than 1 = 1

	// Embeddings, if not nil, stand in for the words of texts in the semantic
	// diversity. NoMeaning says why it cannot be measured though it was asked for:
	// it is then null; "" = it can.
	Embeddings *Embeddings
	NoMeaning  string
}

// Measure returns the four diversities. What cannot be measured is null, with the
// reason. It errs only if ctx ends or there is no Data. It changes nothing.
func Measure(ctx context.Context, in Input) (*verdict.Diversity, error) {
	if in.Data == nil {
		return nil, errors.New("diversity: no data")
	}
	if err := in.checkEmbeddings(); err != nil {
		return nil, err
	}
	v, why := newView(in)
	if why != "" {
		none := verdict.DiversityScore{Score: verdict.Unmeasured(why), Reason: "not measured: " + why}
		return &verdict.Diversity{Overall: none, Semantic: none, Statistical: none, Structural: none, SemanticOn: "nothing"}, ctx.Err()
	}
	if err := v.measure(ctx); err != nil {
		return nil, err
	}
	return v.diversity(), nil
}
