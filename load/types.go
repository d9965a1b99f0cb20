package load

import (
	"bytes"
	"unsafe"
)

// isNull reports whether the text of a cell stands for no value. In a column
// of strings, this holds for unquoted cells only: a quoted "" is an empty
// string (a null where all cells of the column are quoted), a quoted "NA" a text.
func isNull(text []byte) bool {
	switch len(text) {
	case 0:
		return true
	case 1:
		return text[0] == '-'
	case 2, 3, 4:
		switch string(text) {
		case "NA", "N/A", "n/a", "NaN", "nan", "-NaN", "-nan", "NaT", "#NA", "null", "NULL", "Null", "None", "<NA>", "#N/A", `\N`:
			return true
		}
	}
	return false
}

// isNullNumber is isNull for columns that do not hold strings: white space
// around it does not count, and a question mark, a point or a dash stands for no value too.
// (In a column of strings they may be levels like any other.)
func isNullNumber(text []byte) bool {
	text = bytes.TrimSpace(text)
	switch string(text) {
	case "?", ".", "--", "\u2013", "\u2014": // and dashes
		return true
	}
	return isNull(text)
}

// parseNumber reads text, white space around it aside, as a number. See
// scanNumber for what is one.
func parseNumber(text []byte) (float64, bool) {
	text = bytes.TrimSpace(text)
	v, next, ok := scanNumber(text, 0)
	return v, ok && next == len(text)
}

// isCode reports whether text, which consists of digits after an optional
// sign, is more likely a name than a number: it has a leading zero (postcodes,
// "00123"), a plus and at least eight digits (telephone numbers), or it is an integer
// beyond 2^53 (keys, card numbers).
func isCode(text []byte) bool {
	if isPadded(text) {
		return true
	}
	text = bytes.TrimLeft(bytes.TrimSpace(text), "+-")
	for _, c := range text {
		if c-'0' > 9 {
			return false
		}
	}
	_, exact := parseNumber(text)
	return len(text) > 1 && !exact
}

// isInfinity reports whether text stands for an infinite number.
func isInfinity(text []byte) bool {
	text = bytes.TrimLeft(bytes.TrimSpace(text), "+-")
	return isWord(text, "inf") || isWord(text, "infinity")
}

// parseBool reads true and false in any case, and, where a column is known to
// be boolean, 1 and 0.
func parseBool(text []byte) (float64, bool) {
	text = bytes.TrimSpace(text)
	switch {
	case len(text) == 1 && (text[0] == '0' || text[0] == '1'):
		return float64(text[0] - '0'), true
	case isWord(text, "true"):
		return 1, true
	case isWord(text, "false"):
		return 0, true
	}
	return 0, false
}

// isWord reports whether text is word, which is in lower case, in any case.
func isWord(text []byte, word string) bool {
	if len(text) != len(word) {
		return false
	}
	for i, c := range text {
		if c|0x20 != word[i] {
			return false
		}
	}
	return true
}

// cutText returns text for a dataset.Invalid: at most 64 bytes, whole
// characters.
func cutText(text []byte) string {
	if len(text) > 64 {
		text = text[:64]
		text = text[:64-incomplete(text)]
	}
	return string(bytes.ToValidUTF8(text, []byte("\ufffd")))
}

// viewString returns b as a string without copying it; b may not change while
// the string is used.
func viewString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
