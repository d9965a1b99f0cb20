package synthos

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"synthos/verdict"
)

// Doubt about the scales themselves, as a standard deviation of damage: resamples
// show how sure a measurement is, not how sure it is that it means harm. It is the
// most likely doubt by the right and wrong decisions on sources that the scales were
// not fitted on, which bench/calibrate prints. Without a reference much harm cannot be
// seen at all.
const (
	doubtReference = 0.70
	doubtSelf      = 2.00
)

// criterion is one condition of approval.
type criterion struct {
	what      string
	score     float64
	threshold float64
	pass      float64 // probability that it holds
}

func (c *criterion) holds() bool { return c.score >= c.threshold }

// decide fills in the decision, the confidence and the reason.
//
// APPROVED when the collapse score, the diversity score and every critical
// dimension reach their thresholds. What could not be measured cannot approve.
func decide(o *Orchestrator, r *verdict.Result) {
	var unmeasured []string
	for _, s := range r.Stages {
		if s.Status != verdict.StageDone && s.Status != verdict.StageOmitted {
			unmeasured = append(unmeasured, s.Name)
		}
	}
	if r.Partial || r.Collapse == nil || r.Diversity == nil {
		r.ApprovedForTraining = false
		r.Confidence = 0
		r.Reason = "cannot approve: stage " + strings.Join(unmeasured, ", ") + " failed or did not run; the report holds what was measured"
		if c, ok := r.CollapseScore.Value(); ok && c < o.CollapseThreshold {
			r.Confidence = 50
			r.Reason += fmt.Sprintf("; the collapse score %.1f is below %.0f in any case", c, o.CollapseThreshold)
		}
		return
	}
	list, missing := criteria(o, r)
	if len(missing) > 0 {
		r.Reason = "cannot approve: could not measure " + strings.Join(missing, ", ")
		return
	}
	r.Criteria = reported(list)
	approve, weakest := true, 1.0
	for i := range list {
		approve = approve && list[i].holds()
		weakest = min(weakest, list[i].pass) // the doubt is about the scales, so they hold or fail together
	}
	r.ApprovedForTraining = approve
	if approve {
		r.Confidence = 100 * weakest
	} else {
		r.Confidence = 100 * (1 - weakest)
	}
	r.Confidence = math.Round(10*max(50, min(99, r.Confidence))) / 10
	r.Reason = reason(r, list, approve)
}

// criteria lists the conditions of approval, and what of them has no score.
func criteria(o *Orchestrator, r *verdict.Result) (list []criterion, missing []string) {
	doubt := doubtReference
	if r.Collapse.Mode == "self" {
		doubt = doubtSelf
	}
	add := func(what string, s verdict.Score, in verdict.Interval, threshold float64) bool {
		v, ok := s.Value()
		if !ok {
			return false
		}
		sd := math.Hypot(doubt, spreadOf(in))
		list = append(list, criterion{what, v, threshold, normalCDF((damageOf(threshold) - damageOf(v)) / sd)})
		return true
	}
	if !add("collapse score", r.CollapseScore, r.Collapse.Interval, o.CollapseThreshold) {
		missing = append(missing, "the collapse score ("+r.CollapseScore.WhyNull()+")")
	}
	if !add("diversity score", r.DiversityScore, verdict.Interval{}, o.DiversityThreshold) {
		missing = append(missing, "the diversity score ("+r.DiversityScore.WhyNull()+")")
	}
	for _, d := range r.Collapse.Dimensions {
		if least, ok := o.DimensionThresholds[d.Name]; ok {
			add(d.Name, d.Score, d.Interval, least)
		} else if slices.Contains(o.CriticalDimensions, d.Name) {
			add(d.Name, d.Score, d.Interval, o.CriticalThreshold)
		}
	}
	return list, missing
}

// reason says in a sentence or two what decided, and what would flip it.
func reason(r *verdict.Result, list []criterion, approve bool) string {
	var b strings.Builder
	dims := slices.Clone(r.Collapse.Dimensions)
	slices.SortStableFunc(dims, func(x, y verdict.Dimension) int {
		return int(math.Copysign(1, x.Score.Or(101)-y.Score.Or(101)))
	})
	worst := dims[0]
	if approve {
		fmt.Fprintf(&b, "collapse score %s and diversity score %s reach their thresholds", r.CollapseScore, r.DiversityScore)
		if worst.Score.Or(100) < 90 {
			fmt.Fprintf(&b, "; weakest is %s (%s): %s", words(worst.Name), worst.Score, worst.Reason)
		}
		closest := list[0]
		for _, c := range list[1:] {
			if c.score-c.threshold < closest.score-closest.threshold {
				closest = c
			}
		}
		fmt.Fprintf(&b, ". It would be rejected if the %s fell by %.0f points", words(closest.what), closest.score-closest.threshold)
	} else {
		var failed []string
		for _, c := range list {
			if !c.holds() {
				failed = append(failed, fmt.Sprintf("%s %.1f is below %.0f", words(c.what), c.score, c.threshold))
			}
		}
		fmt.Fprintf(&b, "%s: %s", words(worst.Name), worst.Reason)
		fmt.Fprintf(&b, ". Rejected because the %s", strings.Join(failed[:min(3, len(failed))], ", the "))
		if more := len(failed) - 3; more > 0 {
			fmt.Fprintf(&b, " and %d more", more)
		}
		b.WriteString("; it would be approved if these rose to their thresholds")
	}
	if r.Collapse.Mode == "self" {
		b.WriteString(". Judged without a reference: lost modes, shifts, wrong labels and copies of the training data cannot be seen this way")
	}
	b.WriteString(".")
	return b.String()
}

func words(name string) string { return strings.ReplaceAll(name, "_", " ") }

// damageOf inverts the map from damage to score (package collapse, score.go): 0 at 100, 1 at 65.
func damageOf(score float64) float64 { return math.Log(max(1e-3, score)/100) / math.Log(0.65) }

// spreadOf returns the standard deviation of damage behind an interval that nine
// of ten resamples lie in; 0 if it is unknown.
func spreadOf(in verdict.Interval) float64 {
	low, high := float64(in.Low), float64(in.High)
	if !(low > 0) || !(high > 0) {
		return 0
	}
	return (damageOf(low) - damageOf(high)) / (2 * 1.645)
}

func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// reported returns the conditions as they stand in a report.
func reported(list []criterion) []verdict.Criterion {
	out := make([]verdict.Criterion, len(list))
	for i, c := range list {
		out[i] = verdict.Criterion{
			Name: strings.ReplaceAll(c.what, " ", "_"), Score: verdict.NewScore(c.score), Threshold: verdict.Number(c.threshold),
			Holds: c.holds(), Chance: verdict.Number(math.Round(c.pass*1e4) / 1e4),
		}
	}
	return out
}
