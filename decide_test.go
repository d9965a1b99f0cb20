package synthos

import (
	"math"
	"strings"
	"testing"

	"synthos/verdict"
)

// judged returns a finished result with the given scores; every dimension but
// memorization is at 95.
func judged(collapse, diversity, memorization float64, mode string) *verdict.Result {
	r := &verdict.Result{
		CollapseScore:  verdict.NewScore(collapse),
		DiversityScore: verdict.NewScore(diversity),
		Diversity:      &verdict.Diversity{},
		Collapse:       &verdict.Collapse{Mode: mode},
	}
	for _, name := range New().CriticalDimensions {
		s := 95.0
		if name == "memorization" {
			s = memorization
		}
		r.Collapse.Dimensions = append(r.Collapse.Dimensions, verdict.Dimension{Name: name, Score: verdict.NewScore(s), Reason: "the reason of " + name})
	}
	for _, name := range Stages {
		r.Stages = append(r.Stages, verdict.Stage{Name: name, Status: verdict.StageDone})
	}
	return r
}

func TestDecide(t *testing.T) {
	tests := []struct {
		name, reason                      string
		collapse, diversity, memorization float64
		approved                          bool
		says                              string
	}{
		{"healthy", "all reach their thresholds", 92, 88, 90, true, "reach their thresholds"},
		{"at the thresholds", "at least is enough", 65, 50, 40, true, "reach"},
		{"collapsed", "the collapse score is too low", 64.9, 90, 70, false, "collapse score 64.9 is below 65"},
		{"poor", "the diversity score is too low", 90, 49, 90, false, "diversity score 49.0 is below 50"},
		{"one critical dimension", "no average hides it", 70, 90, 39, false, "memorization 39.0 is below 40"},
	}
	for _, test := range tests {
		r := judged(test.collapse, test.diversity, test.memorization, "reference")
		decide(New(), r)
		if r.ApprovedForTraining != test.approved {
			t.Errorf("%s: approved %v, want %v (%s)", test.name, r.ApprovedForTraining, test.approved, test.reason)
		}
		if !strings.Contains(r.Reason, test.says) {
			t.Errorf("%s: reason %q does not say %q", test.name, r.Reason, test.says)
		}
		if r.Confidence < 50 || r.Confidence > 99 {
			t.Errorf("%s: confidence %v, want 50 to 99", test.name, r.Confidence)
		}
	}
}

func TestConfidenceFallsTowardsTheThreshold(t *testing.T) {
	last := 100.0
	for _, collapse := range []float64{99, 85, 75, 68} {
		r := judged(collapse, 95, 95, "reference")
		decide(New(), r)
		if r.Confidence > last {
			t.Errorf("confidence rises to %v as the score falls to %v", r.Confidence, collapse)
		}
		last = r.Confidence
	}
	sure, unsure := judged(85, 95, 95, "reference"), judged(85, 95, 95, "self")
	decide(New(), sure)
	decide(New(), unsure)
	if unsure.Confidence >= sure.Confidence {
		t.Errorf("self mode is as sure (%v) as reference mode (%v)", unsure.Confidence, sure.Confidence)
	}
}

func TestUnmeasuredCannotApprove(t *testing.T) {
	r := judged(90, 90, 90, "reference")
	r.DiversityScore = verdict.Unmeasured("three rows")
	decide(New(), r)
	if r.ApprovedForTraining || !strings.Contains(r.Reason, "three rows") {
		t.Errorf("approved %v: %s", r.ApprovedForTraining, r.Reason)
	}
}

func TestDamageOfInvertsTheScale(t *testing.T) {
	for score, want := range map[float64]float64{100: 0, 65: 1, 42.25: 2} {
		if got := damageOf(score); math.Abs(got-want) > 1e-9 {
			t.Errorf("damageOf(%v) = %v, want %v", score, got, want)
		}
	}
}
