package localize

import (
	"fmt"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"synthos/dataset"
	"synthos/encode"
)

// quoted is how many characters of a cell stand in a sentence.
const quoted = 40

// quote returns s in single quotes, on one line, cut if it is long.
func quote(s string) string {
	runes := make([]rune, 0, quoted)
	for i, r := range s {
		if len(runes) == quoted {
			return "'" + string(runes) + "...'"
		}
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				r = '?'
			}
		}
		if unicode.IsControl(r) {
			r = ' '
		}
		runes = append(runes, r)
	}
	return "'" + string(runes) + "'"
}

// show returns a number or a point in time as it stands in sentences: a day if
// the clock shows midnight.
func show(f dataset.Field, x float64) string {
	switch {
	case f.Type == dataset.Time && x > -1e11 && x < 1e11:
		if int64(x)%86400 == 0 {
			return time.Unix(int64(x), 0).UTC().Format(time.DateOnly)
		}
		return time.Unix(int64(x), 0).UTC().Format(time.DateTime)
	case x == float64(int64(x)) && x > -1e9 && x < 1e9:
		return strconv.FormatInt(int64(x), 10)
	}
	return strconv.FormatFloat(x, 'g', 5, 64)
}

// showCell returns cell i of v as it stands in sentences.
func showCell(f dataset.Field, v *dataset.Vector, i int) string {
	switch {
	case v.Null[i]:
		return "null"
	case v.Strings != nil:
		return quote(v.Strings[i])
	case f.Type == dataset.Bool || f.Kind == dataset.Categorical:
		return encode.Cell(v, i)
	}
	return show(f, v.Floats[i])
}

func typeName(t dataset.Type) string {
	switch t {
	case dataset.Float:
		return "number"
	case dataset.Bool:
		return "truth value"
	case dataset.Time:
		return "point in time"
	}
	return "text"
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// chance returns a probability given as minus its logarithm: "1 in 10^6".
func chance(nats float64) string {
	return fmt.Sprintf("1 in 10^%.0f", nats/2.302585)
}
