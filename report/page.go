package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"synthos/dataset"
	"synthos/verdict"
)

// page is what the template draws.
type page struct {
	*verdict.Result
	shrink     int // lists are cut to a 2^shrink-th of their length
	Decision   string
	Subject    string
	Collapse   bar // of the overall score
	Diversity  []diversityView
	Dimensions []dimensionView
	Title      string
	Sections   []section
	Flips      []flip
	FlipText   string
	Ticks      []tick // of the scale that the dimensions share

	MeaningNote, EmbeddingsNote string

	Both            bool // there is a reference to compare with
	Comparisons     []columnCard
	MoreComparisons []columnCard // folded
	ComparisonsLeft string
	ComparisonText  string
	Pairs           []heatmap
	Map             *scatter

	Forecast      *forecast
	Tiers         []tierView
	Scaling       *scalingView
	Charts        []chart
	AxisLevels    []string // of the vertical axis that the charts share
	Columns       []columnView
	Findings      []dataset.Finding
	Rows          []verdict.Row
	RowDimensions []string // that the rows hurt
	Groups        []groupView
	Fixes         []fixView
	Numbers       []int64 // the first problematic rows
	LeftOut       []verdict.LeftOut
	Stages        []stageView
	Settings      []setting
}

// dimensionView is one dimension.
type dimensionView struct {
	*verdict.Dimension
	Bar          scaleBar
	Grade        string
	Critical     bool
	Why          string // the reason, or why there is no score
	Statistics   []statisticView
	Contributors []verdict.Contributor
	Warnings     []string
}

// diversityView is one of the four diversities.
type diversityView struct {
	Name string
	verdict.DiversityScore
	Bar        bar
	Statistics []statisticView
}

// columnView is the profile of one column.
type columnView struct {
	verdict.Column
	Rows int64 // of the file
}

// NullShare returns the share of null cells, "-" without rows.
func (c columnView) NullShare() string {
	if c.Rows == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(c.Nulls)/float64(c.Rows))
}

// Number returns a statistic of the column: a day if the column holds times.
func (c columnView) Number(x verdict.Number) string {
	if c.Type == dataset.Time {
		return date(x)
	}
	return number(x)
}

// Spread returns the standard deviation, in days if the column holds times.
func (c columnView) Spread() string {
	if c.Type == dataset.Time && !math.IsNaN(float64(c.SD)) {
		return number(c.SD/86400) + " d"
	}
	return number(c.SD)
}

// stageView is one stage with its share of the time as the width of a bar.
type stageView struct {
	verdict.Stage
	Width float64 // 0-100
}

func newPage(r *verdict.Result, shrink int) *page {
	p := &page{Result: r, shrink: shrink, Decision: decision(r), Subject: subject(r)}
	p.Numbers = head(r.ProblematicRows, htmlProblematic>>shrink)
	p.Title = p.Decision + ": " + r.Config.Data
	p.Fixes = newFixes(r.Recommendations)
	p.Flips, p.FlipText = newFlips(r)
	p.Ticks = newTicks(r)
	p.compare(r.Comparison)
	overall := verdict.Interval{Low: verdict.Number(math.NaN()), High: verdict.Number(math.NaN())}
	if c := r.Collapse; c != nil {
		overall = c.Interval
		for i := range c.Dimensions {
			p.Dimensions = append(p.Dimensions, newDimensionView(r, &c.Dimensions[i]))
		}
	}
	p.Collapse = newBar(r.CollapseScore, overall, r.Config.CollapseThreshold)
	p.MeaningNote, p.EmbeddingsNote = meaningNote(r), embeddingsNote(r)
	if d := r.Diversity; d != nil {
		unknown := verdict.Interval{Low: verdict.Number(math.NaN()), High: verdict.Number(math.NaN())}
		for _, x := range []struct {
			name  string
			score verdict.DiversityScore
		}{{"overall", d.Overall}, {"semantic", d.Semantic}, {"statistical", d.Statistical}, {"structural", d.Structural}} {
			p.Diversity = append(p.Diversity, diversityView{x.name, x.score, newBar(x.score.Score, unknown, r.Config.DiversityThreshold), newStatistics(x.score.Statistics)})
		}
	}
	if r.Load != nil {
		p.Findings = head(r.Load.Findings, htmlFindings>>shrink)
		for _, c := range head(r.Load.Columns, htmlColumns>>shrink) {
			c.Top = head(c.Top, htmlLevels)
			p.Columns = append(p.Columns, columnView{c, r.Load.Rows})
		}
	}
	if r.Cascade != nil {
		p.Charts, p.AxisLevels = lossCharts(r.Cascade.Trainings)
		p.Forecast, p.Tiers, p.Scaling = newForecast(r.Cascade.Recursion), newTiers(r.Cascade), newScaling(r.Cascade)
		p.LeftOut = head(r.Cascade.LeftOut, htmlLeftOut>>shrink)
	}
	if r.Localization != nil {
		p.Groups = newGroups(r.Localization)
		for _, row := range head(r.Localization.Rows, htmlRows>>shrink) {
			row.Cells = head(row.Cells, htmlCells)
			p.Rows = append(p.Rows, row)
			for _, d := range head(row.Dimensions, 8) {
				if !slices.Contains(p.RowDimensions, d) {
					p.RowDimensions = append(p.RowDimensions, d)
				}
			}
		}
		slices.Sort(p.RowDimensions)
	}
	for _, s := range r.Stages {
		p.Stages = append(p.Stages, stageView{s, min(100, max(0, 100*s.Share))})
	}
	p.Settings = settings(r)
	p.Sections = p.sections()
	return p
}

func newDimensionView(r *verdict.Result, d *verdict.Dimension) dimensionView {
	v := dimensionView{
		Dimension: d, Grade: grade(r, d), Critical: critical(r, d), Why: d.Reason,
		Bar:          newScaleBar(d.Score, d.Interval, threshold(r, d.Name), r.Config.CollapseThreshold),
		Statistics:   newStatistics(d.Statistics),
		Contributors: head(d.Contributors, htmlContributors),
		Warnings:     head(d.Warnings, htmlWarnings),
	}
	if d.Score.WhyNull() != "" {
		v.Why = "Not measured: " + whyNull(d)
	}
	return v
}

// section is an entry of the navigation.
type section struct{ ID, Name string }

// sections lists what the page shows, in order.
func (p *page) sections() []section {
	var out []section
	for _, s := range []struct {
		shown    bool
		id, name string
	}{
		{len(p.Flips) > 0, "flips", "What would flip it"}, {p.Baseline != nil, "baseline", "Baseline"}, {len(p.Dimensions) > 0, "dimensions", "Dimensions"}, {len(p.Comparisons) > 0, "columns", "Columns"},
		{len(p.Pairs) > 0, "pairs", "Pairs"}, {p.Map != nil, "map", "Map"}, {len(p.Fixes) > 0, "fixes", "Fixes"}, {len(p.Rows)+len(p.Groups) > 0, "rows", "Rows"},
		{len(p.Diversity) > 0, "diversity", "Diversity"}, {p.Forecast != nil, "forecast", "Forecast"}, {len(p.Charts) > 0, "training", "Training"}, {len(p.Columns) > 0, "file", "File"},
		{true, "time", "Time"}, {true, "config", "Configuration"},
	} {
		if s.shown {
			out = append(out, section{s.id, s.name})
		}
	}
	return out
}

// flip is one condition of approval.
type flip struct {
	verdict.Criterion
	Margin string // score less threshold
	Odds   string
}

// newFlips returns the conditions of approval, the one that is nearest to its
// threshold first, and a sentence about them.
func newFlips(r *verdict.Result) ([]flip, string) {
	list := slices.Clone(r.Criteria)
	margin := func(c *verdict.Criterion) float64 { return c.Score.Or(0) - float64(c.Threshold) }
	slices.SortStableFunc(list, func(a, b verdict.Criterion) int { return cmp.Compare(margin(&a), margin(&b)) })
	var out []flip
	fail := 0
	for i := range head(list, 40) {
		c := list[i]
		if !c.Holds {
			fail++
		}
		out = append(out, flip{c, fmt.Sprintf("%+.1f", margin(&c)), percent(float64(c.Chance))})
	}
	switch {
	case len(out) == 0:
		return nil, ""
	case fail == 0:
		return out, fmt.Sprintf("All %d conditions hold. The first to fail would be %s, if it fell by %.1f points.", len(out), out[0].Name, margin(&list[0]))
	case fail == 1:
		return out, fmt.Sprintf("One of %d conditions does not hold: it would be approved if %s rose by %.1f points.", len(out), out[0].Name, -margin(&list[0]))
	}
	return out, fmt.Sprintf("%d of %d conditions do not hold; all of them must, for an approval.", fail, len(out))
}

// tick is a label of the scale from 0 to 100.
type tick struct {
	At    float64
	Label string
}

func newTicks(r *verdict.Result) []tick {
	return []tick{{0, ""}, {r.Config.CriticalThreshold, "critical"}, {r.Config.CollapseThreshold, "good"}, {100, "noise floor"}}
}

// fixView is one fix with its gain as a bar.
type fixView struct {
	verdict.Recommendation
	Known     bool
	Width     float64 // of the bar, 0-100: the largest gain fills it
	Rate      string  // points a dollar
	RateValue string  // to sort by
	Gain      string
	Range     string // where nine of ten measurements of the gain would lie
	Cost      string
}

func newFixes(list []verdict.Recommendation) []fixView {
	most := 1e-9
	for _, f := range head(list, htmlFixes) {
		if g := float64(f.EstimatedImpact); g > most {
			most = g
		}
	}
	sortable := func(x float64) string {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return "-1e99"
		}
		return fmt.Sprintf("%g", x)
	}
	var out []fixView
	for _, f := range head(list, htmlFixes) {
		gain, cost := float64(f.EstimatedImpact), float64(f.CostUSD)
		v := fixView{Recommendation: f, Known: !math.IsNaN(gain), Width: max(0, 100*gain/most), Range: gainRange(&f), Gain: sortable(gain), Cost: sortable(cost), Rate: "-", RateValue: "-1e99"}
		switch {
		case gain > 0 && cost == 0:
			v.Rate, v.RateValue = "free", "1e99"
		case gain > 0 && cost > 0:
			v.Rate, v.RateValue = number(verdict.Number(gain/cost)), sortable(gain/cost)
		}
		out = append(out, v)
	}
	return out
}
