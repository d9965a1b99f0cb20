package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"synthos/verdict"
)

// count returns n with commas between thousands: 1,234,567.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	first := 0 // digits before it are not grouped
	if n < 0 {
		first = 1
	}
	var b strings.Builder
	for i, c := range s {
		if left := len(s) - i; i > first && left%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// plural returns "1 row", "2 rows".
func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// number returns x with four significant digits, whole numbers in full, "-" if
// it is not finite.
func number(x verdict.Number) string {
	v := float64(x)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "-"
	case v == math.Trunc(v) && math.Abs(v) < 1e15:
		return count(int64(v))
	case math.Abs(v) >= 1e3 && math.Abs(v) < 1e15:
		return count(int64(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// date returns a time, in seconds since 1970, as the day it is on in UTC; "-" if
// it is unknown or not in the years 1 to 9999.
func date(x verdict.Number) string {
	v := float64(x)
	if !(v >= -62135596800 && v < 253402300800) { // NaN too
		return "-"
	}
	return time.Unix(int64(math.Floor(v)), 0).UTC().Format(time.DateOnly)
}

// points returns a gain with its sign and one decimal: +12.3; "-" if unknown.
func points(x verdict.Number) string {
	if math.IsNaN(float64(x)) {
		return "-"
	}
	return fmt.Sprintf("%+.1f", float64(x))
}

// gainRange returns where nine of ten measurements of a gain would lie, "+9 to +18"; ""
// if that is not known.
func gainRange(f *verdict.Recommendation) string {
	low, high, gain := float64(f.ImpactInterval.Low), float64(f.ImpactInterval.High), float64(f.EstimatedImpact)
	if !(low <= gain && gain <= high) { // NaN too
		return ""
	}
	return fmt.Sprintf("%+.0f to %+.0f", low, high)
}

// bracketed returns s in brackets, "" if it is empty.
func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// dollars returns a price: $0.40, $1,234; "-" if unknown.
func dollars(x verdict.Number) string {
	v := float64(x)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "-"
	case v >= 100:
		return "$" + count(int64(math.Round(v)))
	}
	return fmt.Sprintf("$%.2f", v)
}

// seconds returns a duration: 0.42 s, 12.3 s, 2 min 5 s; "-" if unknown.
func seconds(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "-"
	case v < 9.995:
		return fmt.Sprintf("%.2f s", v)
	case v < 99.95:
		return fmt.Sprintf("%.1f s", v)
	}
	whole := int64(math.Round(v))
	return fmt.Sprintf("%d min %d s", whole/60, whole%60)
}

// size returns a number of bytes: 12 MB, 1.5 GB; "-" if unknown.
func size(bytes int64) string {
	switch {
	case bytes <= 0:
		return "-"
	case bytes < 1e6:
		return fmt.Sprintf("%d kB", (bytes+500)/1e3)
	case bytes < 1e9:
		return fmt.Sprintf("%d MB", (bytes+5e5)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
}

// confidence returns a confidence of 0-100 as "97 %"; "-" if unknown.
func confidence(v float64) string { return percent(v / 100) }

// percent returns a share of 0-1 as "12 %"; "-" if unknown.
func percent(share float64) string {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

// interval returns "48-56", "" if either end is unknown.
func interval(i verdict.Interval) string {
	if math.IsNaN(float64(i.Low)) || math.IsNaN(float64(i.High)) {
		return ""
	}
	return fmt.Sprintf("%.0f-%.0f", float64(i.Low), float64(i.High))
}
