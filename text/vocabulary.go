package text

import (
	"math"
	"slices"
)

// Vocabulary is how often each distinct token occurs in a corpus.
//
// Everything that it tells depends on the counts alone, not on the order of the
// documents. To study n-grams instead of words, build it from Grams.
type Vocabulary struct {
	counts   *table[int]
	tokens   int
	spectrum []frequency // ascending by count
}

// frequency says how many distinct tokens occur count times.
type frequency struct{ count, types int }

// NewVocabulary counts the tokens of docs.
func NewVocabulary(docs [][]uint64) *Vocabulary {
	v := &Vocabulary{counts: newTable[int](0)}
	for _, doc := range docs {
		v.tokens += len(doc)
		for _, t := range doc {
			*v.counts.at(t)++
		}
	}
	types := make(map[int]int)
	v.counts.each(func(_ uint64, count int) { types[count]++ })
	for count, n := range types {
		v.spectrum = append(v.spectrum, frequency{count, n})
	}
	slices.SortFunc(v.spectrum, func(a, b frequency) int { return a.count - b.count })
	return v
}

// Size returns the number of distinct tokens.
func (v *Vocabulary) Size() int { return v.counts.used }

// Tokens returns the number of tokens, repeated ones included.
func (v *Vocabulary) Tokens() int { return v.tokens }

// Count returns how often token occurs.
func (v *Vocabulary) Count(token uint64) int { return v.counts.get(token) }

// Entropy returns the entropy of the distribution of tokens in bits, with the
// Miller-Madow correction (K-1)/(2N) nats for the bias of N tokens of K kinds.
// It is NaN if there is no token.
//
// Source: Miller, Note on the bias of information estimates, 1955.
func (v *Vocabulary) Entropy() float64 {
	if v.tokens == 0 {
		return math.NaN()
	}
	n, sum := float64(v.tokens), 0.0
	for _, f := range v.spectrum {
		p := float64(f.count) / n
		sum -= float64(f.types) * p * math.Log2(p)
	}
	return sum + float64(v.Size()-1)/(2*n)*math.Log2E
}

// HapaxShare returns the share of the distinct tokens that occur exactly once.
// It is also the local exponent of Heaps' law at the full size of the corpus,
// d ln(distinct tokens) / d ln(tokens). NaN if there is no token.
func (v *Vocabulary) HapaxShare() float64 {
	if v.tokens == 0 {
		return math.NaN()
	}
	if first := v.spectrum[0]; first.count == 1 {
		return float64(first.types) / float64(v.Size())
	}
	return 0
}

// RareMass returns the share of the tokens of v that are rare in ref: they
// occur there, but each makes up at most maxShare of ref's tokens. Tokens that
// ref lacks do not count; see OutOf. NaN if v holds no token.
//
// A corpus that has lost its tail has less of it than another sample of the
// same source as ref. (ref itself is no yardstick: it knows all its words.)
func (v *Vocabulary) RareMass(ref *Vocabulary, maxShare float64) float64 {
	limit := maxShare * float64(ref.tokens)
	return v.share(func(t uint64) bool {
		count := ref.counts.get(t)
		return count > 0 && float64(count) <= limit
	})
}

// OutOf returns the share of the tokens of v that ref lacks. NaN if v holds no
// token.
func (v *Vocabulary) OutOf(ref *Vocabulary) float64 {
	return v.share(func(t uint64) bool { return ref.counts.get(t) == 0 })
}

// share returns the share of the tokens of v for which is holds.
func (v *Vocabulary) share(is func(token uint64) bool) float64 {
	if v.tokens == 0 {
		return math.NaN()
	}
	n := 0
	v.counts.each(func(t uint64, count int) {
		if is(t) {
			n += count
		}
	})
	return float64(n) / float64(v.tokens)
}
