package text

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

func TestJaccard(t *testing.T) {
	for _, test := range []struct {
		name, a, b string
		want       float64
		reason     string
	}{
		{"identical", "a b c d", "a b c d", 1, "all shared"},
		{"disjoint", "a b c d", "e f g h", 0, "none shared"},
		{"one of three", "a b c d", "b c d e", 1. / 3, "abc bcd against bcd cde"},
		{"two words", "a b", "b c", 1. / 3, "single words if shorter than a shingle"},
		{"empty", "", "", 0, "nothing is shared"},
	} {
		if got := Jaccard(Shingles(Hashes(test.a)), Shingles(Hashes(test.b))); got != test.want {
			t.Errorf("%s: got %v, want %v: %s", test.name, got, test.want, test.reason)
		}
	}
}

// The estimate must have the mean J and, over pairs, the standard deviation
// sqrt(J(1-J)/k) of k independent permutations.
func TestSignatureEstimatesJaccard(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	const pairs, k = 400, 64
	for _, shared := range []int{10, 30, 50} {
		want := float64(shared) / float64(2*60-shared)
		sum, square := 0.0, 0.0
		for range pairs {
			a, b := make([]uint64, 60), make([]uint64, 60)
			for i := range a {
				a[i], b[i] = rng.Uint64(), rng.Uint64()
			}
			copy(b, a[:shared])
			x, y := minima(a, k), minima(b, k)
			equal := 0.0
			for i := range x {
				if x[i] == y[i] {
					equal++
				}
			}
			sum += equal / k
			square += (equal/k - want) * (equal/k - want)
		}
		sd := math.Sqrt(want * (1 - want) / k)
		if mean := sum / pairs; math.Abs(mean-want) > 4*sd/math.Sqrt(pairs) {
			t.Errorf("J = %.3f: mean estimate %.4f", want, mean)
		}
		if got := math.Sqrt(square / pairs); math.Abs(got-sd) > 0.2*sd { // 4 standard errors: 4/sqrt(2*400) = 0.14
			t.Errorf("J = %.3f: standard deviation %.4f, want %.4f", want, got, sd)
		}
	}
	if Signature(nil, 8) != nil {
		t.Error("an empty document has a signature")
	}
}

func TestNearDuplicatesSmall(t *testing.T) {
	docs := corpus("the cat sat on the mat", "", "a dog ran off", "the cat sat on the mat", "", "yes", "a dog ran off", "yes", "no")
	want := [][]int{{0, 3}, {2, 6}, {5, 7}}
	if got := NearDuplicates(docs, 0.8); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v: identical documents grouped, empty ones not", got, want)
	}
	if got := NearDuplicates(nil, 0.5); len(got) != 0 {
		t.Errorf("groups %v of no documents", got)
	}
}

// edited returns documents of which every third is the one before it with the
// given number of words replaced, and which those are.
func edited(n, replaced int) [][]uint64 {
	rng := rand.New(rand.NewPCG(7, 7))
	_, docs := zipfian(n, 40, 3)
	for i := 2; i < n; i += 3 {
		docs[i] = slices.Clone(docs[i-1])
		for _, k := range rng.Perm(40)[:replaced] {
			docs[i][k] = rng.Uint64()
		}
	}
	return docs
}

// groupsByPairs is what NearDuplicates approximates: all pairs compared.
func groupsByPairs(docs [][]uint64, threshold float64) [][]int {
	c := newComponents(len(docs))
	for i := range docs {
		for j := range i {
			if Jaccard(Shingles(docs[i]), Shingles(docs[j])) >= threshold {
				c.union(i, j)
			}
		}
	}
	return c.groups()
}

func TestNearDuplicatesAgainstAllPairs(t *testing.T) {
	for _, threshold := range []float64{0.3, 0.5, 0.8} {
		for _, replaced := range []int{0, 1, 2, 4} {
			docs := edited(150, replaced)
			want, got := groupsByPairs(docs, threshold), NearDuplicates(docs, threshold)
			missed := 0
			for _, group := range want {
				if !slices.ContainsFunc(got, func(g []int) bool { return slices.Equal(g, group) }) {
					missed++
				}
			}
			// None may be made up; one in a hundred may be missed.
			if len(got) > len(want) || missed > 1 {
				t.Errorf("threshold %v, %d words replaced: %d groups, %d of %d missed", threshold, replaced, len(got), missed, len(want))
			}
		}
	}
}

// A corpus of nothing but variants of one text must stay fast and be one group.
func TestNearDuplicatesLookAlikes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	base := make([]uint64, 60)
	for i := range base {
		base[i] = rng.Uint64()
	}
	docs := make([][]uint64, 3000)
	for i := range docs {
		docs[i] = slices.Clone(base)
		docs[i][rng.IntN(60)] = rng.Uint64()
	}
	groups := NearDuplicates(docs, 0.8)
	if len(groups) != 1 || len(groups[0]) != len(docs) {
		t.Errorf("%d groups, the first of %d; want 1 of %d", len(groups), len(groups[0]), len(docs))
	}
}

func TestNearCopies(t *testing.T) {
	_, reference := zipfian(100, 40, 5)
	reference = append(reference, nil, reference[3])
	_, docs := zipfian(6, 40, 6)
	docs = append(docs, reference[3], nil, slices.Clone(reference[50]), slices.Concat(reference[60][:20], docs[0][:20]))
	docs[8][10] = Hash("changed")
	want := []int{-1, -1, -1, -1, -1, -1, 3, -1, 50, -1}
	if got := NearCopies(docs, reference, 0.7); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v: the first of equal copies; half a copy is none", got, want)
	}
	if got := NearCopies(docs, nil, 0.7); slices.Max(got) != -1 {
		t.Errorf("copies of nothing: %v", got)
	}
}

func TestNearCopiesTakesTheMostSimilar(t *testing.T) {
	_, reference := zipfian(1, 40, 8)
	doc := slices.Clone(reference[0])
	further := slices.Clone(doc)
	further[5], further[20] = 1, 2
	closer := slices.Clone(doc)
	closer[5] = 1
	if got := NearCopies([][]uint64{doc}, [][]uint64{further, closer}, 0.5); got[0] != 1 {
		t.Errorf("most similar is %d, want 1", got[0])
	}
}
