package headline

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"
)

// Print writes the figures as text.
func (f *Figures) Print(out io.Writer) error {
	w := bufio.NewWriter(out)
	p := func(format string, args ...any) { fmt.Fprintf(w, format, args...) }

	p("items %d   scored %d   with a decision %d\n", f.Items, f.Scored, f.Decided)
	if !math.IsNaN(f.SecondsTotal) {
		p("seconds: total %.1f   mean %.2f   median of a tabular case %s   peak memory %s MB\n",
			f.SecondsTotal, f.SecondsMean, show(f.SecondsMedianTabular, 2), show(f.PeakMB, 0))
	}

	p("\n1. healthy against harmful: area under the ROC curve of the overall score\n")
	p("   all but borderline items %s  (harmful %d, healthy %d)\n", show(f.AUC, 3), f.Harmful, f.Healthy)
	p("   against real controls    %s\n", show(f.AUCRealControls, 3))
	p("   with borderline items    %s\n", show(f.AUCWithBorderline, 3))
	if len(f.Defects) > 0 {
		p("   %-20s %7s %7s %7s   (against the real controls)\n", "planted defect", "mild", "medium", "severe")
		for _, d := range f.Defects {
			p("   %-20s %7s %7s %7s\n", d.Defect, show(d.Mild, 3), show(d.Medium, 3), show(d.Severe, 3))
		}
	}

	p("\n2. order: Spearman's correlation of 100 - score with what was measured or planted\n")
	for _, c := range f.Chains {
		p("   %-20s severity %7s   generation %7s   (%d chains)\n", c.Family, show(c.Severity, 3), show(c.Generation, 3), c.Chains)
	}
	p("   %-20s severity %7s\n", "planted doses", show(f.Doses, 3))

	if len(f.Decisions) > 0 {
		p("\n3. decisions (false rates: lower is better)\n")
		p("   %-20s %8s %8s %9s %9s %9s %9s\n", "", "reject", "approve", "false app", "false rej", "accuracy", "balanced")
		for _, d := range f.Decisions {
			p("   %-20s %8d %8d %9s %9s %9s %9s\n", d.Group, d.Reject, d.Approve,
				show(d.FalseApprove, 3), show(d.FalseReject, 3), show(d.Accuracy, 3), show(d.Balanced, 3))
		}
	}
	if len(f.Dimensions) > 0 {
		p("\n4. dimensions: the planted one among the two lowest (by chance 0.25)\n")
		p("   %-20s %7s %7s %4s\n", "", "strict", "lenient", "n")
		for _, d := range f.Dimensions {
			line := fmt.Sprintf("   %-20s %7s %7s %4d   %s", d.Group, show(d.Strict, 3), show(d.Lenient, 3), d.N, d.Dimension)
			p("%s\n", strings.TrimRight(line, " "))
		}
	}
	p("\n5. diversity score: area under the ROC curve, damage to diversity against healthy %s\n", show(f.Diversity, 3))
	if len(f.Rows) > 0 {
		p("\n6. rows: how well the bad ones are found\n")
		p("   %-20s %7s %7s %7s %7s %4s\n", "", "AP", "P@|bad|", "ROC AUC", "base", "n")
		for _, r := range f.Rows {
			p("   %-20s %7s %7s %7s %7s %4d\n", r.Group, show(r.AveragePrecision, 3), show(r.PrecisionAtBad, 3), show(r.AUC, 3), show(r.BaseRate, 3), r.N)
		}
	}
	return w.Flush()
}

// show writes a figure with so many decimals, "-" if it is NaN.
func show(x float64, decimals int) string {
	if math.IsNaN(x) {
		return "-"
	}
	return fmt.Sprintf("%.*f", decimals, x)
}
