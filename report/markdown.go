package report

import (
	"fmt"
	"io"
	"strings"

	"synthos/verdict"
)

const (
	markdownRows   = 20 // worst rows
	markdownGroups = 8  // of rows
	markdownFixes  = 10
)

// Markdown writes r as GitHub-flavoured Markdown, short enough for a pull
// request comment or a job summary: the verdict, the two scores, the dimensions,
// the worst rows, the fixes and the times.
func Markdown(w io.Writer, r *verdict.Result) error {
	r = printable(r)
	var b strings.Builder
	fmt.Fprintf(&b, "# %s for training (confidence %s)\n\n%s\n\n", decision(r), confidence(r.Confidence), escapeMarkdown(subject(r)))
	fmt.Fprintf(&b, "> %s\n\n", escapeMarkdown(r.Reason))

	markdownTable(&b, []string{"score", ":value", ":needs", "note"}, [][]string{
		{"collapse", r.CollapseScore.String(), fmt.Sprintf("%.0f", r.Config.CollapseThreshold), r.CollapseScore.WhyNull()},
		{"diversity", r.DiversityScore.String(), fmt.Sprintf("%.0f", r.Config.DiversityThreshold), r.DiversityScore.WhyNull()},
	})
	if note := embeddingsNote(r); note != "" {
		fmt.Fprintf(&b, "%s\n\n", escapeMarkdown(note))
	}
	markdownBaseline(&b, r)
	markdownDimensions(&b, r)
	if r.Cascade != nil {
		if text := forecastText(r.Cascade.Recursion); text != "" {
			fmt.Fprintf(&b, "## Forecast\n\n%s\n\n", escapeMarkdown(text))
		}
	}
	markdownWorst(&b, r)
	markdownRecommendations(&b, r)
	markdownStages(&b, r)
	fmt.Fprintf(&b, "synthos %s, seed %d, %s preset, %s\n", escapeMarkdown(r.Version), r.Seed, escapeMarkdown(r.Config.Preset), escapeMarkdown(r.StartedAt))
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownDimensions(b *strings.Builder, r *verdict.Result) {
	if r.Collapse == nil || len(r.Collapse.Dimensions) == 0 {
		return
	}
	b.WriteString("## Dimensions\n\n")
	var rows [][]string
	for i := range r.Collapse.Dimensions {
		d := &r.Collapse.Dimensions[i]
		between, reason := interval(d.Interval), d.Reason
		if d.Score.WhyNull() != "" {
			between, reason = "", "not measured: "+whyNull(d)
		}
		rows = append(rows, []string{d.Name, d.Score.String(), between, grade(r, d), reason})
	}
	markdownTable(b, []string{"dimension", ":score", "interval", "grade", "reason"}, rows)
}

func markdownWorst(b *strings.Builder, r *verdict.Result) {
	l := r.Localization
	if l == nil || len(l.Rows) == 0 && len(l.Groups) == 0 {
		return
	}
	fmt.Fprintf(b, "## Worst rows\n\n%s of %s flagged, severity %s. Rows count from 0.\n\n", count(l.RowsFlagged), count(l.RowsScored), escapeMarkdown(l.Severity))
	if len(l.Groups) > 0 {
		var groups [][]string
		for _, g := range newGroups(l)[:min(markdownGroups, len(l.Groups))] {
			groups = append(groups, []string{g.Cause, joinColumns(g.Columns), count(g.RowsTotal), g.Where()})
		}
		markdownTable(b, []string{"cause", "columns", ":rows", ":from row to row"}, groups)
	}
	var rows [][]string
	for _, row := range l.Rows[:min(markdownRows, len(l.Rows))] {
		rows = append(rows, []string{count(row.Row), fmt.Sprintf("%.2f", row.Score), strings.Join(row.Dimensions, ", "), row.Reason})
	}
	if len(rows) > 0 {
		markdownTable(b, []string{":row", ":suspicion", "hurts", "why"}, rows)
	}
}

// joinColumns names the first columns of a list.
func joinColumns(names []string) string {
	return strings.Join(head(names, 4), ", ") + andMore(len(names)-4)
}

func markdownRecommendations(b *strings.Builder, r *verdict.Result) {
	if len(r.Recommendations) == 0 {
		return
	}
	b.WriteString("## Fixes\n\n")
	if r.ProjectedScore.WhyNull() == "" {
		fmt.Fprintf(b, "With all of them the collapse score is %s.\n\n", r.ProjectedScore)
	}
	var rows [][]string
	for _, f := range r.Recommendations[:min(markdownFixes, len(r.Recommendations))] {
		rows = append(rows, []string{f.Title, strings.TrimSpace(points(f.EstimatedImpact) + " " + bracketed(gainRange(&f))), dollars(f.CostUSD), f.Detail})
	}
	markdownTable(b, []string{"fix", ":gain", ":cost", "how"}, rows)
}

func markdownStages(b *strings.Builder, r *verdict.Result) {
	if len(r.Stages) == 0 {
		return
	}
	fmt.Fprintf(b, "## Time\n\n%s in all, %s rows per second, peak memory %s.\n\n", seconds(r.TotalTimeSeconds), number(verdict.Number(r.ThroughputRowsPerSecond)), size(r.PeakMemoryBytes))
	var rows [][]string
	for _, s := range r.Stages {
		rows = append(rows, []string{s.Name, s.Status, seconds(s.Seconds), percent(s.Share), s.Error})
	}
	markdownTable(b, []string{"stage", "status", ":time", ":share", "error"}, rows)
}

// markdownTable writes a table. A heading that starts with a colon makes its
// column flush right. Cells are escaped here.
func markdownTable(b *strings.Builder, headings []string, rows [][]string) {
	rule := "|"
	b.WriteString("|")
	for _, h := range headings {
		right := strings.HasPrefix(h, ":")
		b.WriteString(" " + strings.TrimPrefix(h, ":") + " |")
		if right {
			rule += "---:|"
		} else {
			rule += "---|"
		}
	}
	b.WriteString("\n" + rule + "\n")
	for _, row := range rows {
		b.WriteString("|")
		for _, cell := range row {
			b.WriteString(" " + escapeMarkdown(cell) + " |")
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
}

// markdownEscaper makes text stand for itself in Markdown: no markup, no HTML,
// no links and no mentions of people.
var markdownEscaper = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "://", "&#58;//",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "#", `\#`, "~", `\~`, "$", `\$`,
)

// escapeMarkdown escapes s, which must be clean already.
func escapeMarkdown(s string) string { return markdownEscaper.Replace(s) }
