package report

import (
	"fmt"
	"slices"
	"strings"

	"synthos/verdict"
)

// decision returns APPROVED or REJECTED.
func decision(r *verdict.Result) string {
	if r.ApprovedForTraining {
		return "APPROVED"
	}
	return "REJECTED"
}

// subject says in a line what was judged, and against what.
func subject(r *verdict.Result) string {
	s := fmt.Sprintf("%s: %s, %s", r.Config.Data, plural(r.Rows, "row"), plural(int64(r.Columns), "column"))
	if r.Config.Reference != "" {
		return s + ", judged against " + r.Config.Reference
	}
	return s + ", judged by itself (no reference)"
}

// grades of a dimension.
const (
	gradeUnknown = "unknown" // not measured
	gradeFatal   = "fatal"   // critical, and below the critical threshold
	gradePoor    = "poor"    // below the threshold of the collapse score
	gradeGood    = "good"
)

// grade says on which side of the thresholds of r a dimension is.
func grade(r *verdict.Result, d *verdict.Dimension) string {
	v, ok := d.Score.Value()
	switch {
	case !ok:
		return gradeUnknown
	case critical(r, d) && v < threshold(r, d.Name):
		return gradeFatal
	case v < r.Config.CollapseThreshold:
		return gradePoor
	}
	return gradeGood
}

// critical says whether a dimension can reject by itself.
func critical(r *verdict.Result, d *verdict.Dimension) bool {
	_, own := r.Config.DimensionThresholds[d.Name]
	return own || slices.Contains(r.Config.CriticalDimensions, d.Name)
}

// whyNull returns why a dimension has no score.
func whyNull(d *verdict.Dimension) string {
	if d.NullReason != "" {
		return d.NullReason
	}
	return d.Score.WhyNull()
}

// joinNames returns "a, b, c", or "none".
func joinNames(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// threshold returns the least score that a dimension needs, if it is critical.
func threshold(r *verdict.Result, name string) float64 {
	if least, ok := r.Config.DimensionThresholds[name]; ok {
		return least
	}
	return r.Config.CriticalThreshold
}
