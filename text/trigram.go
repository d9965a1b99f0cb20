package text

import "math"

// Model is a trigram language model: how likely each token is after the two
// before it, smoothed by Witten-Bell interpolation with shorter contexts
//
//	P(w|h) = (c(h w) + T(h) P(w|h')) / (c(h) + T(h))
//
// where c counts, T(h) is the number of distinct tokens seen after h, and h' is
// h without its first token; below the unigrams lies the uniform
// distribution over the vocabulary. A document starts after two start marks,
// and its end is predicted like a token.
//
// Source: Witten & Bell, The zero-frequency problem, IEEE Trans. Inf. Theory
// 37(4), 1991; Chen & Goodman, An empirical study of smoothing techniques for
// language modeling, 1998, equation 15.
type Model struct {
	vocabulary int            // distinct tokens it can predict, with the end and the unknown
	counts     *table[int32]  // of uni-, bi- and trigrams by hash
	after      *table[follow] // of contexts of 0, 1 and 2 tokens by hash
}

// follow says what was seen after a context.
type follow struct{ tokens, types int32 }

// Marks at the edges of a document, as hashes no token is likely to have.
const (
	docStart = 0x2545f4914f6cdd1d
	docEnd   = 0x9e6c63d0876a9a47
)

// TrainTrigram returns the model of docs. Its vocabulary is closed: the tokens
// of docs and of all the documents of also, which are not trained on. Models are
// comparable only if their vocabularies are the same: to compare data and
// reference on a holdout, train each with the two others as also. Empty
// documents are left out.
func TrainTrigram(docs [][]uint64, also ...[][]uint64) *Model {
	m := &Model{counts: newTable[int32](0), after: newTable[follow](0)}
	for _, doc := range docs {
		visit(doc, m.count)
	}
	known := newTable[struct{}](0)
	for _, corpus := range append([][][]uint64{docs}, also...) {
		for _, doc := range corpus {
			for _, t := range doc {
				known.at(t)
			}
		}
	}
	m.vocabulary = known.used + 2
	return m
}

// visit calls f for each token of doc and for its end, with the two tokens
// before it. It does nothing if doc is empty.
func visit(doc []uint64, f func(before2, before1, token uint64)) {
	if len(doc) == 0 {
		return
	}
	before2, before1 := uint64(docStart), uint64(docStart)
	for _, token := range doc {
		f(before2, before1, token)
		before2, before1 = before1, token
	}
	f(before2, before1, docEnd)
}

// count adds one occurrence of token after its contexts.
func (m *Model) count(before2, before1, token uint64) {
	for _, context := range contexts(before2, before1) {
		seen, count := m.after.at(context), m.counts.at(mix(context+token))
		seen.tokens++
		if *count == 0 {
			seen.types++
		}
		*count++
	}
}

// contexts returns hashes of the last none, one and two tokens.
func contexts(before2, before1 uint64) [3]uint64 {
	one := mix(1 + before1)
	return [3]uint64{0, one, mix(one + before2)}
}

// probability returns the probability of token after before2, before1, from
// contexts of at most length tokens (0, 1 or 2).
func (m *Model) probability(before2, before1, token uint64, length int) float64 {
	p := 1 / float64(m.vocabulary)
	known := contexts(before2, before1)
	for _, context := range known[:length+1] {
		seen := m.after.get(context)
		if seen.tokens == 0 {
			break // nor is any longer context known
		}
		count := m.counts.get(mix(context + token))
		p = (float64(count) + float64(seen.types)*p) / float64(seen.tokens+seen.types)
	}
	return p
}

// CrossEntropy returns the mean number of bits that m needs for a token of docs,
// the ends of documents counted as tokens: the lower, the better m knows such
// text. Tokens outside the vocabulary are one unknown token. NaN if all docs
// are empty.
func (m *Model) CrossEntropy(docs [][]uint64) float64 { return m.crossEntropy(docs, 2) }

// CrossEntropyUnigram returns the same as CrossEntropy for single tokens
// without context. What CrossEntropy is less than this is the gain: what m
// learnt about the order of words.
func (m *Model) CrossEntropyUnigram(docs [][]uint64) float64 { return m.crossEntropy(docs, 0) }

// CrossEntropyDoc returns CrossEntropy of a single document, which is high for
// gibberish and text of another kind. NaN if it is empty.
func (m *Model) CrossEntropyDoc(doc []uint64) float64 { return m.crossEntropy([][]uint64{doc}, 2) }

func (m *Model) crossEntropy(docs [][]uint64, length int) float64 {
	bits, tokens := 0.0, 0
	for _, doc := range docs {
		visit(doc, func(before2, before1, token uint64) {
			bits -= math.Log2(m.probability(before2, before1, token, length))
			tokens++
		})
	}
	if tokens == 0 {
		return math.NaN()
	}
	return bits / float64(tokens)
}
