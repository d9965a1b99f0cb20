package load

import (
	"math"
	"slices"
	"strconv"
	"time"

	"synthos/dataset"
)

// formatNumber returns the shortest text that reads back as x, with an exponent
// only if x is very small or beyond 2^53: digits alone would pretend to be exact.
func formatNumber(x float64) string {
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a > maxExact) {
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// layoutDate and layoutTime are how points in time are written as text.
const (
	layoutDate = "2006-01-02"
	layoutTime = "2006-01-02T15:04:05.999999Z07:00"
)

// formatTime writes seconds since 1970 by the layout, rounded to microseconds:
// float64 holds no more for the present.
func formatTime(seconds float64, layout string) string {
	whole := math.Floor(seconds)
	micros := math.Round((seconds - whole) * 1e6)
	return time.Unix(int64(whole), int64(micros)*1000).UTC().Format(layout)
}

// formatCell returns the text of a cell stored as typ in a Vector's Floats.
func formatCell(x float64, typ dataset.Type, layout string) string {
	switch typ {
	case dataset.Bool:
		return strconv.FormatBool(x != 0)
	case dataset.Time:
		if layout == "" {
			layout = layoutTime
		}
		return formatTime(x, layout)
	}
	return formatNumber(x)
}

// forced is a column whose storage the user has chosen: what the file holds as
// one type is handed out as another, as if its cells had been read from text.
// The zero value changes nothing.
type forced struct {
	from, to dataset.Type
	format   func(x float64) string // how a cell of the file is written as text
	out      dataset.Vector
}

// force sets up f for the column described by field, if types asks for it, and
// changes the field to what will be handed out. format writes a cell as text;
// nil = formatCell.
func (f *forced) force(field *dataset.Field, types map[string]dataset.Type, format func(x float64) string) {
	to, ok := types[field.Name]
	if !ok || to == field.Type {
		return
	}
	if format == nil {
		typ, layout := field.Type, field.Layout
		format = func(x float64) string { return formatCell(x, typ, layout) }
	}
	*f = forced{from: field.Type, to: to, format: format}
	field.Type, field.Layout, field.Integer = to, "", field.Integer && to == dataset.Float
}

// apply returns v, the vector of n cells as the file holds them, in the forced
// storage. A cell that does not fit becomes null and an Invalid. The result is
// valid until the next call.
func (f *forced) apply(v *dataset.Vector, n int) dataset.Vector {
	if f.to == 0 {
		return *v
	}
	out := &f.out
	out.Null = append(sized(out.Null, n)[:0], v.Null...)
	out.Invalid = out.Invalid[:0]
	if f.to == dataset.String {
		out.Strings = sized(out.Strings, n)
	} else {
		out.Floats = sized(out.Floats, n)
	}
	for _, bad := range v.Invalid {
		if f.to == dataset.String { // what could not be read as a number is a text like any other
			out.Strings[bad.Row], out.Null[bad.Row] = bad.Text, false
		} else {
			out.Invalid = append(out.Invalid, bad)
		}
	}
	for i, null := range v.Null {
		switch {
		case null:
		case f.from == dataset.String:
			f.parse(i, v.Strings[i])
		case f.to == dataset.String:
			out.Strings[i] = f.format(v.Floats[i])
		case f.from == dataset.Bool && f.to == dataset.Float:
			out.Floats[i] = v.Floats[i]
		default:
			f.parse(i, f.format(v.Floats[i]))
		}
	}
	slices.SortFunc(out.Invalid, func(a, b dataset.Invalid) int { return a.Row - b.Row })
	return *out
}

// parse reads the text of cell i as the forced type.
func (f *forced) parse(i int, text string) {
	b := []byte(text)
	if isNullNumber(b) {
		f.out.Null[i] = true
		return
	}
	x, ok := parseAs(f.to, b)
	f.out.Floats[i] = x
	if !ok {
		f.out.Null[i] = true
		f.out.Invalid = append(f.out.Invalid, dataset.Invalid{Row: i, Text: cutText(b)})
	}
}

// parseAs reads text as a number, a truth value or a point in time: ISO 8601, or
// a whole number since 1970 in the unit that puts it between 1990 and 2100, for a
// column that the other file's name tells to hold times (epochLayout).
func parseAs(typ dataset.Type, text []byte) (float64, bool) {
	switch typ {
	case dataset.Float:
		return parseNumber(text)
	case dataset.Bool:
		return parseBool(text)
	}
	if x, ok := parseISO(text); ok {
		return x, true
	}
	for _, u := range epochUnits {
		if x, ok := parseNumber(text); ok && x == math.Trunc(x) && x >= epochFirst*u.per && x <= epochLast*u.per {
			return x / u.per, true
		}
	}
	return 0, false
}

// formatFloat32 returns the shortest text that reads back as the same float32.
func formatFloat32(x float64) string { return strconv.FormatFloat(x, 'g', -1, 32) }

// formatClock writes seconds since midnight as a time of day.
func formatClock(x float64) string { return formatTime(math.Mod(x, 86400), "15:04:05.999999") }
