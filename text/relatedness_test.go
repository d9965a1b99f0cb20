package text

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestRelatednessByHand(t *testing.T) {
	// Words are in 2 (a, b) or 1 (c, d) of the 4 fields. Row 0 shares all its
	// words, row 1 none, and no two rows share any.
	got := Relatedness(corpus("a b", "c"), corpus("b a", "d"))
	if !near(got[0], 1, 1e-14) || got[1] != 0 {
		t.Errorf("got %v, want 1 and 0", got)
	}
	// Two rows of the same word: own and other partner are alike.
	if got := Relatedness(corpus("a", "a"), corpus("a", "a")); !near(got[0], 0, 1e-14) {
		t.Errorf("got %v, want 0: no partner is better than another", got[0])
	}
	if got := Relatedness(corpus("a"), corpus("a")); !near(got[0], 1, 1e-14) {
		t.Errorf("got %v, want 1: one row has no other to compare with", got[0])
	}
}

func TestRelatednessEmpty(t *testing.T) {
	got := Relatedness(corpus("a b", "", "c"), corpus("", "a", "c"))
	if !math.IsNaN(got[0]) || !math.IsNaN(got[1]) || !near(got[2], 1, 1e-14) {
		t.Errorf("got %v, want NaN, NaN, 1", got)
	}
	if got := Relatedness(nil, nil); len(got) != 0 {
		t.Errorf("got %v for no rows", got)
	}
}

// The definition, pair by pair, from the cosine on.
func TestRelatednessDefinition(t *testing.T) {
	_, a := zipfian(12, 10, 1)
	_, b := zipfian(12, 15, 2)
	var counter termCounter
	x, y := make([][]term, 12), make([][]term, 12)
	for i := range a {
		x[i], y[i] = counter.count(a[i]), counter.count(b[i])
	}
	counter.weigh(x, 24)
	counter.weigh(y, 24)
	for i, got := range Relatedness(a, b) {
		want := dot(x[i], y[i])
		for j := range a {
			if j != i {
				want -= (dot(x[i], y[j]) + dot(x[j], y[i])) / 22
			}
		}
		if !near(got, want, 1e-13) {
			t.Errorf("row %d: %v, want %v", i, got, want)
		}
	}
}

// Exchanged answers must be seen in the rows where they are.
func TestRelatednessSeesMismatch(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	_, a := zipfian(200, 20, 1)
	_, b := zipfian(200, 20, 2)
	for i := range a { // an answer takes up five words of its instruction
		for k, from := range rng.Perm(20)[:5] {
			b[i][k] = a[i][from]
		}
	}
	for i := range 20 {
		if j := 19 - i; i < j {
			b[i], b[j] = b[j], b[i]
		}
	}
	r := Relatedness(a, b)
	healthy, sum := 0.0, 0.0
	for i, v := range r {
		if i < 20 {
			sum += v / 20
		} else {
			healthy += v / 180
		}
	}
	if !(math.Abs(sum) < 0.05 && healthy > 0.1) {
		t.Errorf("mean relatedness %.3f of mismatched rows, %.3f of the others", sum, healthy)
	}
}
