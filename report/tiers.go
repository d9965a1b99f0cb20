package report

import (
	"fmt"
	"math"

	"synthos/verdict"
)

// tierView is what the networks of one tier have shown.
type tierView struct {
	verdict.TierTraining
	Rank string // of the hidden states, with their width
}

func newTiers(c *verdict.Cascade) []tierView {
	var out []tierView
	for _, t := range head(c.Tiers, chartTiers) {
		v := tierView{TierTraining: t, Rank: spread(t.HiddenRank)}
		for _, n := range c.Trainings {
			if n.Tier == t.Tier && n.HiddenWidth > 0 {
				v.Rank += fmt.Sprintf(" of %d", n.HiddenWidth)
				break
			}
		}
		out = append(out, v)
	}
	return out
}

// spread returns "1.21 ± 0.016".
func spread(s verdict.Spread) string {
	mean, sd := float64(s.Mean), float64(s.SD)
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return "-"
	}
	text := number3(mean)
	if math.IsNaN(sd) || math.IsInf(sd, 0) {
		return text
	}
	if sd >= 100 {
		return text + " ± " + number3(sd)
	}
	return text + " ± " + fmt.Sprintf("%.2g", sd)
}

// number3 returns x with three significant digits, whole numbers with commas.
func number3(x float64) string {
	if math.Abs(x) >= 100 {
		return count(int64(math.Round(x)))
	}
	return fmt.Sprintf("%.3g", x)
}

// scalingView is the held-out loss by the size of the network, on logarithmic
// axes, with what larger networks would reach.
type scalingView struct {
	Text, Label string
	XLabels     []axisLabel
	YLabels     []axisLabel
	Networks    []dot
	Fit         string // SVG path
	Predicted   []predictedView
}

type axisLabel struct {
	At   float64
	Text string
}

type predictedView struct {
	X, Y, Low, High float64
	Title           string
}

const scalingPredicted = 4 // larger networks drawn

// newScaling draws s, nil if there is nothing to draw.
func newScaling(c *verdict.Cascade) *scalingView {
	s := c.Scaling
	if s == nil || s.NullReason != "" || math.IsNaN(float64(s.Exponent)) || len(s.Predicted) == 0 {
		return nil
	}
	type point struct{ parameters, loss float64 }
	var networks []point
	lowX, highX, lowY, highY := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	seen := func(parameters, loss float64) bool {
		if !(parameters > 0 && loss > 0) || math.IsInf(loss, 0) { // NaN too
			return false
		}
		lowX, highX, lowY, highY = min(lowX, parameters), max(highX, parameters), min(lowY, loss), max(highY, loss)
		return true
	}
	for _, t := range head(c.Trainings, chartTiers*chartNetworks) {
		if p := (point{float64(t.Parameters), float64(t.FinalHeldOutLoss)}); !t.Diverged && seen(p.parameters, p.loss) {
			networks = append(networks, p)
		}
	}
	if len(networks) == 0 {
		return nil
	}
	for _, p := range head(s.Predicted, scalingPredicted) {
		seen(float64(p.Parameters), float64(p.Loss))
		seen(float64(p.Parameters), float64(p.Interval.Low))
		seen(float64(p.Parameters), float64(p.Interval.High))
	}
	lowY, highY = 0.98*lowY, 1.02*highY
	x := func(v float64) float64 {
		return chartLeft + (chartRight-chartLeft)*math.Log(v/lowX)/math.Log(max(1.01, highX/lowX))
	}
	y := func(v float64) float64 {
		return chartBottom - (chartBottom-chartTop)*math.Log(v/lowY)/math.Log(highY/lowY)
	}
	v := &scalingView{Label: "held-out loss by the number of parameters", Text: scalingText(s)}
	for _, p := range networks {
		v.Networks = append(v.Networks, dot{x(p.parameters), y(p.loss)})
	}
	v.XLabels = []axisLabel{{chartLeft, large(lowX)}, {chartRight, large(highX)}}
	v.YLabels = []axisLabel{{chartTop, fmt.Sprintf("%.3g", highY)}, {chartBottom, fmt.Sprintf("%.3g", lowY)}}
	// The fit goes through its own predictions.
	first := s.Predicted[0]
	at := func(parameters float64) float64 {
		return float64(first.Loss) * math.Pow(parameters/float64(first.Parameters), -float64(s.Exponent))
	}
	if loss := float64(first.Loss); loss > 0 && first.Parameters > 0 {
		v.Fit = fmt.Sprintf("M%.1f %.1fL%.1f %.1f", x(lowX), y(at(lowX)), x(highX), y(at(highX)))
	}
	for _, p := range head(s.Predicted, scalingPredicted) {
		loss, low, high := float64(p.Loss), float64(p.Interval.Low), float64(p.Interval.High)
		if !(loss > 0) || math.IsInf(loss, 0) || p.Parameters <= 0 {
			continue
		}
		view := predictedView{X: x(float64(p.Parameters)), Y: y(loss), Low: y(loss), High: y(loss), Title: fmt.Sprintf("%s parameters: %.3g nats a cell", large(float64(p.Parameters)), loss)}
		if low > 0 && high >= low && !math.IsInf(high, 0) {
			view.Low, view.High = y(low), y(high)
			view.Title += fmt.Sprintf(", nine of ten resamples %.3g-%.3g", low, high)
		}
		v.Predicted = append(v.Predicted, view)
	}
	return v
}

// scalingText says what the fit means.
func scalingText(s *verdict.Scaling) string {
	text := fmt.Sprintf("The loss falls as the number of parameters to the power of -%.3g", float64(s.Exponent))
	if s.Exponent < 0 {
		text = fmt.Sprintf("The loss rises as the number of parameters to the power of %.3g", -float64(s.Exponent))
	}
	low, high := float64(s.Interval.Low), float64(s.Interval.High)
	if !math.IsNaN(low) && !math.IsNaN(high) {
		text += fmt.Sprintf(" (exponent %.3g to %.3g)", low, high)
	}
	switch {
	case low > 0:
		text += ": larger networks, shown more of these rows, learn more from them."
	case high < 0:
		text += ": larger networks only learn these rows by heart."
	default:
		text += ": what larger networks gain on these rows cannot be told from chance."
	}
	return text
}

// large returns a number of parameters: 22.8 k, 1.9 M.
func large(x float64) string {
	switch {
	case x >= 1e9:
		return fmt.Sprintf("%.3g G", x/1e9)
	case x >= 1e6:
		return fmt.Sprintf("%.3g M", x/1e6)
	case x >= 1e3:
		return fmt.Sprintf("%.3g k", x/1e3)
	}
	return fmt.Sprintf("%.0f", x)
}
