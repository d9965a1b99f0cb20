package report

import (
	"fmt"
	"math"

	"synthos/verdict"
)

// heatmap shows the joint distribution of two columns on both sides.
type heatmap struct {
	X, Y          string
	Badge         string
	Label         string
	Width, Height float64
	Most          float64 // pixels wide, so that all pairs have one scale
	Texts         []heatText
	Cells         []heatCell
}

type heatText struct {
	X, Y   float64
	Text   string
	Anchor string
	Turn   bool
	Head   bool
}

type heatCell struct {
	X, Y    float64
	Opacity float64
	Title   string
	Hot     bool
}

const (
	heatLeft     = 92.0 // room for the groups of y
	heatHead     = 22.0 // room for the headings
	heatStepX    = 23.0
	heatStepY    = 19.0
	heatGap      = 24.0 // between the two sides
	heatGroups   = 8    // of a column at most
	heatLabel    = 16   // characters of a group beside the rows
	heatOver     = 13   // of one above the columns
	heatHotCells = 4    // outlined
)

// newHeatmap draws x across and y down, the reference left and the data right.
func newHeatmap(p *verdict.PairComparison) heatmap {
	xs, ys := head(p.XGroups, heatGroups), head(p.YGroups, heatGroups)
	h := heatmap{
		X: p.X, Y: p.Y, Badge: fmt.Sprintf("change %s, floor %s", portion(p.Change), portion(p.Floor)),
		Label: fmt.Sprintf("shares of rows by %s and %s, in the reference and in the data", clip(p.X, htmlLevel), clip(p.Y, htmlLevel)),
	}
	longest := 0
	for _, x := range xs {
		longest = max(longest, cells(clip(x, heatOver)))
	}
	top := heatHead + 8 + 4*float64(longest) // labels are turned by 40 degrees
	side := heatStepX * float64(len(xs))
	h.Width, h.Height = heatLeft+2*side+heatGap+20+4*float64(longest)/2, top+heatStepY*float64(len(ys))+4
	h.Most = 1.3 * h.Width
	at := func(grid [][]verdict.Number, i, j int) float64 {
		if i < len(grid) && j < len(grid[i]) {
			return finite(grid[i][j])
		}
		return 0
	}
	most := 1e-9
	var differences []float64
	for i := range xs {
		for j := range ys {
			most = max(most, at(p.Data, i, j), at(p.Reference, i, j))
			differences = append(differences, math.Abs(at(p.Data, i, j)-at(p.Reference, i, j)))
		}
	}
	hot := nthLargest(differences, heatHotCells)
	for j, label := range ys {
		h.Texts = append(h.Texts, heatText{X: heatLeft - 6, Y: top + heatStepY*float64(j) + 12, Text: clip(label, heatLabel), Anchor: "end"})
	}
	for s, grid := range [][][]verdict.Number{p.Reference, p.Data} {
		left := heatLeft + float64(s)*(side+heatGap)
		h.Texts = append(h.Texts, heatText{X: left, Y: 12, Text: []string{"reference", "data"}[s], Head: true})
		for i, label := range xs {
			h.Texts = append(h.Texts, heatText{X: left + heatStepX*float64(i) + 10, Y: top - 5, Text: clip(label, heatOver), Turn: true})
			for j := range ys {
				difference := math.Abs(at(p.Data, i, j) - at(p.Reference, i, j))
				h.Cells = append(h.Cells, heatCell{
					X: left + heatStepX*float64(i), Y: top + heatStepY*float64(j), Opacity: math.Sqrt(at(grid, i, j) / most), Hot: difference >= hot && difference > 0.005,
					Title: fmt.Sprintf("%s, %s: data %s, reference %s", clip(label, 30), clip(ys[j], 30), portion(verdict.Number(at(p.Data, i, j))), portion(verdict.Number(at(p.Reference, i, j)))),
				})
			}
		}
	}
	return h
}

// nthLargest returns the nth largest of x, counted from 1; 0 if there are fewer.
func nthLargest(x []float64, n int) float64 {
	best := make([]float64, n)
	for _, v := range x {
		for k := range best {
			if v > best[k] {
				v, best[k] = best[k], v
			}
		}
	}
	return best[n-1]
}
