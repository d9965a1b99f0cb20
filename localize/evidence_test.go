package localize

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSuspicion mixes 10 % of strong rows into 90 % of good ones whose strengths
// are exponential: at strength s the density of good rows is exp(-s), that of the
// others 1 between 6 and 7, so the local false-discovery rate is known.
func TestSuspicion(t *testing.T) {
	const n = 50_000
	rng := rand.New(rand.NewPCG(1, 1))
	good, data := make([]float64, n), make([]float64, n)
	for i := range n {
		good[i], data[i] = rng.ExpFloat64(), rng.ExpFloat64()
		if i < n/10 {
			data[i] = 6 + rng.Float64()
		}
	}
	c := fitSuspicion(data, among(good))
	for _, s := range []float64{0.5, 2, 6.5} {
		density := 0.9 * math.Exp(-s)
		want := 1 - math.Exp(-s)/density // no better than good rows: below 0
		if s >= 6 {
			want = 1 - math.Exp(-s)/(density+0.1)
		}
		if got := c.of(s); math.Abs(got-max(0, want)) > 0.03 {
			t.Errorf("suspicion of strength %v is %.3f, want %.3f", s, got, want)
		}
	}
	last := 0.0
	for s := -1.0; s < 10; s += 0.01 {
		if v := c.of(s); v < last {
			t.Fatalf("suspicion falls at strength %v", s)
		} else {
			last = v
		}
	}
}

// TestNoSuspicion compares samples of the same source: over 200 draws, the
// mean share of rows with a suspicion of FlagAt must be far below the 0.5 % that
// healthy data may show in all channels together.
func TestNoSuspicion(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	flagged := 0
	for range 200 {
		good, data := make([]float64, 300), make([]float64, 300)
		for i := range good {
			good[i], data[i] = rng.NormFloat64(), rng.NormFloat64()
		}
		c := fitSuspicion(data, among(good))
		for _, s := range data {
			if c.of(s) >= FlagAt {
				flagged++
			}
		}
	}
	if share := float64(flagged) / (200 * 300); share > 0.0002 {
		t.Errorf("%.4f %% of good rows are flagged", 100*share)
	}
}

// TestNulls compares nulls with closed forms.
func TestNulls(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	x := make([]float64, 10_000)
	for i := range x {
		x[i] = rng.ExpFloat64()
	}
	cases := []struct {
		name, reason string
		null         null
		s, low, high float64
	}{
		{"among, middle", "counts 10,000 exp(-2) rows, plus twice the square root of that", among(x), 2, math.Exp(-2), 1.1 * math.Exp(-2)},
		{"among, beyond all", "one row and its uncertainty: e^2 in 10,001", among(x), 100, math.Exp(2) / 10001, math.Exp(2) / 10001},
		{"tail", "the tail of an exponential falls by its mean, 1, each", amongWithTail(x), 20, math.Exp(-20) / 10, math.Exp(-20) * 100},
		{"scaled", "ten times as large a haystack", scaled(among(x), 10), 100, 10 * math.Exp(2) / 10001, 10 * math.Exp(2) / 10001},
		{"scaled, at most 1", "it is a probability", scaled(among(x), 10), 0, 1, 1},
		{"bulk", "continued from the quarter between 80 % and 95 %", bulk(x), 8, math.Exp(-8) / 2, math.Exp(-8) * 2},
		{"bulk, lower part", "taken to be good", bulk(x), 1, 1, 1},
		{"theory", "the smallest of 5 p-values", byTheory(5, 1), 3, 5 * math.Exp(-3), 5 * math.Exp(-3)},
		{"theory, nothing", "strength 0 says nothing", byTheory(5, 1), 0, 1, 1},
		{"never", "does not happen to good rows", never, 0.1, 0, 0},
	}
	for _, c := range cases {
		if got := c.null(c.s); got < c.low*(1-1e-12) || got > c.high*(1+1e-12) {
			t.Errorf("%s (%s): %v, want %v to %v", c.name, c.reason, got, c.low, c.high)
		}
	}
	if got := overconfidence(x); math.Abs(got-1) > 0.05 {
		t.Errorf("overconfidence of exponential strengths is %v, want 1", got)
	}
}
