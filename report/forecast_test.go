package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/verdict"
)

func TestForecastText(t *testing.T) {
	between := func(low, high verdict.Number) verdict.Interval { return verdict.Interval{Low: low, High: high} }
	data := []verdict.Generation{{Entropy: 2}, {Entropy: 1}, {Entropy: 0.5}}
	for _, test := range []struct {
		name, want, reason string
		r                  *verdict.Recursion
	}{
		{"none", "", "no networks", nil},
		{"unmeasured", "", "the reason stands elsewhere", &verdict.Recursion{NullReason: "too few rows"}},
		{"nothing dies", "Of models trained on the output of the one before, none of 2 generations lost anything that can be told from chance.", "no half-life is no infinite one",
			&verdict.Recursion{Chains: []verdict.Chain{{Generations: data}}, HalfLife: verdict.HalfLife{Generations: nan, Interval: between(nan, nan)}}},
		{"dies", "Models that learn from the output of the one before lose entropy first: half of it is gone after 1 generation (0.9-1.2); with real rows in every training set: 10 % 12 generations (7 or more), 50 % no loss.",
			"each share of real rows has its own half-life",
			&verdict.Recursion{Fastest: "entropy", HalfLife: verdict.HalfLife{Generations: 1, Interval: between(0.9, 1.2)}, Chains: []verdict.Chain{
				{Generations: data},
				{RealShare: 0.1, Generations: data, HalfLives: map[string]verdict.HalfLife{"entropy": {Generations: 12.2, Interval: between(7, nan)}}},
				{RealShare: 0.5, Generations: data, HalfLives: map[string]verdict.HalfLife{"entropy": {Generations: nan}}},
			}}},
	} {
		if diff := cmp.Diff(test.want, forecastText(test.r)); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", test.name, test.reason, diff)
		}
	}
}

// A panel shows shares of the first generation: half of it lies half way up.
func TestForecastPanel(t *testing.T) {
	f := newForecast(&verdict.Recursion{Rows: 100, Fastest: "entropy", Chains: []verdict.Chain{
		{Repetitions: 2, Generations: []verdict.Generation{{Entropy: 3, TailMass: 1}, {Entropy: 1.5, TailMass: 2}, {Entropy: nan, TailMass: 1}}},
	}})
	entropy, tails := f.Panels[0], f.Panels[1]
	if want := "M38.0 10.0L175.0 80.0"; entropy.Curves[0].Path != want || !entropy.Hot || entropy.Levels[0] != "100 %" {
		t.Errorf("entropy: %+v, want the path %s", entropy, want)
	}
	if want := "M38.0 80.0L175.0 10.0L312.0 80.0"; tails.Curves[0].Path != want || tails.Hot || tails.Levels[0] != "200 %" || tails.Full != 80 {
		t.Errorf("tail mass: %+v, want the path %s on an axis to 200 %%", tails, want)
	}
	if !strings.Contains(f.Repeats, "100 rows a generation") {
		t.Errorf("the key says %q", f.Repeats)
	}
	if f := newForecast(&verdict.Recursion{NullReason: "too few rows"}); f == nil || f.Why != "too few rows" {
		t.Errorf("unmeasured: %+v", f)
	}
}

// On logarithmic axes a power law is a straight line, through its predictions.
func TestScaling(t *testing.T) {
	c := &verdict.Cascade{
		Trainings: []verdict.Training{{Parameters: 1000, FinalHeldOutLoss: 2}, {Parameters: 10000, FinalHeldOutLoss: 1, Diverged: true}},
		Scaling: &verdict.Scaling{Exponent: 0.5, Interval: verdict.Interval{Low: 0.4, High: 0.6}, Predicted: []verdict.Predicted{
			{Parameters: 100000, Loss: 0.2, Interval: verdict.Interval{Low: 0.1, High: 0.4}},
		}},
	}
	v := newScaling(c)
	if len(v.Networks) != 1 || v.Networks[0].X != chartLeft {
		t.Errorf("networks: %+v, want one at the left: the other diverged", v.Networks)
	}
	p := v.Predicted[0]
	if p.X != chartRight || !(p.High < p.Y && p.Y < p.Low) || p.Low-p.Y < p.Y-p.High-0.01 || p.Low-p.Y > p.Y-p.High+0.01 {
		t.Errorf("prediction %+v: want it at the right, with equal ratios as equal heights", p)
	}
	if !strings.HasSuffix(v.Fit, "L312.0 "+fmt.Sprintf("%.1f", p.Y)) {
		t.Errorf("the fit %s does not end at the prediction %v", v.Fit, p.Y)
	}
	for _, test := range []struct {
		exponent, low, high verdict.Number
		want                string
	}{
		{0.1, 0.05, 0.2, "larger networks, shown more of these rows, learn more"}, {0.1, -0.05, 0.2, "cannot be told from chance"}, {-0.1, -0.2, -0.05, "by heart"},
	} {
		if got := scalingText(&verdict.Scaling{Exponent: test.exponent, Interval: verdict.Interval{Low: test.low, High: test.high}}); !strings.Contains(got, test.want) {
			t.Errorf("exponent %v (%v to %v): %q, want %q in it", test.exponent, test.low, test.high, got, test.want)
		}
	}
}
