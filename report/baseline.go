package report

import (
	"fmt"
	"io"
	"strings"

	"synthos/verdict"
)

// Changes writes how a result differs from its baseline as text: one line a
// score. color adds ANSI colours.
func Changes(w io.Writer, b *verdict.Baseline, color bool) error {
	r := printable(&verdict.Result{Baseline: b})
	b = r.Baseline
	t := text{Result: r, color: color}
	beside := fmt.Sprintf("%s; a score may fall by %.3g points", b.Path, b.Drop)
	t.title("against the baseline", beside)
	for i := range b.Changes {
		c := &b.Changes[i]
		mark, style := " ", dim
		switch {
		case c.Fell:
			mark, style = "!", red
		case c.Difference > 0:
			style = green
		}
		t.b.WriteString(t.paint(style, mark) + " " + pad(fit(c.Name, 24), 24) + " " + padLeft(c.Before.String(), 5) + " → " + padLeft(c.After.String(), 5) + "  " +
			t.paint(style, padLeft(points(c.Difference), 6)) + "  " + fit(changeNote(c), textWidth-50) + "\n")
	}
	for _, note := range head(b.Notes, 4) {
		t.line("  %s", note)
	}
	_, err := io.WriteString(w, strings.TrimPrefix(t.take(), "\n"))
	return err
}

// changeNote says what there is to say about a change beside its numbers.
func changeNote(c *verdict.Change) string {
	switch {
	case c.Why != "":
		return c.Why
	case c.Fell && c.Overlap:
		return "fell; the intervals overlap, so it may be chance"
	case c.Fell:
		return "fell"
	}
	return ""
}

// changeText is one change as a sentence.
func changeText(c *verdict.Change) string {
	s := fmt.Sprintf("%s was %s and is %s", c.Name, c.Before, c.After)
	if note := changeNote(c); note != "" {
		s += ": " + note
	}
	return s
}

func markdownBaseline(b *strings.Builder, r *verdict.Result) {
	if r.Baseline == nil {
		return
	}
	fmt.Fprintf(b, "## Against the baseline\n\n%s; a score may fall by %.3g points.\n\n", escapeMarkdown(r.Baseline.Path), r.Baseline.Drop)
	var rows [][]string
	for i := range r.Baseline.Changes {
		c := &r.Baseline.Changes[i]
		rows = append(rows, []string{c.Name, c.Before.String(), c.After.String(), points(c.Difference), changeNote(c)})
	}
	markdownTable(b, []string{"score", ":before", ":after", ":change", "note"}, rows)
}

func junitChange(c *verdict.Change) junitCase {
	out := junitCase{Class: "synthos.baseline", Name: c.Name}
	if c.Fell {
		out.Failure = &junitOutcome{Message: changeText(c), Type: "regression"}
	}
	return out
}
