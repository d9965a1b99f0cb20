package text

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// topical returns n documents of 30 words, alternately of one of two topics with
// 200 words each.
func topical(n int) [][]uint64 {
	rng := rand.New(rand.NewPCG(5, 5))
	docs := make([][]uint64, n)
	for i := range docs {
		for range 30 {
			docs[i] = append(docs[i], mix(uint64(i%2*1000)+rng.Uint64N(200)))
		}
	}
	return docs
}

func transform(l *LSA, docs [][]uint64) []float32 {
	out := make([]float32, len(docs)*l.k)
	l.Transform(docs, out)
	return out
}

func squaredDistance(x, y []float32) float64 {
	sum := 0.0
	for j := range x {
		sum += float64(x[j]-y[j]) * float64(x[j]-y[j])
	}
	return sum
}

func TestLSAScale(t *testing.T) {
	docs := topical(200)
	const k = 8
	x := transform(FitLSA(docs, k), docs)
	mean := 0.0
	for i := range docs {
		for j := range docs {
			mean += squaredDistance(x[i*k:i*k+k], x[j*k:j*k+k]) / float64(len(docs)*len(docs))
		}
	}
	if !near(mean, 1, 1e-4) { // float32
		t.Errorf("mean squared distance %v, want 1", mean)
	}
}

// Components must be centred, uncorrelated and of descending variance.
func TestLSAComponents(t *testing.T) {
	docs := topical(200)
	const k = 6
	x := transform(FitLSA(docs, k), docs)
	last := math.Inf(1)
	for a := range k {
		for b := range a + 1 {
			sum, product := 0.0, 0.0
			for i := range docs {
				sum += float64(x[i*k+a])
				product += float64(x[i*k+a]) * float64(x[i*k+b])
			}
			if math.Abs(sum) > 1e-4 || a != b && math.Abs(product) > 1e-4 {
				t.Errorf("components %d and %d: sum %v, product %v, want 0", a, b, sum, product)
			}
			if a == b && product > last {
				t.Errorf("component %d varies more than the one before", a)
			} else if a == b {
				last = product
			}
		}
	}
}

// All 256 components together must keep the distances of the hashed tf-idf
// vectors, up to one factor.
func TestLSAKeepsDistances(t *testing.T) {
	docs := topical(40)
	l := FitLSA(docs, lsaDims)
	x := transform(l, docs)
	vectors := make([][]float64, len(docs))
	for i, doc := range docs {
		vectors[i] = make([]float64, lsaDims)
		l.vector(doc, nil, vectors[i])
	}
	ratio := 0.0
	for i := range docs {
		for j := range i {
			want := 0.0
			for c := range vectors[i] {
				want += (vectors[i][c] - vectors[j][c]) * (vectors[i][c] - vectors[j][c])
			}
			got := squaredDistance(x[i*lsaDims:(i+1)*lsaDims], x[j*lsaDims:(j+1)*lsaDims])
			if ratio == 0 {
				ratio = got / want
			}
			if !near(got, ratio*want, 1e-4) {
				t.Fatalf("documents %d, %d: squared distance %v, want %v", i, j, got, ratio*want)
			}
		}
	}
}

func TestLSASeparatesTopics(t *testing.T) {
	docs := topical(300)
	l := FitLSA(docs[:200], 2)
	x := transform(l, docs) // the last hundred are new to it
	for i := range docs {
		if side := x[2*i] > 0; side != (x[2*(i%2)] > 0) {
			t.Errorf("document %d of topic %d is on the wrong side: %v", i, i%2, x[2*i])
		}
	}
}

func TestLSAIdeographs(t *testing.T) {
	docs := corpus("北京是中国的首都", "中国的首都是北京", "今天的天气非常好", "天气今天非常的好")
	x := transform(FitLSA(docs, 3), docs)
	within, across := squaredDistance(x[0:3], x[3:6]), squaredDistance(x[0:3], x[6:9])
	if !(within < across/2) {
		t.Errorf("distance %v within a topic, %v across", within, across)
	}
}

func TestLSADegenerate(t *testing.T) {
	same := corpus("one and the same", "one and the same", "one and the same", "")
	for _, test := range []struct {
		name   string
		docs   [][]uint64
		reason string
	}{
		{"nothing", nil, "there is no direction"},
		{"one document", same[:1], "one document does not vary"},
		{"copies", same, "copies do not vary"},
	} {
		for _, v := range transform(FitLSA(test.docs, 4), corpus("one and the same", "something else", "")) {
			if v != 0 {
				t.Errorf("%s: component %v, want 0: %s", test.name, v, test.reason)
			}
		}
	}
	x := transform(FitLSA(topical(20), 4), [][]uint64{nil, {1}})
	if !slices.Equal(x[:4], make([]float32, 4)) {
		t.Errorf("an empty document is at %v, want the origin", x[:4])
	}
	// Two documents, each twice, vary in one direction only.
	two := slices.Concat(topical(2), topical(2))
	x = transform(FitLSA(two, 3), two)
	if x[0] == 0 || x[1] != 0 || x[2] != 0 {
		t.Errorf("two documents: first at %v, want only its first component other than 0", x[:3])
	}
}

// The order of the documents may change rounding only.
func TestLSARowOrder(t *testing.T) {
	docs := topical(60)
	reversed := slices.Clone(docs)
	slices.Reverse(reversed)
	x, y := transform(FitLSA(docs, 2), docs), transform(FitLSA(reversed, 2), docs)
	for i := range x {
		if math.Abs(float64(x[i]-y[i])) > 1e-5 {
			t.Fatalf("component %d: %v, with the documents reversed %v", i, x[i], y[i])
		}
	}
}
