package cascade

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"synthos/linalg"
	"synthos/verdict"
)

func TestRankMe(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	// made of the given number of directions of equal strength
	states := func(n, d, directions int) []float32 {
		x := make([]float32, n*d)
		for i := range n {
			x[i*d+i%directions] = 3
		}
		return x
	}
	noisy := make([]float32, 400*8)
	for i := range noisy {
		noisy[i] = float32(r.NormFloat64())
	}
	cases := []struct {
		name, reason string
		x            []float32
		n, d         int
		want, within float64
	}{
		{"one direction", "all states are the same", states(32, 16, 1), 32, 16, 1, 1e-3},
		{"four directions", "exp(ln 4)", states(32, 16, 4), 32, 16, 4, 1e-3},
		{"all directions", "the largest rank", states(32, 16, 16), 32, 16, 16, 1e-3},
		{"fewer rows than width", "the rank is at most the rows", states(8, 64, 8), 8, 64, 8, 1e-3},
		{"noise", "singular values of 400 random rows differ by 15 % about their mean", noisy, 400, 8, 8, 0.1},
	}
	for _, k := range linalg.All() {
		for _, c := range cases {
			if got := rankMe(k, c.x, c.n, c.d); math.Abs(got-c.want) > c.within {
				t.Errorf("%s, %s: rank %g, want %g (%s)", k.Name, c.name, got, c.want, c.reason)
			}
		}
	}
	if got := rankMe(linalg.Best(), make([]float32, 64), 4, 16); !math.IsNaN(got) {
		t.Errorf("states of zero have rank %g, want NaN", got)
	}
}

func TestScaling(t *testing.T) {
	// loss = 3 * parameters^-0.2, exactly
	at := func(parameters int) float64 { return 3 * math.Pow(float64(parameters), -0.2) }
	var exact, noisy, flat []size
	r := rand.New(rand.NewPCG(3, 4))
	for i, parameters := range []int{20000, 80000, 200000} {
		networks := []int{10, 5, 3}[i]
		s, n, f := size{parameters: parameters}, size{parameters: parameters}, size{parameters: parameters}
		for range networks {
			s.losses = append(s.losses, at(parameters))
			n.losses = append(n.losses, at(parameters)*(1+0.02*r.NormFloat64()))
			f.losses = append(f.losses, 1+0.02*r.NormFloat64())
		}
		exact, noisy, flat = append(exact, s), append(noisy, n), append(flat, f)
	}
	got := fitScaling(exact)
	if math.Abs(float64(got.Exponent)-0.2) > 1e-9 || math.Abs(float64(got.Interval.High-got.Interval.Low)) > 1e-9 {
		t.Errorf("exponent %g in %v, want exactly 0.2", got.Exponent, got.Interval)
	}
	if len(got.Predicted) != 2 || got.Predicted[0].Parameters != 2000000 || math.Abs(float64(got.Predicted[0].Loss)-at(2000000)) > 1e-9 {
		t.Errorf("predicted %+v, want %g at 2,000,000 parameters", got.Predicted, at(2000000))
	}
	got = fitScaling(noisy)
	if i := got.Interval; !(float64(i.Low) < 0.2 && 0.2 < float64(i.High)) || float64(i.High-i.Low) > 0.05 {
		t.Errorf("exponent in %v with 2 %% of noise, want a short interval around 0.2", i)
	}
	for _, p := range got.Predicted {
		if want := at(p.Parameters); !(float64(p.Interval.Low) <= want && want <= float64(p.Interval.High)) {
			t.Errorf("loss of %d parameters in %v, want %g within", p.Parameters, p.Interval, want)
		}
	}
	if got := fitScaling(flat); !(got.Interval.Low < 0 && got.Interval.High > 0) {
		t.Errorf("loss that does not depend on the size: exponent in %v, want 0 within", got.Interval)
	}
	for reason, sizes := range map[string][]size{
		"two sizes": exact[:2],
		"no loss":   {exact[0], exact[1], {parameters: 5e5, losses: []float64{0}}},
		"nothing":   nil,
	} {
		if got := fitScaling(sizes); got.NullReason == "" || !math.IsNaN(float64(got.Exponent)) {
			t.Errorf("%s: exponent %g, reason %q", reason, got.Exponent, got.NullReason)
		}
	}
}

// TestLargerNetworksLearnMore trains all eighteen: what they lose must fall with their size
// where larger ones see more rows, and only then a law of it is told.
func TestLargerNetworksLearnMore(t *testing.T) {
	const columns, card = 8, 16
	d := table(2000, slices.Repeat([]int{card}, columns), func(r *rand.Rand, row []uint16) { // each is the one before, or any
		for j := range row {
			row[j] = uint16(r.IntN(card))
			if j > 0 && r.IntN(3) > 0 {
				row[j] = (row[j-1] + uint16(r.IntN(3))) % card
			}
		}
	})
	c := mustTrain(t, d, Options{Seed: 1})
	s := c.Report().Scaling
	if s.NullReason != "" || !(float64(s.Interval.Low) > 0) {
		t.Errorf("preset cpu: exponent %g in %v (%s), want more than 0", s.Exponent, s.Interval, s.NullReason)
	}
	for name, options := range map[string]Options{"the same visits": {Seed: 1, RowVisits: 320}, "preset fast": {Seed: 1, Preset: "fast", RowVisits: 320}} {
		if s := mustTrain(t, d, options).Report().Scaling; s.NullReason == "" || !math.IsNaN(float64(s.Exponent)) {
			t.Errorf("%s: exponent %g, want none and why", name, s.Exponent)
		}
	}
	few := *c
	few.RowsTrained = 150 // at most 20 passes: small and base networks see 3,000 rows each
	if s := few.scaling(); s.NullReason == "" {
		t.Errorf("of few rows: exponent %g, want none and why", s.Exponent)
	}
}

// TestTiers checks the summary against the networks it summarizes.
func TestTiers(t *testing.T) {
	training := func(tier string, loss float64, diverged bool) Member {
		return Member{Training: verdict.Training{Tier: tier, Parameters: 7, FinalHeldOutLoss: verdict.Number(loss), GradientNoise: verdict.Number(math.NaN()), Diverged: diverged, Seconds: 2}}
	}
	c := &Cascade{Members: []Member{training(Tiny, 1, false), training(Tiny, 3, false), training(Tiny, 100, true), training(Small, 5, false)}}
	got := c.tiers()
	if len(got) != 2 || got[0].Tier != Tiny || got[0].Networks != 3 || got[0].Diverged != 1 || got[0].Seconds != 6 {
		t.Fatalf("tiers %+v", got)
	}
	if s := got[0].HeldOutLoss; s.Mean != 2 || math.Abs(float64(s.SD)-math.Sqrt2) > 1e-9 {
		t.Errorf("losses 1 and 3: %+v, want mean 2 and deviation sqrt(2)", s)
	}
	if s := got[1].HeldOutLoss; s.Mean != 5 || !math.IsNaN(float64(s.SD)) {
		t.Errorf("one network: %+v, want mean 5 and no deviation", s)
	}
	if s := got[0].GradientNoise; !math.IsNaN(float64(s.Mean)) {
		t.Errorf("noise that no network knows: %+v", s)
	}
}

// TestConflict plants minibatch gradients that agree and that oppose each other.
func TestConflict(t *testing.T) {
	k := linalg.Best()
	share := func(sign float32) float64 {
		n := newNoise(k, 4, 3)
		sum := []float32{1, 2, 0}
		for range 10 {
			g := []float32{sign * sum[0], sign * sum[1], 1}
			after := []float32{sum[0] + g[0], sum[1] + g[1], sum[2] + g[2]}
			n.compare(k.SumSquares(sum), k.SumSquares(after), math.Sqrt(k.SumSquares(g)))
		}
		return n.conflict()
	}
	if got := share(0.5); got != 0 {
		t.Errorf("gradients that agree: conflict %g", got)
	}
	if got := share(-0.5); got != 1 {
		t.Errorf("gradients that oppose: conflict %g", got)
	}
	if got := newNoise(k, 4, 3).conflict(); !math.IsNaN(got) {
		t.Errorf("nothing compared: conflict %g", got)
	}
}

// TestLowest compares with a sort.
func TestLowest(t *testing.T) {
	for _, n := range []int{1, 2, 3, 10, 999} {
		for _, count := range []int{0, 1, n / 3, n - 1, n, n + 5} {
			all := make([]int, n)
			for i := range all {
				all[i] = i
			}
			slices.SortFunc(all, func(a, b int) int { return cmp.Compare(mix(9, uint64(a)), mix(9, uint64(b))) })
			want := all[:min(count, n)]
			slices.Sort(want)
			if got := lowest(n, count, 9); !slices.Equal(got, want) {
				t.Errorf("lowest %d of %d: %v, want %v", count, n, got, want)
			}
		}
	}
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		x := make([]uint64, 1+r.IntN(40))
		for i := range x {
			x[i] = r.Uint64N(8) // many are equal
		}
		order := slices.Sorted(slices.Values(x))
		k := r.IntN(len(x))
		value, smaller := nth(slices.Clone(x), k)
		if value != order[k] || smaller != slices.Index(order, order[k]) {
			t.Errorf("nth(%v, %d) = %d, %d smaller", x, k, value, smaller)
		}
	}
}
