package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"synthos"
	"synthos/baseline"
	"synthos/recommend"
	"synthos/report"
	"synthos/verdict"
)

// What --fail-on takes: outcomes that end with another exit code than 0.
const (
	failRejected   = "rejected"
	failPartial    = "partial"
	failRegression = "regression"
)

var failures = []string{failRejected, failPartial, failRegression}

// thresholdsFlag sets least scores of single dimensions: NAME=SCORE, repeated.
type thresholdsFlag struct{ of *map[string]float64 }

// String and Set implement flag.Value.
func (t thresholdsFlag) String() string {
	if t.of == nil {
		return ""
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(*t.of)) {
		out = append(out, fmt.Sprintf("%s=%g", name, (*t.of)[name]))
	}
	return strings.Join(out, ",")
}

func (t thresholdsFlag) Set(value string) error {
	name, score, ok := strings.Cut(value, "=")
	if !ok {
		return fmt.Errorf("write DIMENSION=SCORE")
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(score), 64)
	if err != nil || !(x >= 0 && x <= 100) {
		return fmt.Errorf("scores go from 0 to 100")
	}
	name = strings.TrimSpace(name)
	if known := synthos.New().CriticalDimensions; !slices.Contains(known, name) {
		return fmt.Errorf("there is no dimension %q%s", name, didYouMean(name, known))
	}
	if *t.of == nil {
		*t.of = map[string]float64{}
	}
	(*t.of)[name] = x
	return nil
}

// pricesFlag sets prices of fixing: NAME=DOLLARS, repeated.
type pricesFlag struct{ of *map[string]float64 }

// String and Set implement flag.Value.
func (p pricesFlag) String() string { return thresholdsFlag(p).String() }

func (p pricesFlag) Set(value string) error {
	name, dollars, ok := strings.Cut(value, "=")
	if !ok {
		return fmt.Errorf("write NAME=DOLLARS")
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(dollars), 64)
	if err != nil || !(x >= 0) || math.IsInf(x, 0) {
		return fmt.Errorf("a price is 0 or more dollars")
	}
	name = strings.TrimSpace(name)
	if known := recommend.PriceNames(); !slices.Contains(known, name) {
		return fmt.Errorf("there is no price %q%s", name, didYouMean(name, known))
	}
	if *p.of == nil {
		*p.of = map[string]float64{}
	}
	(*p.of)[name] = x
	return nil
}

// checkGate checks the flags that say when to fail, and reads the baseline, so
// that a wrong one is known before the work.
func (r *request) checkGate() error {
	for _, f := range r.failOn {
		if !slices.Contains(failures, f) {
			return &usageError{"validate", fmt.Sprintf("--fail-on does not know %q%s: use %s, or none", f, didYouMean(f, failures), strings.Join(failures, ", "))}
		}
	}
	if !(r.drop >= 0 && r.drop <= 100) {
		return &usageError{"validate", fmt.Sprintf("--baseline-drop is %v, but scores go from 0 to 100", r.drop)}
	}
	if r.baseline == "" {
		return nil
	}
	var err error
	r.before, err = report.Read(r.baseline)
	return err
}

// gate compares result with the baseline and returns the exit code that the flags
// ask for.
func (r *request) gate(result *verdict.Result, code int) int {
	regressed := false
	if r.before != nil {
		result.Baseline = baseline.Compare(r.baseline, r.before, result, r.drop)
		regressed = result.Baseline.Regressed
	}
	switch {
	case code == exitPartial && !slices.Contains(r.failOn, failPartial):
		code = exitApproved
	case code == exitRejected && !slices.Contains(r.failOn, failRejected):
		code = exitApproved
	}
	if code == exitApproved && regressed && slices.Contains(r.failOn, failRegression) {
		code = exitRejected
	}
	return code
}
