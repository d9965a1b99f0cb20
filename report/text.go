package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"synthos/verdict"
)

const (
	textWidth  = 100 // columns of the summary
	textHeight = 38  // lines of it: a terminal of 40 also shows the call and the prompt
	textBar    = 12  // columns of a bar
	textList   = 5   // worst rows with their groups, and fixes
	textGroups = 3   // groups of rows with one cause
)

// Text writes a summary of r for a terminal of 40 lines and 100 columns,
// the verdict first. color adds ANSI colours; without it the text is plain.
func Text(w io.Writer, r *verdict.Result, color bool) error {
	t := text{Result: printable(r), color: color}
	t.head()
	t.scores()
	above := t.take()
	t.rows()
	t.fixes()
	t.times()
	below := t.take()
	t.dimensions(textHeight - strings.Count(above+below, "\n"))
	_, err := io.WriteString(w, above+t.take()+below)
	return err
}

type text struct {
	*verdict.Result
	color bool
	b     strings.Builder
}

// take returns what has been written since it was last called.
func (t *text) take() string {
	s := t.b.String()
	t.b.Reset()
	return s
}

// line writes a line, cut to the width of the summary. It must not hold colours.
func (t *text) line(format string, args ...any) {
	t.b.WriteString(strings.TrimRight(fit(fmt.Sprintf(format, args...), textWidth), " "))
	t.b.WriteByte('\n')
}

// ANSI styles.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint returns s in a style, if colours are asked for.
func (t *text) paint(style, s string) string {
	if !t.color || s == "" {
		return s
	}
	return "\x1b[" + style + "m" + s + "\x1b[0m"
}

// title writes a heading with what stands beside it.
func (t *text) title(heading, beside string) {
	t.b.WriteByte('\n')
	t.b.WriteString(t.paint(bold, heading))
	if beside != "" {
		t.b.WriteString("  " + t.paint(dim, fit(beside, textWidth-2-cells(heading))))
	}
	t.b.WriteByte('\n')
}

func (t *text) head() {
	word, style := decision(t.Result), red
	if t.ApprovedForTraining {
		style = green
	}
	line := t.paint(bold+";"+style, word) + "  confidence " + confidence(t.Confidence)
	if t.Partial {
		line += "  " + t.paint(yellow, "partial")
	}
	t.b.WriteString(line + "\n")
	t.line("%s", subject(t.Result))
	t.b.WriteByte('\n')
	for _, line := range Wrap(t.Reason, textWidth-2, 4) {
		t.line("  %s", line)
	}
}

// embeddings returns the lines that say where embeddings came from.
func (t *text) embeddings() []string {
	if note := embeddingsNote(t.Result); note != "" {
		return Wrap(note, textWidth-2, 2)
	}
	return nil
}

// room returns how many rows are left out so that these lines still fit a terminal.
func (t *text) room() int { return len(t.embeddings()) }

func (t *text) scores() {
	t.b.WriteByte('\n')
	beside := fmt.Sprintf("needs %.0f", t.Config.CollapseThreshold)
	if t.Collapse != nil {
		if i := interval(t.Collapse.Interval); i != "" && t.CollapseScore.WhyNull() == "" {
			beside += ", nine of ten resamples in " + i
		}
	}
	t.score("collapse", t.CollapseScore, t.Config.CollapseThreshold, beside)
	beside = fmt.Sprintf("needs %.0f", t.Config.DiversityThreshold)
	if d := t.Diversity; d != nil {
		beside += fmt.Sprintf("; semantic %s, statistical %s, structural %s", d.Semantic.Score, d.Statistical.Score, d.Structural.Score)
	}
	t.score("diversity", t.DiversityScore, t.Config.DiversityThreshold, beside)
	for _, line := range t.embeddings() {
		t.line("  %s", line)
	}
	if t.Cascade == nil || t.Cascade.Recursion == nil {
		return
	}
	if name, half := dying(t.Cascade.Recursion); name != "" && half != "" {
		t.line("  %s half of the %s is gone after %s of self-training", pad("forecast", 9), name, half)
	}
}

// score writes the line of one of the two scores that decide.
func (t *text) score(name string, s verdict.Score, threshold float64, beside string) {
	if why := s.WhyNull(); why != "" {
		beside = why
	}
	style := green
	if s.Or(0) < threshold {
		style = red
	}
	const used = 12 + textBar + 6 + 2
	t.b.WriteString("  " + pad(name, 10) + t.bar(s, style) + " " + t.paint(bold, padLeft(s.String(), 5)) + "  " + t.paint(dim, fit(beside, textWidth-used)) + "\n")
}

// dimensions writes a line for each dimension within the given height, and the
// rest of long reasons as far as there is room, for the lowest scores first.
func (t *text) dimensions(height int) {
	if t.Collapse == nil || len(t.Collapse.Dimensions) == 0 {
		return
	}
	list := t.Collapse.Dimensions
	t.title("dimensions", "score, interval and reason; ! is critical and too low")
	names := 0
	for i := range list {
		names = max(names, min(24, cells(list[i].Name)))
	}
	indent := 2 + names + 1 + textBar + 1 + 5 + 1 + 7 + 1
	reasons := make([][]string, len(list))
	worst := make([]int, len(list))
	for i := range list {
		reasons[i] = []string{fit(dimensionReason(&list[i]), textWidth-indent)}
		worst[i] = i
	}
	slices.SortStableFunc(worst, func(a, b int) int { return cmp.Compare(list[a].Score.Or(-1), list[b].Score.Or(-1)) })
	room := height - 2 - len(list)
	for _, i := range worst {
		if lines := Wrap(dimensionReason(&list[i]), textWidth-indent, 2); len(lines) > 1 && room > 0 {
			reasons[i] = lines
			room--
		}
	}
	for i := range list {
		d := &list[i]
		mark, style := " ", green
		switch grade(t.Result, d) {
		case gradeFatal:
			mark, style = "!", red
		case gradePoor:
			style = yellow
		case gradeUnknown:
			style = dim
		}
		between := ""
		if d.Score.WhyNull() == "" {
			between = interval(d.Interval)
		}
		t.b.WriteString(t.paint(style, mark) + " " + pad(fit(d.Name, names), names) + " " + t.bar(d.Score, style) + " " +
			t.paint(style, padLeft(d.Score.String(), 5)) + " " + t.paint(dim, pad(between, 7)) + " " + strings.Join(reasons[i], "\n"+strings.Repeat(" ", indent)) + "\n")
	}
}

// dimensionReason returns why a dimension has its score, or why it has none.
func dimensionReason(d *verdict.Dimension) string {
	if d.Score.WhyNull() != "" {
		return "not measured: " + whyNull(d)
	}
	return d.Reason
}

func (t *text) rows() {
	l := t.Localization
	if l == nil || len(l.Rows) == 0 && len(l.Groups) == 0 {
		return
	}
	t.title("worst rows", fmt.Sprintf("%s of %s flagged, severity %s", count(l.RowsFlagged), count(l.RowsScored), l.Severity))
	groups := 0
	for _, g := range l.Groups {
		if g.RowsTotal > 1 && groups < textGroups { // a group of one is a row
			t.line("  %s", strings.Replace(g.Detail, fmt.Sprintf(": %d row", g.RowsTotal), ": "+count(g.RowsTotal)+" row", 1))
			groups++
		}
	}
	rows := l.Rows[:max(0, min(textList-groups-t.room(), len(l.Rows)))]
	width := 0
	for _, row := range rows {
		width = max(width, len(count(row.Row)))
	}
	for _, row := range rows {
		t.line("  %s  %.2f  %s", padLeft(count(row.Row), width), row.Score, row.Reason)
	}
}

func (t *text) fixes() {
	if len(t.Recommendations) == 0 {
		return
	}
	beside := "gain and its range, cost"
	if t.ProjectedScore.WhyNull() == "" {
		beside += ", with all of them the collapse score is " + t.ProjectedScore.String()
	}
	t.title("fixes", beside)
	fixes := t.Recommendations[:min(textList, len(t.Recommendations))]
	costs, ranges := 0, 0
	for _, f := range fixes {
		costs, ranges = max(costs, len(dollars(f.CostUSD))), max(ranges, len(gainRange(&f)))
	}
	for _, f := range fixes {
		gain := padLeft(points(f.EstimatedImpact), 5)
		if ranges > 0 {
			gain += "  " + pad(gainRange(&f), ranges)
		}
		t.line("  %s  %s  %s", gain, padLeft(dollars(f.CostUSD), costs), f.Title)
	}
}

func (t *text) times() {
	t.b.WriteByte('\n')
	var parts []string
	for _, s := range t.Stages {
		switch s.Status {
		case verdict.StageDone:
			parts = append(parts, fmt.Sprintf("%s %s", s.Name, strings.ReplaceAll(seconds(s.Seconds), " s", "s")))
		default:
			parts = append(parts, fmt.Sprintf("%s %s", s.Name, s.Status))
		}
	}
	for _, line := range Wrap(seconds(t.TotalTimeSeconds)+": "+strings.Join(parts, ", "), textWidth, 2) {
		t.line("%s", line)
	}
	failed := 0
	for _, s := range t.Stages {
		if s.Status == verdict.StageFailed && failed < 2 {
			t.line("%s failed: %s", s.Name, s.Error)
			failed++
		}
	}
}

// bar draws a score of 0-100 in eighths of a column, on a dotted ground.
func (t *text) bar(s verdict.Score, style string) string {
	v, ok := s.Value()
	if !ok {
		return strings.Repeat(" ", textBar)
	}
	eighths := int(math.Round(v / 100 * textBar * 8))
	full := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		full += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return t.paint(style, full) + t.paint(dim, strings.Repeat("·", textBar-cells(full)))
}
