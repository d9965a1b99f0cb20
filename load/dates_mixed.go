package load

import (
	"fmt"
	"strings"
)

// severalPrefix begins the layout of a column whose points in time are written in
// several ways; after it stand their layouts, with zero bytes between them.
const severalPrefix = "several "

// mostLayouts is in how many ways the points in time of a column may be written.
const mostLayouts = 6

// severalReader reads what one of the layouts reads, the first that does.
func severalReader(layouts []string) func([]byte) (float64, bool) {
	readers := make([]func([]byte) (float64, bool), len(layouts))
	for i, l := range layouts {
		readers[i] = timeReader(l)
	}
	return func(text []byte) (float64, bool) {
		for _, read := range readers {
			if x, ok := read(text); ok {
				return x, true
			}
		}
		return 0, false
	}
}

// inferLayouts is inferLayout for columns that may be written in several ways. Two
// that put day and month the other way round contradict each other: the rarer is
// left out, so that its cells cannot be read.
func inferLayouts(texts []string) (layout string, hits int, ambiguous string) {
	layout, hits, ambiguous = inferLayout(texts)
	if hits == 0 || hits == len(texts) {
		return layout, hits, ambiguous
	}
	layouts := []string{layout}
	rest := unread(layout, texts)
	for len(layouts) < mostLayouts && len(rest) > 0 {
		next, n, open := inferLayout(rest)
		if n == 0 {
			break
		}
		rest = unread(next, rest)
		if contradicting(next, layouts) {
			if open == "" || contradicting(twinOf(next), layouts) {
				continue
			}
			next, open = twinOf(next), "" // no value tells, but the others do
		}
		layouts, hits = append(layouts, next), hits+n
		if ambiguous == "" && !sameOrder(next, layouts[:len(layouts)-1]) {
			ambiguous = open
		}
	}
	if len(layouts) == 1 {
		return layout, hits, ambiguous
	}
	return severalPrefix + strings.Join(layouts, "\x00"), hits, ambiguous
}

// unread returns the texts that the layout does not read.
func unread(layout string, texts []string) (rest []string) {
	read := timeReader(layout)
	for _, s := range texts {
		if _, ok := read([]byte(s)); !ok {
			rest = append(rest, s)
		}
	}
	return rest
}

// dayOrder returns what separates day and month in a layout that writes both as
// numbers, with the year last, and whether the day comes first; 0 for others.
func dayOrder(layout string) (mark byte, dayFirst bool) {
	for _, start := range []string{"01/02", "1/2", "01-02", "1-2"} {
		if strings.HasPrefix(layout, start) {
			return start[len(start)/2], false
		}
	}
	for _, start := range []string{"02/01", "2/1", "02-01", "2-1"} {
		if strings.HasPrefix(layout, start) {
			return start[len(start)/2], true
		}
	}
	return 0, false
}

// contradicting reports whether one of the others has day and month the other way
// round.
func contradicting(layout string, others []string) bool {
	mark, first := dayOrder(layout)
	for _, l := range others {
		if m, f := dayOrder(l); mark != 0 && m == mark && f != first {
			return true
		}
	}
	return false
}

// sameOrder reports whether one of the others tells the order of day and month in a
// layout.
func sameOrder(layout string, others []string) bool {
	mark, first := dayOrder(layout)
	for _, l := range others {
		if m, f := dayOrder(l); mark != 0 && m == mark && f == first {
			return true
		}
	}
	return false
}

// twinOf returns the layout with day and month exchanged, "" if there is none.
func twinOf(layout string) string {
	for _, l := range timeLayouts() {
		if l.layout == layout {
			return l.twin
		}
	}
	return ""
}

// tellLayouts says in which ways the points in time of a column are written.
func tellLayouts(layouts []string, cells []cell) string {
	var ways []string
	for _, l := range layouts {
		read := timeReader(l)
		for _, c := range cells {
			if _, ok := read([]byte(c.text)); ok {
				ways = append(ways, fmt.Sprintf("as %q (%s)", cutText([]byte(c.text)), rowsOf([]cell{c})))
				break
			}
		}
	}
	return "points in time written in several ways, all of them read: " + strings.Join(ways, ", ")
}

// tellContradiction says that a column of texts would be one of dates, if day and
// month stood in one order; "" if that is not so.
func tellContradiction(cells []cell) string {
	var texts []string
	for _, c := range cells {
		if !isNullNumber([]byte(c.text)) {
			texts = append(texts, c.text)
		}
	}
	layout, _, _ := inferLayout(texts)
	twin := twinOf(layout)
	if twin == "" {
		return ""
	}
	read, readTwin := timeReader(layout), timeReader(twin)
	var own, other []cell
	both := 0
	for _, c := range cells {
		_, is := read([]byte(c.text))
		_, isTwin := readTwin([]byte(c.text))
		switch {
		case is && isTwin:
			both++
		case is:
			own = append(own, c)
		case isTwin:
			other = append(other, c)
		}
	}
	if len(own) == 0 || len(other) == 0 || float64(len(own)+len(other)+both) < mostly*float64(len(texts)) {
		return ""
	}
	if _, dayFirst := dayOrder(layout); !dayFirst {
		own, other = other, own
	}
	return fmt.Sprintf("dates with the day first (%q, %s) and with the month first (%q, %s): what the others mean cannot be told, so all are kept as text; write them in one way",
		cutText([]byte(own[0].text)), rowsOf(own), cutText([]byte(other[0].text)), rowsOf(other))
}
