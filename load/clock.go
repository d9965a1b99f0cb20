package load

import (
	"bytes"
	"strings"
)

// timesOfDay is the layout of times of day, which are read as seconds since midnight,
// as those of Parquet and Excel are.
const timesOfDay = "15:04:05"

// parseTimeOfDay reads 12:30, 9:30, 12:30:05, 12:30:05.25 and 9:30 PM.
func parseTimeOfDay(text []byte) (float64, bool) {
	text = bytes.TrimSpace(text)
	if len(text) > 24 {
		return 0, false
	}
	var two [25]byte
	if len(text) > 1 && text[1] == ':' {
		two[0] = '0'
		text = two[:1+copy(two[1:], text)]
	}
	seconds, nanos, rest, ok := parseClock(text)
	if !ok {
		return 0, false
	}
	const noon = 12 * 3600
	switch half := strings.ToLower(string(bytes.TrimSpace(rest))); half {
	case "":
		return float64(seconds) + float64(nanos)/1e9, true
	case "am", "a.m.", "pm", "p.m.":
		if seconds < 3600 || seconds >= noon+3600 {
			return 0, false
		}
		if seconds >= noon {
			seconds -= noon
		}
		if half[0] == 'p' {
			seconds += noon
		}
		return float64(seconds) + float64(nanos)/1e9, true
	}
	return 0, false
}

// clockLayout returns timesOfDay if nearly all cells with a value are that, else "".
func clockLayout(cells []cell) string {
	found, all := 0, 0
	for _, c := range cells {
		text := []byte(c.text)
		if isNullNumber(text) {
			continue
		}
		if all++; all == amountTrials && 2*found < all {
			return ""
		}
		if _, ok := parseTimeOfDay(text); ok {
			found++
		}
	}
	if found == 0 || float64(found) < mostly*float64(all) {
		return ""
	}
	return timesOfDay
}
