package load

import (
	"math"
	"strconv"
	"strings"
)

// dateSystem says from when a workbook counts days.
type dateSystem bool

const (
	system1900 dateSystem = false // day 1 is 1900-01-01
	system1904 dateSystem = true  // day 0 is 1904-01-01: old workbooks of Excel for Mac
)

// cellFormat is what a number format makes of a number.
type cellFormat uint8

const (
	plainFormat cellFormat = iota
	dateFormat             // a date, perhaps with a time of day
	clockFormat            // a time of day
	spanFormat             // a length of time, such as [h]:mm
)

// readFormats reads the number format of every style of cells.
func (b *workbook) readFormats(part string) ([]cellFormat, error) {
	custom := map[string]cellFormat{}
	var formats []cellFormat
	in := false // the list of styles that cells refer to
	err := b.each(part, func(_ []byte, tag xmlTag) {
		switch {
		case tag.starts("numFmt"):
			custom[string(tag.attribute("numFmtId"))] = formatOf(string(appendText(nil, tag.attribute("formatCode"))))
		case tag.starts("cellXfs"):
			in = !tag.empty
		case tag.ends("cellXfs"):
			in = false
		case in && tag.starts("xf"):
			id := string(tag.attribute("numFmtId"))
			f, ok := custom[id]
			if !ok {
				n, _ := strconv.Atoi(id)
				f = builtinFormat(n)
			}
			formats = append(formats, f)
		}
	})
	return formats, err
}

// builtinFormat returns the meaning of the formats that need no code.
// Source: ECMA-376 part 1, 18.8.30, numFmt, with the East Asian ones.
func builtinFormat(id int) cellFormat {
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id >= 34 && id <= 36, id >= 50 && id <= 58:
		return dateFormat
	case id >= 18 && id <= 21, id == 32, id == 33, id == 45, id == 47:
		return clockFormat
	case id == 46: // [h]:mm:ss
		return spanFormat
	}
	return plainFormat
}

// formatOf returns the meaning of a format code: its first section without
// literal text, colours and locales says which parts of a date it shows.
func formatOf(code string) cellFormat {
	date, clock, month := false, false, false
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				i = len(code)
			} else {
				i += end + 1
			}
		case '\\', '_', '*': // the next character is literal, or how wide a gap is
			i++
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return plainFormat
			}
			if in := strings.ToLower(code[i+1 : i+end]); strings.Trim(in, "h") == "" || strings.Trim(in, "m") == "" || strings.Trim(in, "s") == "" {
				return spanFormat
			}
			i += end
		case ';':
			i = len(code)
		case 'y', 'Y', 'd', 'D':
			date = true
		case 'm', 'M':
			month = true
		case 'h', 'H', 's', 'S':
			clock = true
		}
	}
	switch {
	case date, month && !clock:
		return dateFormat
	case clock:
		return clockFormat
	}
	return plainFormat
}

// clockValue reports whether a number in a format for times is one: a time of
// day is less than a day, a length of time any number.
func (f cellFormat) clockValue(serial float64) bool {
	return f == spanFormat || f == clockFormat && serial >= 0 && serial < 1
}

// serialSeconds returns a length of time in days in seconds, rounded to
// milliseconds: that is what Excel shows, and what its numbers hold.
func serialSeconds(days float64) float64 { return math.Round(days*86400e3) / 1e3 }

// dateText returns the date that a number stands for, in ISO 8601: a date
// alone if it has no time of day. It is "" if there is none.
//
// Excel follows Lotus 1-2-3 in counting a 29th of February 1900 (day 60). Where
// a cell holds it, that is the text, which then is no valid date.
func (d dateSystem) dateText(serial float64) string {
	if !(serial >= 0 && serial < 2958466) { // 9999-12-31 is the last
		return ""
	}
	const day = 86400
	seconds := serialSeconds(serial)
	switch {
	case d == system1904:
		seconds -= 24107 * day // 1904-01-01
	case seconds >= 61*day:
		seconds -= 25569 * day // 1899-12-30
	case seconds >= 60*day:
		return "1900-02-29"
	default:
		seconds -= 25568 * day // 1899-12-31
	}
	if math.Mod(seconds, day) == 0 {
		return formatTime(seconds, layoutDate)
	}
	return formatTime(seconds, "2006-01-02T15:04:05.999")
}
