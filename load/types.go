package load

import (
	"bytes"
	"strconv"
	"unsafe"
)

// isNull reports whether the text of a cell stands for no value. In a column
// of strings, this holds for unquoted cells only: a quoted "" is an empty
// string, a quoted "NA" a text.
func isNull(text []byte) bool {
	switch len(text) {
	case 0:
		return true
	case 1:
		return text[0] == '-'
	case 2, 3, 4:
		switch string(text) {
		case "NA", "N/A", "n/a", "NaN", "nan", "NaT", "null", "NULL", "Null", "None", "<NA>", "#N/A", `\N`:
			return true
		}
	}
	return false
}

// isNullNumber is isNull for columns that do not hold strings: white space
// around it does not count, and a question mark stands for no value too. (In a
// column of strings a question mark may be a level like any other.)
func isNullNumber(text []byte) bool {
	text = bytes.TrimSpace(text)
	return isNull(text) || len(text) == 1 && text[0] == '?'
}

// pow10 holds the powers of ten that float64 represents exactly.
var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// scanNumber reads the number that b starts with at position p and returns its
// value, correctly rounded, and the position after it. It is not ok if there
// is no number, if it is too large for float64, or if it is written as an
// integer beyond 2^53: rounded, it would no longer be that integer.
//
// Syntax: [+-] digits [. digits] [e [+-] digits], digits on at least one side
// of the point. No inf, nan, hexadecimal or thousands separators.
//
// Method: with a mantissa below 2^53 and a power of ten up to 10^22, both are
// exact in float64 and one multiplication or division rounds once (Clinger,
// How to read floating point numbers accurately, 1990). Else strconv.
func scanNumber(b []byte, p int) (v float64, next int, ok bool) {
	start := p
	negative := false
	if p < len(b) && (b[p] == '-' || b[p] == '+') {
		negative = b[p] == '-'
		p++
	}
	var mantissa uint64
	first := p
	for p < len(b) && b[p]-'0' <= 9 {
		mantissa = mantissa*10 + uint64(b[p]-'0')
		p++
	}
	digits, exponent, integer := p-first, 0, true
	if p < len(b) && b[p] == '.' {
		integer = false
		p++
		first = p
		for p < len(b) && b[p]-'0' <= 9 {
			mantissa = mantissa*10 + uint64(b[p]-'0')
			p++
		}
		exponent = first - p
		digits += p - first
	}
	if digits == 0 {
		return 0, start, false
	}
	if p < len(b) && b[p]|0x20 == 'e' {
		e, q, found := scanExponent(b, p+1)
		if !found {
			return 0, start, false
		}
		integer = false
		exponent += e
		p = q
	}
	if digits <= 19 && mantissa <= 1<<53 && -22 <= exponent && exponent <= 22 {
		v = float64(mantissa)
		if exponent < 0 {
			v /= pow10[-exponent]
		} else {
			v *= pow10[exponent]
		}
		if negative {
			v = -v
		}
		return v, p, true
	}
	v, err := strconv.ParseFloat(viewString(b[start:p]), 64)
	if err != nil || integer && (v >= 1<<53 || v <= -1<<53) {
		return 0, start, false
	}
	return v, p, true
}

// scanExponent reads an optional sign and digits. Exponents beyond 100,000 are
// returned as something as large; strconv then decides.
func scanExponent(b []byte, p int) (e, next int, found bool) {
	negative := false
	if p < len(b) && (b[p] == '-' || b[p] == '+') {
		negative = b[p] == '-'
		p++
	}
	first := p
	for p < len(b) && b[p]-'0' <= 9 {
		if e < 100_000 {
			e = e*10 + int(b[p]-'0')
		}
		p++
	}
	if negative {
		e = -e
	}
	return e, p, p > first
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
// "00123"), or it is an integer beyond 2^53 (keys, card numbers).
func isCode(text []byte) bool {
	text = bytes.TrimSpace(text)
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		text = text[1:]
	}
	if len(text) < 2 {
		return false
	}
	for _, c := range text {
		if c-'0' > 9 {
			return false
		}
	}
	_, exact := parseNumber(text)
	return text[0] == '0' || !exact
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
