package recommend

import (
	"math"
	"testing"

	"synthos/verdict"
)

// scored returns scores of which each statistic is a dimension of its own.
func scored(statistics ...verdict.Statistic) *verdict.Collapse {
	c := &verdict.Collapse{}
	var damages []float64
	for _, s := range statistics {
		s.Damage = verdict.Number(yardstick.Damage(s.Name, float64(s.Value-s.Floor-s.Noise)))
		damages = append(damages, float64(s.Damage))
		c.Dimensions = append(c.Dimensions, verdict.Dimension{Name: s.Name, Score: verdict.NewScore(yardstick.Score(float64(s.Damage))), Statistics: []verdict.Statistic{s}})
	}
	c.Overall = verdict.NewScore(yardstick.Score(yardstick.Join(damages)))
	return c
}

// TestProjection checks how a sample with a plan tells the score of the data with it.
func TestProjection(t *testing.T) {
	s := func(name string, value, noise float64) verdict.Statistic {
		return verdict.Statistic{Name: name, Value: verdict.Number(value + 0.01), Floor: 0.01, Noise: verdict.Number(noise)}
	}
	for _, c := range []struct {
		name                 string
		whole, before, after []verdict.Statistic
		want                 []verdict.Statistic // what the data must score like
	}{
		{"all damage that both show is gone",
			[]verdict.Statistic{s("a", 0.5, 0.01)}, []verdict.Statistic{s("a", 0.4, 0.03)}, []verdict.Statistic{s("a", 0, 0.03)},
			[]verdict.Statistic{s("a", 0, 0.01)}},
		{"a quarter of it is left",
			[]verdict.Statistic{s("a", 0.8, 0.01)}, []verdict.Statistic{s("a", 0.4, 0.03)}, []verdict.Statistic{s("a", 0.1, 0.03)},
			[]verdict.Statistic{s("a", 0.2, 0.01)}},
		{"what is left may be chance",
			[]verdict.Statistic{s("a", 0.5, 0.01)}, []verdict.Statistic{s("a", 0.4, 0.05)}, []verdict.Statistic{s("a", 0.04, 0.05)},
			[]verdict.Statistic{s("a", 0, 0.01)}},
		{"it may be all or nothing",
			[]verdict.Statistic{s("a", 0.5, 0), s("b", 0.1, 0)}, []verdict.Statistic{s("a", 0.5, 0.01), s("b", 0.1, 0.09)}, []verdict.Statistic{s("a", 0.25, 0.01), s("b", 0.05, 0.09)},
			[]verdict.Statistic{s("a", 0.25, 0), s("b", 0.05, 0)}},
		{"the gain may be chance",
			[]verdict.Statistic{s("a", 0.5, 0.01)}, []verdict.Statistic{s("a", 0.4, 0.1)}, []verdict.Statistic{s("a", 0.35, 0.1)},
			[]verdict.Statistic{s("a", 0.5, 0.01)}},
		{"what the sample does not show heals as what it shows",
			[]verdict.Statistic{s("a", 0.5, 0), s("b", 0.2, 0)}, []verdict.Statistic{s("a", 0.5, 0.01), s("b", 0.01, 0.05)}, []verdict.Statistic{s("a", 0.25, 0.01), s("b", 0, 0.05)},
			[]verdict.Statistic{s("a", 0.25, 0), s("b", 0.1, 0)}},
		{"a sample that shows no damage promises nothing",
			[]verdict.Statistic{s("a", 0.5, 0.01)}, []verdict.Statistic{s("a", 0, 0.05)}, []verdict.Statistic{s("a", -0.01, 0.05)},
			[]verdict.Statistic{s("a", 0.5, 0.01)}},
		{"a fix that breaks something else",
			[]verdict.Statistic{s("a", 0.5, 0), s("b", 0, 0)}, []verdict.Statistic{s("a", 0.5, 0.01), s("b", 0, 0.01)}, []verdict.Statistic{s("a", 0, 0.01), s("b", 0.31, 0.01)},
			[]verdict.Statistic{s("a", 0, 0), s("b", 0.30, 0)}},
		{"what the sample does not measure stays",
			[]verdict.Statistic{s("a", 0.5, 0.01)}, nil, nil,
			[]verdict.Statistic{s("a", 0.5, 0.01)}},
	} {
		p := projection{yardstick: yardstick, whole: scored(c.whole...), before: scored(c.before...), seed: 1}
		after := scored(c.after...)
		got, want := p.score(after), scored(c.want...).Overall.Or(0)
		if math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: %.3f, want %.3f", c.name, got, want)
		}
		between := p.interval(after)
		if low, high := float64(between.Low), float64(between.High); !(0 <= low && low <= got && got <= high && high <= 100) {
			t.Errorf("%s: %.3f is outside %.3f to %.3f", c.name, got, low, high)
		}
		if p.score(p.before) != p.whole.Overall.Or(0) {
			t.Errorf("%s: without a fix it is not the score of the data", c.name)
		}
	}
}

// TestIntervalGrowsWithNoise checks that the interval is wider, the more noise there is.
func TestIntervalGrowsWithNoise(t *testing.T) {
	width := func(noise verdict.Number) float64 {
		at := func(value verdict.Number) *verdict.Collapse {
			return scored(verdict.Statistic{Name: "a", Value: value, Noise: noise})
		}
		p := projection{yardstick: yardstick, whole: at(0.9), before: at(0.9), seed: 1}
		i := p.interval(at(0.4))
		return float64(i.High - i.Low)
	}
	if none, small, large := width(0), width(0.02), width(0.08); small < none || large < none+small/2 || none < 1 {
		t.Errorf("noise 0, 0.02 and 0.08: widths %v, %v and %v", none, small, large)
	}
}

// TestHeals checks when a counterfactual alone tells that the damage is gone.
func TestHeals(t *testing.T) {
	s := func(name string, value, noise float64) verdict.Statistic {
		return verdict.Statistic{Name: name, Value: verdict.Number(value), Noise: verdict.Number(noise)}
	}
	for _, c := range []struct {
		name         string
		whole, after []verdict.Statistic
		want         bool
	}{
		{"gone, and it would have shown", []verdict.Statistic{s("a", 0.5, 0.01)}, []verdict.Statistic{s("a", 0.02, 0.03)}, true},
		{"a third of it might not have shown", []verdict.Statistic{s("a", 0.5, 0.01)}, []verdict.Statistic{s("a", 0.02, 0.2)}, false},
		{"some is left", []verdict.Statistic{s("a", 0.5, 0.01)}, []verdict.Statistic{s("a", 0.1, 0.03)}, false},
		{"something else is damaged", []verdict.Statistic{s("a", 0.5, 0.01), s("b", 0, 0)}, []verdict.Statistic{s("a", 0, 0.03), s("b", 0.2, 0.03)}, false},
		{"it was not measured", []verdict.Statistic{s("a", 0.5, 0.01)}, []verdict.Statistic{s("b", 0, 0.03)}, false},
		{"there was nothing to heal", []verdict.Statistic{s("a", 0, 0.01)}, []verdict.Statistic{s("a", 0, 0.03)}, false},
	} {
		p := projection{yardstick: yardstick, whole: scored(c.whole...)}
		if got := p.heals(scored(c.after...)); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	var n counter
	if _, err := Make(t.Context(), cases()[1].input(t, &n)); err != nil || n.calls != 1 {
		t.Errorf("%d scorings of data whose duplicates are the only damage, want one: %v", n.calls, err)
	}
}
