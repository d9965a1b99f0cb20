package report

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"synthos/verdict"
)

// columnCard is the picture of one column.
type columnCard struct {
	Name      string
	Kind      string
	What      string // what the bins count, if not values
	Badge     string
	Hot       bool
	Rank      int // 0 is the most changed
	File      int // position among the columns of the file
	Both      bool
	Histogram *histogramView
	Levels    *levelsView
	Notes     []string
}

// histogramView is a distribution over bins, as SVG paths.
type histogramView struct {
	Width             int
	Data, Reference   string
	Bins              string // JSON: shares of the data, of the reference, labels of the edges
	Low, Middle, High string
	Label             string
}

// levelsView is a distribution over levels, as horizontal bars.
type levelsView struct {
	Height int
	Label  string
	Rows   []levelRow
}

type levelRow struct {
	Name, Title     string
	Top, Base       int
	Data, Reference float64 // widths
	Gone            bool
}

const (
	hotChange   = 2    // times its floor from which a change is marked
	hotLeast    = 0.02 // and at least so much
	levelsWidth = 165.0
	levelLabel  = 18 // characters
)

// compare fills in the pictures of both sides.
func (p *page) compare(c *verdict.Comparison) {
	if c == nil {
		return
	}
	p.Both = c.ReferenceRows > 0
	place := map[string]int{}
	if p.Load != nil {
		for i := range p.Load.Columns {
			place[p.Load.Columns[i].Name] = i
		}
	}
	for i := range head(c.Columns, htmlComparisons>>p.shrink) {
		card := newColumnCard(&c.Columns[i], p.Both)
		card.Rank, card.File = i, place[c.Columns[i].Name]
		if i < htmlFirst {
			p.Comparisons = append(p.Comparisons, card)
		} else {
			p.MoreComparisons = append(p.MoreComparisons, card)
		}
	}
	if left := max(c.ColumnsTotal, len(c.Columns)) - len(p.Comparisons) - len(p.MoreComparisons); left > 0 {
		p.ComparisonsLeft = fmt.Sprintf("%s more columns are not drawn", count(int64(left)))
	}
	p.ComparisonText = fmt.Sprintf("Distributions of %s sampled rows.", count(int64(c.Rows)))
	if p.Both {
		p.ComparisonText = fmt.Sprintf("Distributions of %s sampled rows of the data and %s of the reference, in bins of the reference; the outer bins are open. "+
			"The change is the total variation distance, the floor what two samples of the reference show. Most changed first.", count(int64(c.Rows)), count(int64(c.ReferenceRows)))
	}
	for i := range head(c.Pairs, htmlPairs) {
		p.Pairs = append(p.Pairs, newHeatmap(&c.Pairs[i]))
	}
	p.Map = newScatter(c.Map)
}

func newColumnCard(c *verdict.ColumnComparison, both bool) columnCard {
	card := columnCard{Name: c.Name, Kind: c.Kind.String(), Both: both, Badge: fmt.Sprintf("null %s", portion(c.DataNull))}
	if both {
		card.Badge = fmt.Sprintf("change %s, floor %s", portion(c.Change), portion(c.Floor))
		card.Hot = c.Change > hotChange*c.Floor && c.Change > hotLeast
		if c.DataNull > 0 || c.ReferenceNull > 0 {
			card.Notes = append(card.Notes, fmt.Sprintf("null: %s, in the reference %s", portion(c.DataNull), portion(c.ReferenceNull)))
		}
	}
	if c.Unit == "words" {
		card.What = "length in words"
	}
	var lost []string
	for _, l := range head(c.Lost, 6) {
		lost = append(lost, fmt.Sprintf("%s (%s → %s)", clip(l.Level, htmlLevel), portion(l.Reference), portion(l.Data)))
	}
	if len(lost) > 0 {
		card.Notes = append(card.Notes, "lost: "+strings.Join(lost, ", ")+andMore(len(c.Lost)-len(lost)))
	}
	if c.New > 0 {
		card.Notes = append(card.Notes, "not in the reference: "+portion(c.New))
	}
	switch {
	case len(c.Levels) > 0 && len(c.Levels) == len(c.Data):
		card.Levels = newLevels(c, both)
	case len(c.Edges) == len(c.Data)+1:
		card.Histogram = newHistogram(c, both)
	}
	return card
}

func andMore(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

// portion returns a share of 0-1 with one decimal, two if it is small.
func portion(x verdict.Number) string {
	v := 100 * float64(x)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "-"
	case v != 0 && math.Abs(v) < 0.1:
		return fmt.Sprintf("%.2f %%", v)
	}
	return fmt.Sprintf("%.1f %%", v)
}

// finite returns x, 0 if it is not finite.
func finite(x verdict.Number) float64 {
	if v := float64(x); !math.IsNaN(v) && !math.IsInf(v, 0) {
		return v
	}
	return 0
}

func largest(lists ...[]verdict.Number) float64 {
	most := 1e-9
	for _, list := range lists {
		for _, x := range list {
			most = max(most, finite(x))
		}
	}
	return most
}

func newHistogram(c *verdict.ColumnComparison, both bool) *histogramView {
	reference := c.Reference
	if !both || len(reference) != len(c.Data) {
		reference = []verdict.Number{}
	}
	most := largest(c.Data, reference)
	h := &histogramView{Width: 10 * len(c.Data), Label: "distribution of " + clip(c.Name, htmlLevel)}
	if both {
		h.Label += ", change " + portion(c.Change) + ", floor " + portion(c.Floor)
	}
	steps := func(list []verdict.Number) string {
		var b strings.Builder
		b.WriteString("M0 100")
		for i, x := range list {
			fmt.Fprintf(&b, "V%sH%d", fixed(99-97*finite(x)/most), 10*(i+1))
		}
		b.WriteString("V100")
		return b.String()
	}
	h.Data = steps(c.Data) + "Z"
	if len(reference) > 0 {
		h.Reference = steps(reference)
	}
	labels := make([]string, len(c.Edges))
	for i, e := range c.Edges {
		labels[i] = edge(c.Unit, e)
	}
	if b, err := json.Marshal([]any{c.Data, reference, labels}); err == nil {
		h.Bins = string(b)
	}
	last := len(labels) - 1
	h.Low, h.High = labels[0], labels[last]
	if last > 1 {
		h.Middle = edge(c.Unit, (c.Edges[0]+c.Edges[last])/2)
	}
	return h
}

// edge returns the label of an edge; edges that are withheld have none.
func edge(unit string, x verdict.Number) string {
	switch {
	case math.IsNaN(float64(x)):
		return ""
	case unit == "time":
		return date(x)
	}
	return number(x)
}

func newLevels(c *verdict.ColumnComparison, both bool) *levelsView {
	const line = 17
	most := largest(c.Data, c.Reference)
	v := &levelsView{Height: line*len(c.Data) + 2, Label: "shares of the levels of " + clip(c.Name, htmlLevel)}
	for i, level := range c.Levels {
		row := levelRow{Name: clip(level, levelLabel), Top: line*i + 2, Base: line*i + 12, Data: levelsWidth * finite(c.Data[i]) / most}
		row.Title = fmt.Sprintf("%s: data %s", clip(level, htmlLevel), portion(c.Data[i]))
		if both && i < len(c.Reference) {
			row.Reference = levelsWidth * finite(c.Reference[i]) / most
			row.Gone = c.Reference[i] > 0 && c.Data[i] < c.Reference[i]/4
			row.Title += ", reference " + portion(c.Reference[i])
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}
