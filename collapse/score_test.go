package collapse

import (
	"math"
	"testing"
)

func TestScale(t *testing.T) {
	for _, test := range []struct{ damage, score float64 }{{0, 100}, {1, 65}, {2, 42.25}} {
		if got := ToScore(test.damage); math.Abs(got-test.score) > 1e-9 {
			t.Errorf("ToScore(%v) = %v, want %v", test.damage, got, test.score)
		}
	}
}

func TestJoinedNeverAveragesAway(t *testing.T) {
	if got := Join([]float64{3, 0, 0, 0, 0, 0, 0, 0}); math.Abs(got-3) > 1e-12 {
		t.Errorf("one catastrophe among eight is %v, want 3", got)
	}
	if got := Join([]float64{1, 1}); got <= 1 || got >= 2 {
		t.Errorf("two equal damages join to %v, want between the larger and the sum", got)
	}
}

func TestSpike(t *testing.T) {
	smooth, copies := make([]float64, 1000), make([]float64, 1000)
	for i := range smooth {
		smooth[i] = float64(i) / 1000
		copies[i] = smooth[i]
		if i%5 == 0 {
			copies[i] = 0.001 * float64(i%7)
		}
	}
	if got := spike(smooth); got > 0.002 {
		t.Errorf("a uniform density has a spike of %v, want about 0", got)
	}
	if got := spike(copies); math.Abs(got-0.2) > 0.02 {
		t.Errorf("a fifth of copies has a spike of %v, want about 0.2", got)
	}
}

func TestLost(t *testing.T) {
	q := []float64{0.5, 0.3, 0.2}
	for _, test := range []struct {
		p      []float64
		want   float64
		reason string
	}{
		{q, 0, "the same shares lose nothing"},
		{[]float64{1, 0, 0}, 0.5, "two of three cells are gone"},
		{[]float64{0.6, 0.3, 0.1}, 0, "half of a cell is thinned, not abandoned"},
	} {
		if got := lost(test.p, q); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("lost(%v) = %v, want %v: %s", test.p, got, test.want, test.reason)
		}
	}
}

func TestLogSpectralDistance(t *testing.T) {
	p := []float64{4, 1, 0.25}
	if got := logSpectralDistance(p, p); got != 0 {
		t.Errorf("a spectrum is %v from itself, want 0", got)
	}
	twice := []float64{8, 2, 0.5}
	if got := logSpectralDistance(twice, p); math.Abs(got-math.Ln2) > 1e-12 {
		t.Errorf("twice a spectrum is %v from it, want ln 2", got)
	}
}

func TestEveryScaleHasASource(t *testing.T) {
	for mode, scales := range calibration {
		for name, s := range scales {
			if sources[name] == "" || !(s.PerDamage > 0) || s.Tolerance < 0 {
				t.Errorf("%s mode, %s: %+v, %q", mode, name, s, sources[name])
			}
		}
	}
}

func TestMissingScalePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a statistic without a scale must not get one silently")
		}
	}()
	scaleOf(ReferenceMode, "no such statistic")
}

// A statistic that gives no number is null in the report; the others count.
func TestNotANumberDoesNotSpread(t *testing.T) {
	bad, good := measurement{name: "exact_copies"}, measurement{name: "near_copies", reason: "copies"}
	for range 4 {
		bad.add(math.NaN(), 0)
		good.add(2, 0)
	}
	r := grade(&memorization, []measurement{bad, good}, nil, ReferenceMode, "healthy", 4, 0)
	if score, ok := r.dimension.Score.Value(); !ok || !(score < 60) || r.dimension.Reason != "copies" {
		t.Errorf("score %s, reason %q; want that of the other statistic", r.dimension.Score, r.dimension.Reason)
	}
	if len(r.dimension.Statistics) != 2 || !math.IsNaN(float64(r.dimension.Statistics[0].Damage)) {
		t.Errorf("statistics %+v, want both, the first without a damage", r.dimension.Statistics)
	}
	if r = grade(&memorization, []measurement{bad}, nil, ReferenceMode, "healthy", 4, 0); r.damage != nil || r.dimension.NullReason == "" {
		t.Errorf("a dimension without any number has damage %v, null reason %q", r.damage, r.dimension.NullReason)
	}
}
