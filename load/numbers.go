package load

import (
	"bytes"
	"strconv"
	"strings"

	"synthos/dataset"
)

// Layouts of columns in text formats that package time does not know. They are
// for our readers; schemas show "" instead (see shownFields).
const (
	commaNumbers   = "1.234,5" // numbers with a decimal comma, and maybe groups of thousands
	groupedNumbers = "1,234.5" // numbers with groups of thousands
	epochPrefix    = "epoch "  // and a unit: whole numbers since 1970
)

// epochUnits are how many of a unit are in a second.
var epochUnits = []struct {
	name string
	per  float64
}{{"s", 1}, {"ms", 1e3}, {"us", 1e6}, {"ns", 1e9}}

// shownFields returns fields without the layouts that only our readers know.
func shownFields(fields []dataset.Field) []dataset.Field {
	out := make([]dataset.Field, len(fields))
	for i, f := range fields {
		if f.Type == dataset.Float || strings.HasPrefix(f.Layout, epochPrefix) || strings.HasPrefix(f.Layout, severalPrefix) {
			f.Layout = ""
		}
		f.Layout = shownLayout(f.Layout)
		out[i] = f
	}
	return out
}

// numberReader returns the function that reads numbers of a layout.
func numberReader(layout string) func([]byte) (float64, bool) {
	if strings.HasPrefix(layout, amountPrefix) {
		read, _ := amountReader(layout)
		return read
	}
	if unit, inner, ok := cutUnit(layout); ok {
		return unitReader(unit, inner)
	}
	switch layout {
	case mixedNumbers:
		return parseMixed
	case timesOfDay:
		return parseTimeOfDay
	case commaNumbers:
		return func(text []byte) (float64, bool) { return parseGrouped(text, ',') }
	case groupedNumbers:
		return func(text []byte) (float64, bool) { return parseGrouped(text, '.') }
	}
	return parseNumber
}

// parseGrouped reads a number whose decimals follow the given mark, and whose
// digits before it may stand in groups of three: separated by points or commas,
// whichever is not the mark, by apostrophes or by spaces, of all kinds. The first
// group has one to three digits and no leading zero. With commas, all groups but the
// last may have two digits, as in India (1,23,456).
func parseGrouped(text []byte, mark byte) (float64, bool) {
	text = bytes.TrimSpace(text)
	var plain [64]byte
	n := 0
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		plain[n] = text[0]
		n++
		text = text[1:]
	}
	var between []byte                      // what separates the groups
	run, groups, lead, middle := 0, 0, 0, 0 // digits of the group at hand, groups so far, digits of the first and of the others
	first := byte(0)
	for len(text) > 0 && text[0] != mark && text[0]|0x20 != 'e' {
		if n == len(plain)-1 {
			return 0, false
		}
		if text[0]-'0' <= 9 {
			if run == 0 && groups == 0 {
				first = text[0]
			}
			plain[n] = text[0]
			n, run, text = n+1, run+1, text[1:]
			continue
		}
		s := separatorOf(text, mark)
		switch {
		case s == nil || run == 0, groups == 0 && (run > 3 || first == '0'):
			return 0, false
		case groups > 0 && (!bytes.Equal(s, between) || run != 3 && (run != 2 || s[0] != ',') || groups > 1 && run != middle):
			return 0, false
		case groups == 1 && run == 2 && lead == 3: // 123,45,678
			return 0, false
		case groups == 0:
			lead = run
		default:
			middle = run
		}
		between, run, groups, text = s, 0, groups+1, text[len(s):]
	}
	if groups > 0 && run != 3 {
		return 0, false
	}
	if len(text) > 0 && text[0] == mark {
		plain[n] = '.'
		n, text = n+1, text[1:]
	}
	if n+len(text) > len(plain) {
		return 0, false
	}
	n += copy(plain[n:], text)
	return parseNumber(plain[:n])
}

// isPadded reports whether text is written as names made of digits are, and numbers
// are not: with leading zeros (007), or as a telephone number (+4930123456).
func isPadded(text []byte) bool {
	text = bytes.TrimSpace(text)
	plus := false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		plus = text[0] == '+'
		text = text[1:]
	}
	if len(text) < 2 || text[0] != '0' && !(plus && len(text) >= 8) {
		return false
	}
	for _, c := range text {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

// separatorOf returns what separates groups at the start of text, nil if nothing
// does.
func separatorOf(text []byte, mark byte) []byte {
	switch c := text[0]; {
	case c == mark:
		return nil
	case c == ',' || c == '.' || c == '\'' || c == ' ':
		return text[:1]
	}
	for _, s := range []string{"\u00a0", "\u202f", "\u2009", "\u2019"} { // spaces that do not break, thin ones, the typographic apostrophe
		if bytes.HasPrefix(text, []byte(s)) {
			return text[:len(s)]
		}
	}
	return nil
}

// numberLayout decides how the numbers of a column are written, given its cells
// and how many of them are plain numbers. Cells that fit both ways ("1,234") are
// taken as thousands; ambiguous says so if no cell tells.
func numberLayout(cells []cell, plain int) (layout string, count int, ambiguous string) {
	comma, grouped := 0, 0
	for _, c := range cells {
		text := []byte(c.text)
		if isNullNumber(text) || isCode(text) {
			continue
		}
		if _, ok := parseGrouped(text, ','); ok {
			comma++
		}
		if _, ok := parseGrouped(text, '.'); ok {
			grouped++
		}
	}
	switch {
	case grouped > plain && grouped >= comma:
		if grouped == comma {
			ambiguous = "no number tells decimals from thousands; read with thousands, 1,234 as 1234"
		}
		return groupedNumbers, grouped, ambiguous
	case comma > plain && comma > grouped:
		return commaNumbers, comma, ""
	}
	return "", plain, ""
}

// Points in time before 1990 and after 2100 are not looked for among numbers.
const epochFirst, epochLast = 631152000, 4102444800

// manyDates is how many numbers that all read as dates without separators are
// dates whatever the column is called: of numbers of eight digits, one in 400 does.
const manyDates = 20

// epochLayout returns the layout of a column of numbers that are points in time: its
// name says so, and all cells are between 1990 and 2100 in one unit since 1970, or
// dates without separators, which need no name if they are many. It is "" if it is
// none.
func epochLayout(name string, cells []cell) string {
	unit, dates, n := -1, 0, 0
	if !isTimeName(name) && len(cells) < manyDates {
		return ""
	}
	for _, c := range cells {
		text := []byte(strings.TrimSpace(c.text))
		if isNullNumber(text) {
			continue
		}
		n++
		if _, ok := parseCompactDate(text); ok {
			dates++
			continue
		}
		own := epochUnit(text)
		if !isTimeName(name) {
			return ""
		}
		if own < 0 || unit >= 0 && own != unit {
			return ""
		}
		unit = own
	}
	switch {
	case n == 0:
		return ""
	case dates == n && (isTimeName(name) || n >= manyDates):
		return compactDate
	case dates > 0:
		return ""
	}
	return epochPrefix + epochUnits[unit].name
}

// epochUnit returns which of epochUnits text is in, a whole number, or seconds with
// decimals; -1 if it is none.
func epochUnit(text []byte) int {
	x, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		if s, ok := parseNumber(text); ok && s >= epochFirst && s <= epochLast {
			return 0
		}
		return -1
	}
	for i, u := range epochUnits {
		if s := float64(x) / u.per; s >= epochFirst && s <= epochLast {
			return i
		}
	}
	return -1
}

// compactDate is the layout of dates without separators.
const compactDate = "20060102"

// parseCompactDate reads a date of the years 1900 to 2100 as yyyymmdd.
func parseCompactDate(text []byte) (float64, bool) {
	if len(text) != 8 {
		return 0, false
	}
	century, ok1 := twoDigits(text, 0)
	year, ok2 := twoDigits(text, 2)
	month, ok3 := twoDigits(text, 4)
	day, ok4 := twoDigits(text, 6)
	year += 100 * century
	if !ok1 || !ok2 || !ok3 || !ok4 || year < 1900 || year > 2100 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	return float64(daysSince1970(year, month, day) * 86400), true
}

// isTimeName reports whether the name of a column says that it holds times.
func isTimeName(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"time", "date", "epoch"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return name == "ts" || strings.HasSuffix(name, "_ts") || strings.HasSuffix(name, "_at") || strings.HasPrefix(name, "ts_") || strings.HasSuffix(name, ".ts")
}

// epochReader reads numbers of a unit since 1970, whole ones unless it is the second.
func epochReader(layout string) func([]byte) (float64, bool) {
	per := 1.0
	for _, u := range epochUnits {
		if layout == epochPrefix+u.name {
			per = u.per
		}
	}
	return func(text []byte) (float64, bool) {
		x, err := strconv.ParseInt(viewString(bytes.TrimSpace(text)), 10, 64)
		if err != nil {
			if per == 1 { // seconds may have decimals
				return parseNumber(text)
			}
			return 0, false
		}
		whole := x / int64(per)
		return float64(whole) + float64(x-whole*int64(per))/per, true
	}
}
