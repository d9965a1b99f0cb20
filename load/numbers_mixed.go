package load

import (
	"bytes"
	"fmt"
)

// mixedNumbers is the layout of a column with decimal points and decimal commas.
const mixedNumbers = "1.5 1,5"

// A mark is what the decimals of a number stand behind.
type mark uint8

const (
	noNumber  mark = iota
	noMark         // no mark, or the same whatever the marks mean
	pointMark      // 1.5, 1,234.5
	commaMark      // 1,5, 1.234,5
	anyMark        // 1,234 and 1.234 have decimals or thousands
)

// markOf returns how a number is written.
func markOf(text []byte) mark {
	point, isPoint := parseGrouped(text, '.')
	comma, isComma := parseGrouped(text, ',')
	switch {
	case isCode(text) || !isPoint && !isComma:
		return noNumber
	case isPoint && isComma && point == comma:
		return noMark
	case isPoint && isComma:
		return anyMark
	case isComma:
		return commaMark
	}
	return pointMark
}

// parseMixed reads a number with either mark, unless it can be read both ways.
func parseMixed(text []byte) (float64, bool) {
	switch markOf(text) {
	case noMark, pointMark:
		return parseGrouped(text, '.')
	case commaMark:
		return parseGrouped(text, ',')
	}
	return 0, false
}

// marks sorts the cells with a value by how they are written, and counts them; all is 0 if
// those at the start are no numbers.
func marks(cells []cell) (by [anyMark + 1][]cell, all int) {
	for _, c := range cells {
		text := []byte(c.text)
		if isNullNumber(text) {
			continue
		}
		if all++; all == amountTrials && 2*len(by[noNumber]) > all {
			return by, 0
		}
		m := markOf(bytes.TrimSpace(text))
		by[m] = append(by[m], c)
	}
	return by, all
}

// mixedLayout returns mixedNumbers if a column has numbers with decimal points and
// with decimal commas, of which nearly all can be read one way only; else "".
func mixedLayout(cells []cell) string {
	by, all := marks(cells)
	if all == 0 || len(by[pointMark]) == 0 || len(by[commaMark]) == 0 || float64(len(by[noMark])+len(by[pointMark])+len(by[commaMark])) < mostly*float64(all) {
		return ""
	}
	return mixedNumbers
}

// tellMarks says in which rows of a column decimals stand behind which mark; "" if
// all are alike.
func tellMarks(cells []cell, read bool) string {
	by, all := marks(cells)
	if all == 0 || len(by[pointMark]) == 0 || len(by[commaMark]) == 0 || float64(all-len(by[noNumber])) < mostly*float64(all) {
		return ""
	}
	text := fmt.Sprintf("decimal points (%s) and decimal commas (%s) in one column", rowsOf(by[pointMark]), rowsOf(by[commaMark]))
	open := ""
	if n := len(by[anyMark]); n > 0 {
		open = fmt.Sprintf(" %q (%s)", by[anyMark][0].text, rowsOf(by[anyMark]))
	}
	switch {
	case !read:
		return text + ": what numbers like" + open + " mean cannot be told, so all are kept as text; write them in one way"
	case open != "":
		return text + ": each is read by its mark; what may be either is invalid, such as" + open
	}
	return text + ": each is read by its mark"
}
