package diversity

import (
	"math"

	"synthos/stats"
	"synthos/text"
)

const (
	// Phrases that texts are looked at without a reference: the share of different
	// ones falls with the number it is taken over.
	selfPhrases = 5000

	nearText     = 0.5 // Jaccard index of word 3-shingles from which texts are near duplicates
	templateRows = 10  // rows that make a template, at least
)

// phrases is distinct-3: the share of different phrases of three words, or as
// much as that in scripts without spaces, among equally many. Short texts are
// phrases by themselves.
var phrases = statistic{
	name: "distinct_phrases", aspect: semantic, what: "different phrases of three words", texts: true,
	source: "distinct-n, Li et al. 2016, NAACL",
	reference: func(v *view, s *split) (float64, float64) {
		budget := min(text.CountGrams(s.data.phrases, 1), text.CountGrams(s.fresh.phrases, 1))
		return text.DistinctN(s.data.phrases, 1, budget), text.DistinctN(s.fresh.phrases, 1, budget)
	},
	self: func(v *view, s *split) float64 {
		return text.DistinctN(s.data.phrases, 1, min(selfPhrases, text.CountGrams(s.data.phrases, 1)))
	},
	scale: 0.15, tolerance: 0.02, norm: 0.75, below: 0.25,
}

// vocabulary is the expected number of different words among equally many.
var vocabulary = statistic{
	name: "vocabulary", aspect: semantic, what: "different words", texts: true,
	source: "rarefaction, Hurlbert 1971, Ecology",
	reference: func(v *view, s *split) (float64, float64) {
		d, f := text.NewVocabulary(s.data.docs), text.NewVocabulary(s.fresh.docs)
		budget := min(d.Tokens(), f.Tokens())
		return d.SizeAt(budget), f.SizeAt(budget)
	},
	scale: 0.20, tolerance: 0.03,
}

// topics is the number of directions that the texts fill among the components of
// a latent semantic analysis.
var topics = statistic{
	name: "topic_spread", aspect: semantic, what: "spread of the topics", texts: true, replaced: (*view).compared,
	source: "latent semantic analysis, Deerwester et al. 1990; effective rank, Roy & Vetterli 2007",
	reference: func(v *view, s *split) (float64, float64) {
		return topicSpread(s.data), topicSpread(s.fresh)
	},
	scale: 0.20, tolerance: 0.05,
}

// topicSpread returns the mean over the text columns of the geometric mean of the
// total variance of their topics and of its effective number of directions.
func topicSpread(x *sample) float64 {
	sum, n := 0.0, 0.0
	for j := range x.space.Columns {
		c := &x.space.Columns[j]
		if !c.Text() {
			continue
		}
		d := c.Width - 2 // the last two are the length and whether it is null
		m := make([]float64, 0, x.n()*d)
		for i := range x.n() {
			m = append(m, float64s(x.features.Row(i)[c.Offset:c.Offset+d])...)
		}
		cov := stats.Covariance(m, x.n(), d)
		total := 0.0
		for k := range d {
			total += cov[k*d+k]
		}
		if total > 0 {
			sum += math.Sqrt(total * stats.EffectiveRank(stats.SymmetricEigenvalues(cov, d)))
		}
		n++
	}
	return sum / n
}

// unrepeatedTexts is one minus the share of texts that are near duplicates of
// another.
var unrepeatedTexts = statistic{
	name: "texts_without_near_duplicate", aspect: structural, what: "texts without a near duplicate", texts: true, splits: 2,
	source: "MinHash, Broder 1997; Jaccard index of 3-shingles at least 0.5",
	reference: func(v *view, s *split) (float64, float64) {
		return unrepeated(s.data.docs), unrepeated(s.fresh.docs)
	},
	self:  func(v *view, s *split) float64 { return unrepeated(s.data.docs) },
	scale: 0.20, tolerance: 0.02, norm: 0.90, below: 0.25,
}

func unrepeated(docs [][]uint64) float64 {
	n := 0
	for _, group := range text.NearDuplicates(docs, nearText) {
		n += len(group)
	}
	return 1 - float64(n)/float64(len(docs))
}

// untemplatedTexts is one minus the share of texts that fill in a template.
var untemplatedTexts = statistic{
	name: "texts_without_template", aspect: semantic, what: "texts of their own wording", texts: true, splits: 2,
	source: "sentence patterns with slots, of at least 10 rows",
	reference: func(v *view, s *split) (float64, float64) {
		return untemplated(s.data.words), untemplated(s.fresh.words)
	},
	self:  func(v *view, s *split) float64 { return untemplated(s.data.words) },
	scale: 0.20, tolerance: 0.02, norm: 0.80, below: 0.25,
}

func untemplated(words [][]string) float64 {
	ids, _ := text.Templates(words, max(templateRows, len(words)/200))
	n := 0
	for _, id := range ids {
		if id < 0 {
			n++
		}
	}
	return float64(n) / float64(len(ids))
}
