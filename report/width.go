package report

import (
	"strings"
	"unicode"
)

// cells returns how many columns of a terminal s takes: none for a combining
// mark, two for a wide East Asian character or an emoji, one for any other.
//
// Source: the ranges are the wide and full-width blocks of Unicode Standard
// Annex 11, in large strokes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff,
		r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6, r >= 0x1f300 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// fit returns s cut to at most n columns, with an ellipsis if it was longer.
func fit(s string, n int) string {
	if cells(s) <= n {
		return s
	}
	width := 0
	for i, r := range s {
		if width += runeCells(r); width > n-1 {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// pad returns s with spaces after it to fill n columns; padLeft puts them before.
func pad(s string, n int) string     { return s + strings.Repeat(" ", max(0, n-cells(s))) }
func padLeft(s string, n int) string { return strings.Repeat(" ", max(0, n-cells(s))) + s }

// Wrap breaks s between words into lines of at most n columns, at most most of
// them. What does not fit is cut with an ellipsis.
func Wrap(s string, n, most int) []string {
	var lines []string
	line := ""
	words := strings.Fields(s)
	for i, word := range words {
		if line != "" && cells(line)+1+cells(word) > n {
			if len(lines) == most-1 {
				return append(lines, fit(line+" "+strings.Join(words[i:], " "), n))
			}
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += fit(word, n)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
