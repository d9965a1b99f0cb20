package cascade

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/verdict"
)

func near(t *testing.T, what string, got verdict.Number, want, within float64) {
	t.Helper()
	if math.Abs(float64(got)-want) > within {
		t.Errorf("%s is %g, want %g within %g", what, got, want, within)
	}
}

// TestMeasure checks one generation's numbers against closed forms.
func TestMeasure(t *testing.T) {
	// a uniform on 5; b = a + 1; c with a level of 1 %; d ordered, 12 bins used of 14
	d := table(20000, []int{5, 5, 3, 14}, func(r *rand.Rand, row []uint16) {
		row[0] = uint16(r.IntN(5))
		row[1] = (row[0] + 1) % 5
		if r.IntN(100) == 0 {
			row[2] = 1
		}
		row[3] = uint16(1 + r.IntN(12))
	})
	d.Nominal = []bool{true, true, true, false}
	m := newMeasure(d, d)
	g := m.of(&d)
	c := -0.99*math.Log(0.99) - 0.01*math.Log(0.01)
	near(t, "entropy", g.Entropy, (2*math.Log(5)+c+math.Log(12))/4, 0.005)
	near(t, "tail mass", g.TailMass, (0.01+2.0/12)/4, 0.003) // a rare level, two outermost bins
	if len(m.pairs) == 0 || m.pairs[0] != [2]int{0, 1} {
		t.Fatalf("pairs %v, want the first to be a and b", m.pairs)
	}
	m.pairs = m.pairs[:1]
	near(t, "association of a and b", m.of(&d).Association, 1, 1e-6)
	// spectrum 2, 1, 1, 0: entropy of 1/2, 1/4, 1/4 is 1.5 ln 2
	near(t, "effective rank", g.EffectiveRank, math.Pow(2, 1.5), 0.05)
}

func TestHalfLife(t *testing.T) {
	h := halfLife([]float64{0.5, 0.5, 0.5})
	near(t, "half-life at half a halving a generation", h.Generations, 2, 1e-12)
	near(t, "its lower end", h.Interval.Low, 2, 1e-12)
	h = halfLife([]float64{0.1, -0.1, 0.02, 0.02})
	if !(h.Generations > 0) || !math.IsNaN(float64(h.Interval.High)) || !(h.Interval.Low < h.Generations) {
		t.Errorf("rates about zero: %+v, want no upper end", h)
	}
	for reason, rates := range map[string][]float64{"growth": {-1, -1.1}, "nothing": nil, "all lost at once": {math.Inf(1), 1}, "unknown": {math.NaN(), 1}} {
		if h := halfLife(rates); !math.IsNaN(float64(h.Generations)) {
			t.Errorf("%s: half-life %g", reason, h.Generations)
		}
	}
	// The interval of a mean of three with deviation 1: 2.920/sqrt(3), scipy 1.14 t.ppf(0.95, 2).
	h = halfLife([]float64{9, 10, 11})
	near(t, "lower end", h.Interval.Low, 1/(10+2.920/math.Sqrt(3)), 1e-6)
	near(t, "t with 40 degrees of freedom", verdict.Number(studentT95(40)), 1.684, 0.001)
}

// TestMixed checks the share and the origin of the rows of a mixed generation.
func TestMixed(t *testing.T) {
	drawn := table(200, []int{2}, func(r *rand.Rand, row []uint16) { row[0] = 0 })
	real := table(500, []int{2}, func(r *rand.Rand, row []uint16) { row[0] = 1 })
	for share, want := range map[float64]int{0.1: 20, 0.5: 100} {
		c := chain{share: share, real: &real}
		d := c.mixed(drawn, 3)
		n := 0
		for _, code := range d.Codes {
			n += int(code)
		}
		if n != want || d.Rows != 200 || len(d.Codes) != 200 {
			t.Errorf("share %g: %d of %d rows are real, want %d of 200", share, n, len(d.Codes), want)
		}
	}
}

// TestRecur follows a relation that small networks learn imperfectly: it fades,
// more slowly with real rows mixed in, while marginals stay. The same bits come
// out with any number of goroutines.
func TestRecur(t *testing.T) {
	rows := func(seed uint64) Data {
		r := rand.New(rand.NewPCG(seed, 1))
		d := Data{Rows: 1200, Cards: []int{8, 8, 8, 8}}
		for range d.Rows {
			a := r.IntN(8)
			for range 4 {
				code := a
				if r.IntN(3) == 0 {
					code = r.IntN(8)
				}
				d.Codes = append(d.Codes, uint16(code))
			}
		}
		return d
	}
	d, reference := rows(1), rows(2)
	got, err := Recur(context.Background(), d, &reference, Options{Seed: 5, Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Recur(context.Background(), d, &reference, Options{Seed: 5, Jobs: 3})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, again, cmp.Comparer(func(a, b verdict.Number) bool { return a == b || a != a && b != b })); diff != "" {
		t.Errorf("depends on the number of goroutines:\n%s", diff)
	}
	if len(got.Chains) != 4 || got.Rows != 600 || got.Chains[0].Repetitions != probeChains {
		t.Fatalf("%d chains of %d rows", len(got.Chains), got.Rows)
	}
	for i, share := range []float64{0, 0.1, 0.3, 0.5} {
		c := got.Chains[i]
		if c.RealShare != share || len(c.Generations) != 1+probeGenerations {
			t.Errorf("chain %d: share %g, %d generations", i, c.RealShare, len(c.Generations))
		}
		near(t, "entropy of the last generation", c.Generations[probeGenerations].Entropy, math.Log(8), 0.1)
	}
	last := func(i int) float64 { return float64(got.Chains[i].Generations[probeGenerations].Association) }
	if first := float64(got.Chains[0].Generations[0].Association); !(last(0) < 0.8*first) {
		t.Errorf("association from %g to %g: nothing was lost", first, last(0))
	}
	if !(last(3) > last(0)) {
		t.Errorf("association left is %g with half real rows, %g without", last(3), last(0))
	}
	if got.Fastest != "association" || !(got.HalfLife.Generations > 0) {
		t.Errorf("fastest %q with %+v, want the association", got.Fastest, got.HalfLife)
	}
	if alone, err := Recur(context.Background(), d, nil, Options{Seed: 5}); err != nil || len(alone.Chains) != 1 {
		t.Errorf("without a reference: %d chains, %v", len(alone.Chains), err)
	}
}

func TestRecurEdges(t *testing.T) {
	few, err := Recur(context.Background(), related(leastProbeRows-1), nil, Options{})
	if err != nil || few.NullReason == "" {
		t.Errorf("too few rows: %+v, %v", few, err)
	}
	constant := table(300, []int{3}, func(r *rand.Rand, row []uint16) { row[0] = 1 })
	got, err := Recur(context.Background(), constant, nil, Options{Seed: 1})
	if err != nil || got.Fastest != "" {
		t.Errorf("a constant column loses %q, %v", got.Fastest, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Recur(ctx, related(400), nil, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v from a context that had ended", err)
	}
}
