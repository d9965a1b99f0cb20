package load

import (
	"bytes"
	"strings"
	"time"
)

// timeReader returns the function that reads cells of a layout as seconds
// since 1970-01-01T00:00:00Z. Times without a zone are taken as UTC.
func timeReader(layout string) func([]byte) (float64, bool) {
	if strings.HasPrefix(layout, epochPrefix) {
		return epochReader(layout)
	}
	if several, ok := strings.CutPrefix(layout, severalPrefix); ok {
		return severalReader(strings.Split(several, "\x00"))
	}
	if layout == isoDate || strings.HasPrefix(layout, isoDate) && len(layout) > 15 && layout[11:16] == "15:04" {
		return parseISO
	}
	layout, first := withoutCentury(layout)
	number := layout != "" && layout[0]-'0' <= 9
	return func(text []byte) (float64, bool) {
		text = bytes.TrimSpace(text)
		if len(text) >= sampleText {
			return 0, false
		}
		if number && len(text) > 0 && text[0] >= 'A' { // an error of package time takes longer
			return 0, false
		}
		t, err := time.Parse(layout, string(text))
		if err != nil {
			return 0, false
		}
		if first > 0 {
			var ok bool
			if t, ok = inCentury(t, first); !ok {
				return 0, false
			}
		}
		return float64(t.Unix()) + float64(t.Nanosecond())/1e9, true
	}
}

// parseISO reads a date or a date and time of ISO 8601 (RFC 3339 and what is
// usual around it): 2024-02-29, 2024-02-29 13:45, 2024-02-29T13:45:07.25Z,
// 2024-02-29T13:45:07+02:00 (also +0200 and +02).
func parseISO(text []byte) (float64, bool) {
	text = bytes.TrimSpace(text)
	if len(text) < 10 || text[4] != '-' || text[7] != '-' {
		return 0, false
	}
	century, ok1 := twoDigits(text, 0)
	year, ok2 := twoDigits(text, 2)
	month, ok3 := twoDigits(text, 5)
	day, ok4 := twoDigits(text, 8)
	year += 100 * century
	if !ok1 || !ok2 || !ok3 || !ok4 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	seconds := daysSince1970(year, month, day) * 86400
	if len(text) == 10 {
		return float64(seconds), true
	}
	if text[10] != ' ' && text[10] != 'T' && text[10] != 't' {
		return 0, false
	}
	clock, nanos, rest, ok := parseClock(text[11:])
	if !ok {
		return 0, false
	}
	zone, ok := parseZone(rest)
	return float64(seconds+clock-zone) + float64(nanos)/1e9, ok
}

// parseClock reads 13:45, 13:45:07 or 13:45:07.25 and returns the seconds and
// nanoseconds since midnight and the text behind it.
func parseClock(text []byte) (seconds, nanos int, rest []byte, ok bool) {
	hour, ok1 := twoDigits(text, 0)
	minute, ok2 := twoDigits(text, 3)
	if !ok1 || !ok2 || text[2] != ':' || hour > 23 || minute > 59 {
		return 0, 0, nil, false
	}
	seconds = hour*3600 + minute*60
	text = text[5:]
	if len(text) == 0 || text[0] != ':' {
		return seconds, 0, text, true
	}
	second, ok := twoDigits(text, 1)
	if !ok || second > 59 {
		return 0, 0, nil, false
	}
	seconds += second
	text = text[3:]
	if len(text) == 0 || text[0] != '.' {
		return seconds, 0, text, true
	}
	n := 1
	unit := 100_000_000
	for n < len(text) && text[n]-'0' <= 9 {
		nanos += int(text[n]-'0') * unit
		unit /= 10
		n++
	}
	return seconds, nanos, text[n:], n > 1
}

// parseZone reads what may stand behind a time: nothing, Z, or an offset from
// UTC, of which it returns the seconds.
func parseZone(text []byte) (seconds int, ok bool) {
	if len(text) > 1 && text[0] == ' ' {
		text = text[1:]
	}
	if len(text) == 0 || len(text) == 1 && text[0]|0x20 == 'z' || string(text) == "UTC" {
		return 0, true
	}
	sign := 1
	switch text[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return 0, false
	}
	hours, ok := twoDigits(text, 1)
	if !ok || hours > 23 {
		return 0, false
	}
	text = text[3:]
	minutes := 0
	if len(text) > 0 {
		if text[0] == ':' {
			text = text[1:]
		}
		if minutes, ok = twoDigits(text, 0); !ok || len(text) != 2 || minutes > 59 {
			return 0, false
		}
	}
	return sign * (hours*3600 + minutes*60), true
}

// twoDigits reads the two digits at position p.
func twoDigits(b []byte, p int) (int, bool) {
	if p+2 > len(b) {
		return 0, false
	}
	x, y := b[p]-'0', b[p+1]-'0'
	return int(x)*10 + int(y), x <= 9 && y <= 9
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// daysSince1970 returns the days from 1970-01-01 to a date of the proleptic
// Gregorian calendar. Source: days_from_civil in Hinnant, chrono-Compatible
// Low-Level Date Algorithms, 2013, for years from 0 on.
func daysSince1970(year, month, day int) int {
	if month <= 2 {
		year--
	}
	if year < 0 {
		return daysSince1970(year+401, month, day) - 146097
	}
	era := year / 400
	yearOfEra := year - era*400
	dayOfYear := (153*((month+9)%12)+2)/5 + day - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return era*146097 + dayOfEra - 719468
}
