package text

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// By hand, for the only document "a b", with a, b, end and unknown to predict:
// the three events are alike. Unigrams: (1 + 3/4)/(3+3) = 7/24. After one token:
// (1 + 7/24)/2 = 31/48. After two: (1 + 31/48)/2 = 79/96.
func TestTrigramByHand(t *testing.T) {
	docs := corpus("a b")
	m := TrainTrigram(docs)
	for name, pair := range map[string][2]float64{
		"trigram": {m.CrossEntropy(docs), math.Log2(96. / 79)},
		"unigram": {m.CrossEntropyUnigram(docs), math.Log2(24. / 7)},
		// An unknown word after two start marks, then the end after it: each has
		// one known context, and (0 + 3/4)/6 = 1/8 or 7/24 below that.
		"unknown": {m.CrossEntropyDoc(Hashes("c")), -(math.Log2(1./8/2/2) + math.Log2(7./24)) / 2},
	} {
		if got, want := pair[0], pair[1]; !near(got, want, 1e-14) {
			t.Errorf("%s: %v bits, want %v", name, got, want)
		}
	}
}

// After any context, known or not, the probabilities of the whole vocabulary,
// the end and the unknown must sum to 1.
func TestTrigramSumsToOne(t *testing.T) {
	_, docs := zipfian(30, 20, 1)
	_, other := zipfian(10, 20, 2)
	m := TrainTrigram(docs, other)
	vocabulary := NewVocabulary(append(slices.Clone(docs), other...))
	for _, context := range [][2]uint64{
		{docStart, docStart}, {docStart, docs[0][0]}, {docs[0][0], docs[0][1]}, {docs[3][5], docs[3][6]},
		{docs[0][1], docs[5][5]}, {Hash("unseen"), docs[2][2]}, {Hash("unseen"), Hash("unheard")},
	} {
		for length := range 3 {
			sum := m.probability(context[0], context[1], docEnd, length) + m.probability(context[0], context[1], Hash("nowhere"), length)
			vocabulary.counts.each(func(token uint64, _ int) {
				sum += m.probability(context[0], context[1], token, length)
			})
			if !near(sum, 1, 1e-12) {
				t.Errorf("after %v, %d tokens long: sum %v", context, length, sum)
			}
		}
	}
}

func TestTrigramOfNothing(t *testing.T) {
	m := TrainTrigram(nil)
	if got := m.CrossEntropy(nil); !math.IsNaN(got) {
		t.Errorf("cross-entropy of nothing is %v, want NaN", got)
	}
	if got := m.CrossEntropy(corpus("a b")); got != 1 {
		t.Errorf("an empty model is uniform over end and unknown: %v bits, want 1", got)
	}
}

// What destroys the language of the training text must cost it on fresh text.
func TestTrigramSeesDamage(t *testing.T) {
	train, test := sentences(400, 1), sentences(100, 2)
	rng := rand.New(rand.NewPCG(3, 3))
	shuffled := make([][]uint64, len(train))
	for i, doc := range train {
		shuffled[i] = slices.Clone(doc)
		rng.Shuffle(len(doc), func(a, b int) { shuffled[i][a], shuffled[i][b] = shuffled[i][b], shuffled[i][a] })
	}
	m, s := TrainTrigram(train, test), TrainTrigram(shuffled, test)
	gain := m.CrossEntropyUnigram(test) - m.CrossEntropy(test)
	lost := s.CrossEntropyUnigram(test) - s.CrossEntropy(test)
	if !(gain > 1 && lost < gain/2) {
		t.Errorf("gain %.2f bits, %.2f with the words of each document shuffled", gain, lost)
	}
	if a, b := m.CrossEntropyDoc(test[0]), m.CrossEntropyDoc(shuffled[0]); !(a < b) {
		t.Errorf("a document %.2f bits, a shuffled one %.2f", a, b)
	}
}

// sentences returns n documents of a small language: subject, verb, object,
// where the subject narrows down the verb and the verb the object.
func sentences(n int, seed uint64) [][]uint64 {
	rng := rand.New(rand.NewPCG(seed, 4))
	docs := make([][]uint64, n)
	for i := range docs {
		for range 4 {
			subject := rng.Uint64N(40)
			verb := 100 + subject%20*2 + rng.Uint64N(2)
			object := 200 + verb%20*2 + rng.Uint64N(2)
			docs[i] = append(docs[i], mix(subject), mix(verb), mix(object))
		}
	}
	return docs
}
