package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"

	"synthos/dataset"
	"synthos/verdict"
)

// What the HTML report shows at most of each list, so that its size does not
// depend on the size of the data. The JSON report holds everything.
const (
	htmlStatistics   = 30 // of a score
	htmlContributors = 10
	htmlWarnings     = 10
	htmlColumns      = 200
	htmlLevels       = 4 // most frequent values of a column
	htmlRows         = 100
	htmlFixes        = 20
	htmlFindings     = 50
	htmlLeftOut      = 50
	htmlProblematic  = 200
	htmlName         = 80 // characters of a column name
	htmlLevel        = 40 // characters of a value
)

//go:embed report.html.tmpl
var htmlSource string

var htmlTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"count":    count,
	"plural":   plural,
	"num":      number,
	"points":   points,
	"dollars":  dollars,
	"seconds":  seconds,
	"size":     size,
	"percent":  percent,
	"interval": interval,
	"name":     func(s string) string { return clip(s, htmlName) },
	"level":    func(s string) string { return clip(s, htmlLevel) },
	"more":     moreThan,
	"int64":    func(n int) int64 { return int64(n) },
	"whole":    func(x float64) string { return fmt.Sprintf("%.0f", x) },
	"rate":     func(x float64) string { return number(verdict.Number(x)) },

	"confidence": confidence,
}).Parse(htmlSource))

// HTML writes r as one HTML page that needs nothing else: no script, no font, no
// network. It follows the light or dark preference of the reader, fits a phone
// and is at most 2 MB however large the Result is.
func HTML(w io.Writer, r *verdict.Result) error {
	var b bytes.Buffer
	if err := htmlTemplate.Execute(&b, newPage(printable(r))); err != nil {
		return fmt.Errorf("cannot write the result as HTML: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// page is what the template draws.
type page struct {
	*verdict.Result
	Decision   string
	Subject    string
	Collapse   bar // of the overall score
	Diversity  []diversityView
	Dimensions []dimensionView
	Charts     []chart
	Levels     []string // of the vertical axis that the charts share
	Columns    []columnView
	Findings   []dataset.Finding
	Rows       []verdict.Row
	Fixes      []verdict.Recommendation
	Numbers    []int64 // the first problematic rows
	LeftOut    []verdict.LeftOut
	Stages     []stageView
	Settings   []setting
}

// dimensionView is one dimension.
type dimensionView struct {
	*verdict.Dimension
	Bar          bar
	Grade        string
	Critical     bool
	Why          string // the reason, or why there is no score
	Statistics   []verdict.Statistic
	Contributors []verdict.Contributor
	Warnings     []string
}

// diversityView is one of the four diversities.
type diversityView struct {
	Name string
	verdict.DiversityScore
	Bar        bar
	Statistics []verdict.Statistic
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

// setting is one line of the configuration.
type setting struct{ Name, Value string }

func newPage(r *verdict.Result) *page {
	p := &page{Result: r, Decision: decision(r), Subject: subject(r)}
	p.Numbers = head(r.ProblematicRows, htmlProblematic)
	p.Fixes = head(r.Recommendations, htmlFixes)
	overall := verdict.Interval{Low: verdict.Number(math.NaN()), High: verdict.Number(math.NaN())}
	if c := r.Collapse; c != nil {
		overall = c.Interval
		for i := range c.Dimensions {
			p.Dimensions = append(p.Dimensions, newDimensionView(r, &c.Dimensions[i]))
		}
	}
	p.Collapse = newBar(r.CollapseScore, overall, r.Config.CollapseThreshold)
	if d := r.Diversity; d != nil {
		unknown := verdict.Interval{Low: verdict.Number(math.NaN()), High: verdict.Number(math.NaN())}
		for _, x := range []struct {
			name  string
			score verdict.DiversityScore
		}{{"overall", d.Overall}, {"semantic", d.Semantic}, {"statistical", d.Statistical}, {"structural", d.Structural}} {
			p.Diversity = append(p.Diversity, diversityView{x.name, x.score, newBar(x.score.Score, unknown, r.Config.DiversityThreshold), head(x.score.Statistics, htmlStatistics)})
		}
	}
	if r.Load != nil {
		p.Findings = head(r.Load.Findings, htmlFindings)
		for _, c := range head(r.Load.Columns, htmlColumns) {
			c.Top = head(c.Top, htmlLevels)
			p.Columns = append(p.Columns, columnView{c, r.Load.Rows})
		}
	}
	if r.Cascade != nil {
		p.Charts, p.Levels = lossCharts(r.Cascade.Trainings)
		p.LeftOut = head(r.Cascade.LeftOut, htmlLeftOut)
	}
	if r.Localization != nil {
		p.Rows = head(r.Localization.Rows, htmlRows)
	}
	for _, s := range r.Stages {
		p.Stages = append(p.Stages, stageView{s, min(100, max(0, 100*s.Share))})
	}
	p.Settings = settings(r)
	return p
}

func newDimensionView(r *verdict.Result, d *verdict.Dimension) dimensionView {
	v := dimensionView{
		Dimension: d, Grade: grade(r, d), Critical: critical(r, d), Why: d.Reason,
		Bar:          newBar(d.Score, d.Interval, r.Config.CriticalThreshold),
		Statistics:   head(d.Statistics, htmlStatistics),
		Contributors: head(d.Contributors, htmlContributors),
		Warnings:     head(d.Warnings, htmlWarnings),
	}
	if d.Score.WhyNull() != "" {
		v.Why = "Not measured: " + whyNull(d)
	}
	return v
}

// settings lists the options that the result was made with.
func settings(r *verdict.Result) []setting {
	c := &r.Config
	orNone := func(s string) string {
		if s == "" {
			return "none"
		}
		return s
	}
	format := c.Format
	if format == "" && r.Load != nil {
		format = r.Load.Format // found out
	}
	timeout := "none"
	if c.TimeoutSeconds > 0 {
		timeout = seconds(c.TimeoutSeconds)
	}
	return []setting{
		{"data", c.Data}, {"format", orNone(format)}, {"reference", orNone(c.Reference)}, {"holdout", orNone(c.Holdout)}, {"target", orNone(c.Target)},
		{"mode", c.Mode}, {"preset", c.Preset}, {"seed", fmt.Sprint(r.Seed)}, {"sample", count(int64(c.Sample)) + " rows"}, {"jobs", fmt.Sprint(c.Jobs)}, {"timeout", timeout},
		{"collapse threshold", fmt.Sprintf("%.0f", c.CollapseThreshold)}, {"diversity threshold", fmt.Sprintf("%.0f", c.DiversityThreshold)},
		{"critical threshold", fmt.Sprintf("%.0f", c.CriticalThreshold)}, {"critical dimensions", joinNames(head(c.CriticalDimensions, 20))},
		{"cache", fmt.Sprint(c.UseCache)}, {"GPU memory", percent(c.GPUMemoryFraction)}, {"mixed precision", fmt.Sprint(c.MixedPrecision)},
		{"version", r.Version}, {"schema", r.SchemaVersion}, {"started", r.StartedAt},
	}
}

// head returns the first n of list.
func head[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// moreThan says how many of a list are not shown, "" if all are.
func moreThan(all, shown int) string {
	if all <= shown {
		return ""
	}
	return fmt.Sprintf("%s more in the JSON report", count(int64(all-shown)))
}
