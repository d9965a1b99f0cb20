package load

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// raw passes over the string that starts at p and returns what stands between
// its quotes, and whether that has escapes.
func (d *jsonParser) raw() (text []byte, escapes bool, err error) {
	if d.space() != '"' {
		return nil, false, d.wrong("a string")
	}
	start := d.p + 1
	quote := -1
	for p := start; ; {
		if quote < p {
			i := bytes.IndexByte(d.b[p:], '"')
			if i < 0 {
				d.p = len(d.b)
				return nil, false, errMore
			}
			quote = p + i
		}
		i := bytes.IndexByte(d.b[p:quote], '\\')
		if i < 0 {
			d.p = quote + 1
			return d.b[start:quote], escapes, nil
		}
		escapes = true
		p += i + 2
	}
}

// text reads a string. The result is valid as long as b and the arena.
func (d *jsonParser) text() ([]byte, error) {
	at := d.p
	raw, escapes, err := d.raw()
	if err != nil || !escapes {
		return raw, err
	}
	start := len(d.arena)
	d.arena, err = appendUnescaped(d.arena, raw)
	if err != nil {
		d.p = at
		return nil, err
	}
	return d.arena[start:len(d.arena):len(d.arena)], nil
}

// appendUnescaped appends what a string with escapes means. Halves of
// surrogate pairs become U+FFFD.
func appendUnescaped(dst, raw []byte) ([]byte, error) {
	for {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			return append(dst, raw...), nil
		}
		dst = append(dst, raw[:i]...)
		if i+1 == len(raw) {
			return dst, errors.New("a string ends in a backslash")
		}
		c := raw[i+1]
		raw = raw[i+2:]
		switch c {
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r, ok := hex4(raw)
			if !ok {
				return dst, errors.New(`\u in a string without four hexadecimal digits`)
			}
			raw = raw[4:]
			if utf16.IsSurrogate(r) {
				r, raw = surrogates(r, raw)
			}
			dst = utf8.AppendRune(dst, r)
		default:
			return dst, fmt.Errorf("unknown escape \\%c in a string", c)
		}
	}
}

// surrogates returns the character whose first half is r, if the second half
// follows in raw, and what is left of raw.
func surrogates(r rune, raw []byte) (rune, []byte) {
	if len(raw) >= 6 && raw[0] == '\\' && raw[1] == 'u' {
		if second, ok := hex4(raw[2:]); ok {
			if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
				return pair, raw[6:]
			}
		}
	}
	return utf8.RuneError, raw
}

// hex4 reads four hexadecimal digits.
func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 4 {
		return 0, false
	}
	for _, c := range b[:4] {
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
