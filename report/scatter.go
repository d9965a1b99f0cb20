package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"synthos/verdict"
)

// scatter is the map of the rows.
type scatter struct {
	Text, Label     string
	Data, Reference string // SVG paths of dots
	Flags           []flagged
	Regions         []regionView
}

type flagged struct {
	X, Y float64
	Row  string
}

type regionView struct {
	X, Y, R float64
	Title   string
	Text    string  // beside the circle
	TextY   float64 // its base line
}

const (
	mapWidth, mapHeight = 720.0, 420.0
	mapMargin           = 22.0
	mapTrim             = 0.01 // of the points on each side may lie on the border
	mapLabelled         = 5    // regions with a number beside them
	mapLine, mapText    = 14.0, 90.0
)

// newScatter draws m, nil if there is nothing to draw.
func newScatter(m *verdict.Map) *scatter {
	if m == nil || len(m.Data.X) == 0 || len(m.Data.X) != len(m.Data.Y) || len(m.Reference.X) != len(m.Reference.Y) {
		return nil
	}
	x := axisOf(mapWidth, false, m.Data.X, m.Reference.X)
	y := axisOf(mapHeight, true, m.Data.Y, m.Reference.Y)
	s := &scatter{Label: "map of the rows"}
	var data, reference strings.Builder
	for i := range m.Data.X[:min(htmlPoints, len(m.Data.X))] {
		px, py := x(m.Data.X[i]), y(m.Data.Y[i])
		if i < len(m.Data.Flagged) && m.Data.Flagged[i] {
			f := flagged{X: px, Y: py}
			if i < len(m.Data.Rows) {
				f.Row = count(m.Data.Rows[i])
			}
			s.Flags = append(s.Flags, f)
			continue
		}
		fmt.Fprintf(&data, "M%.0f %.0fh0", px, py)
	}
	for i := range m.Reference.X[:min(htmlPoints, len(m.Reference.X))] {
		fmt.Fprintf(&reference, "M%.0f %.0fh0", x(m.Reference.X[i]), y(m.Reference.Y[i]))
	}
	s.Data, s.Reference = data.String(), reference.String()
	for i, r := range head(m.Regions, htmlRegions) {
		v := regionView{X: x(r.X), Y: y(r.Y), R: 12 + 110*math.Sqrt(finite(r.Reference)/math.Pi),
			Title: fmt.Sprintf("lost region: %s of the reference, %s of the data", portion(r.Reference), portion(r.Data))}
		if i < mapLabelled {
			v.Text, v.TextY = portion(r.Reference)+" → "+portion(r.Data), v.label(s.Regions)
		}
		s.Regions = append(s.Regions, v)
	}
	s.Text = fmt.Sprintf("Rows that are alike lie near each other: the plane shows %s of the variance", percent(float64(m.Explained)))
	if s.Reference != "" {
		s.Text += " of the reference. Regions that it has and the data (nearly) lost are circled, with their share of the reference and of the data."
	} else {
		s.Text += " of the data."
	}
	return s
}

// label returns where the text of v stands: above its circle, or below, where the
// texts of others do not.
func (v *regionView) label(others []regionView) float64 {
	above, below := v.Y-v.R-4, v.Y+v.R+13
	for _, y := range []float64{above, below, v.Y + 4, above - mapLine, below + mapLine} {
		free := y > mapLine && y < mapHeight-4
		for _, o := range others {
			if o.Text != "" && math.Abs(o.X-v.X) < mapText && math.Abs(o.TextY-y) < mapLine {
				free = false
			}
		}
		if free {
			return y
		}
	}
	return v.Y + 4
}

// axisOf returns the map from a coordinate to the drawing. Outliers lie on its border.
func axisOf(length float64, down bool, lists ...[]verdict.Number) func(verdict.Number) float64 {
	var all []float64
	for _, list := range lists {
		for _, x := range list {
			all = append(all, finite(x))
		}
	}
	slices.Sort(all)
	n := float64(len(all) - 1)
	low, high := all[int(mapTrim*n)], all[int(math.Ceil((1-mapTrim)*n))]
	if high <= low {
		high = low + 1
	}
	return func(x verdict.Number) float64 {
		share := min(1.02, max(-0.02, (finite(x)-low)/(high-low)))
		if down {
			share = 1 - share
		}
		return mapMargin + share*(length-2*mapMargin)
	}
}
