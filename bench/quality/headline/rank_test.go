package headline

import (
	"math"
	"testing"
)

func TestAUC(t *testing.T) {
	for _, c := range []struct {
		name      string
		high, low []float64
		want      float64
		reason    string
	}{
		{"separated", []float64{3, 4}, []float64{1, 2}, 1, "every pair is in order"},
		{"reversed", []float64{1, 2}, []float64{3, 4}, 0, "no pair is in order"},
		{"tied", []float64{5, 5}, []float64{5}, 0.5, "ties count half"},
		{"mixed", []float64{1, 3}, []float64{2}, 0.5, "one pair of two is in order"},
		{"half tied", []float64{2, 3}, []float64{2, 1}, 0.875, "3.5 pairs of 4"},
		{"nothing to compare", []float64{1}, nil, math.NaN(), "an empty side has no probability"},
	} {
		if got := AUC(c.high, c.low); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: AUC is %v, want %v: %s", c.name, got, c.want, c.reason)
		}
	}
}

func TestSpearman(t *testing.T) {
	for _, c := range []struct {
		name         string
		score, truth []float64
		want         float64
		reason       string
	}{
		{"same order", []float64{1, 5, 9}, []float64{0, 0.1, 7}, 1, "ranks agree"},
		{"two swapped", []float64{1, 3, 2, 4}, []float64{1, 2, 3, 4}, 0.8, "1 - 6*2/(4*15)"},
		{"tool does not react", []float64{2, 2, 2}, []float64{1, 2, 3}, 0, "a constant score orders nothing"},
		{"truth does not vary", []float64{1, 2, 3}, []float64{4, 4, 4}, math.NaN(), "there is no order to find"},
		{"two points", []float64{1, 2}, []float64{1, 2}, math.NaN(), "two points always agree or disagree"},
	} {
		if got := Spearman(c.score, c.truth); !(math.Abs(got-c.want) < 1e-12) && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: Spearman is %v, want %v: %s", c.name, got, c.want, c.reason)
		}
	}
}

func TestAmongTwoLowest(t *testing.T) {
	none := math.NaN()
	for _, c := range []struct {
		name   string
		scores [8]float64
		wanted []string
		want   float64
		reason string
	}{
		{"lowest", [8]float64{10, 20, 30, 40, 50, 60, 70, 80}, []string{"mode_collapse"}, 1, "it is the lowest"},
		{"second", [8]float64{10, 20, 30, 40, 50, 60, 70, 80}, []string{"spectral_degradation"}, 1, "it is the second lowest"},
		{"third", [8]float64{10, 20, 30, 40, 50, 60, 70, 80}, []string{"gradient_pathology"}, 0, "two are lower"},
		{"alternative", [8]float64{10, 20, 30, 40, 50, 60, 70, 80}, []string{"memorization", "mode_collapse"}, 1, "one of them is enough"},
		{"all tie", [8]float64{9, 9, 9, 9, 9, 9, 9, 9}, []string{"memorization"}, 0.25, "two of eight places"},
		{"all tie, two wanted", [8]float64{9, 9, 9, 9, 9, 9, 9, 9}, []string{"memorization", "mode_collapse"}, 1 - 6./8*5/7, "neither of two draws of eight misses both"},
		{"three tie for the second place", [8]float64{1, 5, 5, 5, 9, 9, 9, 9}, []string{"gradient_pathology"}, 1. / 3, "one place for three"},
		{"wanted one is not measured", [8]float64{none, 1, 2, 3, 4, 5, 6, 7}, []string{"mode_collapse"}, none, "unknown is not a miss"},
		{"too few are measured", [8]float64{1, 2, none, none, none, none, none, none}, []string{"mode_collapse"}, none, "of two, all are among the two lowest"},
	} {
		if got := AmongTwoLowest(c.scores, c.wanted); !(math.Abs(got-c.want) < 1e-12) && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: chance is %v, want %v: %s", c.name, got, c.want, c.reason)
		}
	}
}

func TestLocalize(t *testing.T) {
	set := func(rows ...int) map[int]bool {
		s := map[int]bool{}
		for _, r := range rows {
			s[r] = true
		}
		return s
	}
	for _, c := range []struct {
		name        string
		suspicion   []float64
		bad, ignore map[int]bool
		want        Localization
		reason      string
	}{
		{"perfect", []float64{9, 8, 1, 0}, set(0, 1), nil, Localization{1, 1, 1, 0.5}, "both bad rows come first"},
		{"last", []float64{0, 1, 2, 3}, set(0), nil, Localization{0.25, 0, 0, 0.25}, "the bad row is the fourth of four"},
		{"between", []float64{4, 3, 2, 1}, set(0, 2), nil, Localization{(1 + 2./3) / 2, 0.5, 0.75, 0.5}, "first and third of four"},
		{"all tie", []float64{0, 0, 0, 0}, set(1), nil, Localization{0.25, 0.25, 0.5, 0.25}, "a tool that says nothing guesses"},
		{"ignored", []float64{9, 8, 1}, set(1), set(0), Localization{1, 1, 1, 0.5}, "without row 0 the bad one is first of two"},
	} {
		got, ok := Localize(c.suspicion, c.bad, c.ignore)
		if !ok {
			t.Errorf("%s: no figures: %s", c.name, c.reason)
			continue
		}
		for i, pair := range [][2]float64{{got.AveragePrecision, c.want.AveragePrecision}, {got.PrecisionAtBad, c.want.PrecisionAtBad}, {got.AUC, c.want.AUC}, {got.BaseRate, c.want.BaseRate}} {
			if math.Abs(pair[0]-pair[1]) > 1e-12 {
				t.Errorf("%s: figure %d is %v, want %v: %s", c.name, i, pair[0], pair[1], c.reason)
			}
		}
	}
	if _, ok := Localize([]float64{1, 2}, set(0, 1), nil); ok {
		t.Error("figures although every row is bad: there is nothing to tell apart")
	}
}
