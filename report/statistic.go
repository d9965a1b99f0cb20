package report

import (
	"fmt"
	"math"

	"synthos/verdict"
)

// statisticView is a statistic with a picture of it beside its noise floor.
type statisticView struct {
	verdict.Statistic
	Spark spark
}

func newStatistics(list []verdict.Statistic) []statisticView {
	var out []statisticView
	for _, s := range head(list, htmlStatistics) {
		out = append(out, statisticView{s, newSpark(&s)})
	}
	return out
}

// spark is a value on a line of its own scale, with the range of its noise floor.
type spark struct {
	Shown       bool
	At          float64 // 0-100
	Floored     bool
	From, Width float64
	Hurts       bool
	Label       string
}

func newSpark(s *verdict.Statistic) spark {
	value, floor, noise := float64(s.Value), float64(s.Floor), float64(s.Noise)
	if math.IsNaN(value) || math.IsInf(value, 0) || math.IsInf(floor, 0) {
		return spark{}
	}
	if math.IsNaN(noise) || math.IsInf(noise, 0) || noise < 0 {
		noise = 0
	}
	out := spark{Shown: true, Hurts: s.Damage > 0, Floored: !math.IsNaN(floor), Label: "value " + number(s.Value)}
	low, high := min(0, value), max(0, value)
	if out.Floored {
		low, high = min(low, floor-noise), max(high, floor+noise)
		out.Label += fmt.Sprintf(", noise floor %s", number(s.Floor))
	}
	span := high - low
	if span == 0 {
		span = 1
	}
	place := func(x float64) float64 { return 97 * (x - low) / span }
	out.At = place(value)
	if out.Floored {
		out.From = place(floor - noise)
		out.Width = max(1.2, place(floor+noise)-out.From)
	}
	return out
}

// scaleBar is a score of a dimension on the common scale, with its zones.
type scaleBar struct {
	bar
	Needed float64 // from here it is good
}

// Middle and Rest are the widths of the zones above the threshold.
func (b scaleBar) Middle() float64 { return max(0, b.Needed-b.Threshold) }
func (b scaleBar) Rest() float64   { return 100 - b.Needed }

func newScaleBar(s verdict.Score, i verdict.Interval, threshold, needed float64) scaleBar {
	return scaleBar{newBar(s, i, threshold), max(needed, threshold)}
}
