package text

import (
	"math"
	"math/rand/v2"
	"testing"
)

// near reports whether got is within relative (for small numbers absolute)
// tolerance of want.
func near(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*max(1, math.Abs(want))
}

// corpus returns documents of the tokens of each string.
func corpus(texts ...string) [][]uint64 {
	docs := make([][]uint64, len(texts))
	for i, s := range texts {
		docs[i] = Hashes(s)
	}
	return docs
}

// repeated returns one document in which token i occurs counts[i] times.
func repeated(counts ...int) [][]uint64 {
	var doc []uint64
	for i, n := range counts {
		for range n {
			doc = append(doc, mix(uint64(i)))
		}
	}
	return [][]uint64{doc}
}

func TestDistinctN(t *testing.T) {
	for _, test := range []struct {
		name      string
		docs      [][]uint64
		n, budget int
		want      float64
		reason    string
	}{
		{"words", corpus("a b a b"), 1, 4, 0.5, "2 of 4"},
		{"pairs", corpus("a b a b"), 2, 3, 2. / 3, "ab, ba, ab"},
		{"documents are apart", corpus("a b", "b a"), 2, 2, 1, "b b is no pair"},
		{"budget cuts", corpus("a b", "c a a a"), 1, 3, 1, "only a b c are drawn"},
		{"too short", corpus("a b a b"), 1, 5, math.NaN(), "5 tokens cannot be drawn"},
		{"empty", nil, 1, 1, math.NaN(), "nothing to draw"},
		{"no budget", corpus("a"), 1, 0, math.NaN(), "a share of nothing"},
	} {
		got := DistinctN(test.docs, test.n, test.budget)
		if got != test.want && !(math.IsNaN(got) && math.IsNaN(test.want)) {
			t.Errorf("%s: got %v, want %v: %s", test.name, got, test.want, test.reason)
		}
	}
}

func TestDistinctNDoesNotDependOnSize(t *testing.T) {
	_, docs := zipfian(400, 50, 1)
	if small, large := DistinctN(docs[:100], 2, 4000), DistinctN(docs, 2, 4000); small != large {
		t.Errorf("100 documents %v, 400 documents %v at the same budget", small, large)
	}
}

func TestVocabularyCounts(t *testing.T) {
	v := NewVocabulary(corpus("a b b", "c c c d", ""))
	if v.Size() != 4 || v.Tokens() != 7 || v.Count(Hash("c")) != 3 || v.Count(Hash("x")) != 0 {
		t.Errorf("size %d, tokens %d, c %d, x %d; want 4, 7, 3, 0", v.Size(), v.Tokens(), v.Count(Hash("c")), v.Count(Hash("x")))
	}
	if got := v.HapaxShare(); got != 0.5 {
		t.Errorf("hapax share %v, want 0.5: a and d of a b c d", got)
	}
	ref := NewVocabulary(corpus("a a a b c c", "e e e e"))
	if got := v.OutOf(ref); !near(got, 1./7, 1e-15) {
		t.Errorf("OutOf %v, want 1/7: only d is not in the reference", got)
	}
	if got := v.RareMass(ref, 0.2); !near(got, 5./7, 1e-15) {
		t.Errorf("RareMass %v, want 5/7: b b c c c are at most 2 of 10 in the reference, d is not there", got)
	}
}

func TestVocabularyOfNothing(t *testing.T) {
	v := NewVocabulary(nil)
	for name, got := range map[string]float64{
		"Entropy": v.Entropy(), "HapaxShare": v.HapaxShare(), "OutOf": v.OutOf(v), "RareMass": v.RareMass(v, 1),
		"SizeAt": v.SizeAt(1), "Heaps": v.Heaps(10), "Zipf": v.Zipf(10),
	} {
		if !math.IsNaN(got) {
			t.Errorf("%s of no tokens is %v, want NaN", name, got)
		}
	}
}

func TestEntropy(t *testing.T) {
	// Closed form: log2 8 + (8-1)/(2*80) log2 e for 8 equally frequent tokens.
	got := NewVocabulary(repeated(10, 10, 10, 10, 10, 10, 10, 10)).Entropy()
	if want := 3 + 7./160*math.Log2E; !near(got, want, 1e-14) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The correction must bring the entropy of a small sample close to that of its
// source: log2 100 for 100 equally likely tokens.
func TestEntropyBias(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	mean := 0.0
	for range 50 {
		doc := make([]uint64, 400)
		for i := range doc {
			doc[i] = mix(rng.Uint64N(100))
		}
		mean += NewVocabulary([][]uint64{doc}).Entropy() / 50
	}
	if want := math.Log2(100); math.Abs(mean-want) > 0.02 { // uncorrected it is 0.18 lower
		t.Errorf("mean entropy %.3f, want %.3f", mean, want)
	}
}

func TestSizeAt(t *testing.T) {
	v := NewVocabulary(repeated(1, 2, 3))
	// C(6,2) = 15 pairs; those without token c: C(5,2), C(4,2), C(3,2).
	want := map[int]float64{0: 0, 1: 1, 2: 3 - (10.+6+3)/15, 6: 3}
	for budget, size := range want {
		if got := v.SizeAt(budget); !near(got, size, 1e-14) {
			t.Errorf("SizeAt(%d) = %v, want %v", budget, got, size)
		}
	}
	if !math.IsNaN(v.SizeAt(7)) || !math.IsNaN(v.SizeAt(-1)) {
		t.Error("a sample larger than the corpus, or negative, has a size")
	}
}

func TestHeaps(t *testing.T) {
	for _, test := range []struct {
		name   string
		docs   [][]uint64
		want   float64
		reason string
	}{
		{"all new", repeated(1, 1, 1, 1, 1, 1, 1, 1), 1, "the vocabulary doubles with the tokens"},
		{"all the same", repeated(8), 0, "the vocabulary stays 1"},
	} {
		if got := NewVocabulary(test.docs).Heaps(8); !near(got, test.want, 1e-12) {
			t.Errorf("%s: got %v, want %v: %s", test.name, got, test.want, test.reason)
		}
	}
}

func TestZipf(t *testing.T) {
	for _, s := range []float64{0, 0.5, 1, 1.7} {
		counts := make([]int, 200)
		for i := range counts {
			counts[i] = int(math.Round(100 * math.Pow(200/float64(i+1), s)))
		}
		// Rounding changes a count by at most 0.5 %.
		if got := NewVocabulary(repeated(counts...)).Zipf(150); math.Abs(got-s) > 0.005 {
			t.Errorf("Zipf = %v, want %v", got, s)
		}
	}
}

// Losing the tail of the vocabulary must show in every measure of it.
func TestVocabularySeesTailLoss(t *testing.T) {
	_, ref := zipfian(300, 60, 1)
	_, sample := zipfian(300, 60, 2)
	r, healthy := NewVocabulary(ref), NewVocabulary(sample)
	cut := make([][]uint64, len(sample))
	for i, doc := range sample {
		for _, token := range doc {
			if r.Count(token) < 4 {
				token = Hash(name(0)) // the most frequent
			}
			cut[i] = append(cut[i], token)
		}
	}
	c := NewVocabulary(cut)
	for name, pair := range map[string][2]float64{
		"SizeAt":   {healthy.SizeAt(5000), c.SizeAt(5000)},
		"Heaps":    {healthy.Heaps(5000), c.Heaps(5000)},
		"RareMass": {healthy.RareMass(r, 1e-4), c.RareMass(r, 1e-4)},
		"OutOf":    {healthy.OutOf(r), c.OutOf(r)},
		"Entropy":  {healthy.Entropy(), c.Entropy()},
	} {
		if !(pair[1] < 0.9*pair[0]) {
			t.Errorf("%s: %v with the tail, %v without", name, pair[0], pair[1])
		}
	}
}
