package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"synthos/verdict"
)

// bar is a score drawn on a scale of 0-100.
type bar struct {
	Known     bool
	Value     float64
	Between   bool // there is an interval
	Low, High float64
	Threshold float64
	Label     string // for those who do not see it
}

// Span returns the width of the interval, wide enough to be seen.
func (b bar) Span() float64 { return max(0.4, b.High-b.Low) }

func newBar(s verdict.Score, i verdict.Interval, threshold float64) bar {
	v, ok := s.Value()
	b := bar{Known: ok, Value: v, Threshold: threshold, Label: "score " + s.String() + " of 100"}
	if text := interval(i); ok && text != "" {
		b.Between = true
		b.Low, b.High = min(100, max(0, float64(i.Low))), min(100, max(0, float64(i.High)))
		b.Label += ", interval " + text
	}
	return b
}

// The drawing area of a loss chart, in its own units.
const (
	chartLeft, chartRight = 38.0, 312.0
	chartTop, chartBottom = 10.0, 150.0
	chartPoints           = 120 // of a curve at most
	chartNetworks         = 18  // of a tier at most
	chartTiers            = 4   // at most
)

// chart shows how the losses of the networks of one tier fell.
type chart struct {
	Tier       string
	Networks   int
	Parameters string
	Epochs     int
	Curves     []curve
}

// curve is one network's losses as SVG path data, and as dots if it is too
// short for a line.
type curve struct {
	HeldOut bool
	Path    string
	Dots    []dot
}

type dot struct{ X, Y float64 }

// lossCharts returns one chart a tier, in order of appearance, all on the same
// vertical axis, and the three labels of that axis from top to bottom.
func lossCharts(trainings []verdict.Training) ([]chart, []string) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, t := range trainings {
		for _, x := range slices.Concat(t.TrainLoss, t.HeldOutLoss) {
			if v := float64(x); !math.IsNaN(v) && !math.IsInf(v, 0) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if low > high {
		return nil, nil
	}
	if high-low < 1e-9 {
		high = low + 1e-9
	}
	var charts []chart
	for _, t := range trainings {
		i := slices.IndexFunc(charts, func(c chart) bool { return c.Tier == t.Tier })
		if i < 0 {
			if len(charts) == chartTiers {
				continue
			}
			i = len(charts)
			charts = append(charts, chart{Tier: t.Tier, Parameters: count(int64(t.Parameters))})
		}
		c := &charts[i]
		c.Networks++
		c.Epochs = max(c.Epochs, len(t.TrainLoss), len(t.HeldOutLoss))
	}
	for i := range charts {
		c := &charts[i]
		for _, t := range trainings {
			if t.Tier == c.Tier && len(c.Curves) < 2*chartNetworks {
				c.Curves = append(c.Curves, newCurve(t.TrainLoss, c.Epochs, low, high, false), newCurve(t.HeldOutLoss, c.Epochs, low, high, true))
			}
		}
	}
	return charts, []string{fmt.Sprintf("%.3g", high), fmt.Sprintf("%.3g", (low+high)/2), fmt.Sprintf("%.3g", low)}
}

// newCurve draws losses, one an epoch, with a gap where one is not finite. Of a
// long curve it draws every so many epochs, and the last.
func newCurve(losses []verdict.Number, epochs int, low, high float64, heldOut bool) curve {
	c := curve{HeldOut: heldOut}
	var path strings.Builder
	step := (len(losses) + chartPoints - 1) / chartPoints
	pen := "M"
	for e := 0; e < len(losses); e++ {
		if e%max(1, step) != 0 && e != len(losses)-1 {
			continue
		}
		v := float64(losses[e])
		if math.IsNaN(v) || math.IsInf(v, 0) {
			pen = "M"
			continue
		}
		x := chartLeft
		if epochs > 1 {
			x += (chartRight - chartLeft) * float64(e) / float64(epochs-1)
		}
		y := chartBottom - (chartBottom-chartTop)*(v-low)/(high-low)
		fmt.Fprintf(&path, "%s%.1f %.1f", pen, x, y)
		pen = "L"
		if len(losses) < 3 {
			c.Dots = append(c.Dots, dot{x, y})
		}
	}
	c.Path = path.String()
	return c
}
