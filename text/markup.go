package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// markup returns how many characters of s are in HTML tags and entities.
func markup(s string) int {
	n := 0
	for i := 0; i < len(s); {
		end := i
		switch s[i] {
		case '<':
			end = tagEnd(s, i)
		case '&':
			end = entityEnd(s, i)
		}
		if end == i {
			i++
			continue
		}
		for _, r := range s[i:end] {
			if !unicode.IsSpace(r) {
				n++
			}
		}
		i = end
	}
	return n
}

// maxTag is the length of the longest tag that is recognised, in bytes.
const maxTag = 1000

// tagEnd returns the end of the HTML tag that starts with the '<' at s[i], or i
// if none does. What follows the name must hold a '=' unless it is blank, so
// that "a<b and c>d" is not a tag.
func tagEnd(s string, i int) int {
	inside, _, closed := strings.Cut(s[i+1:min(len(s), i+maxTag)], ">")
	if !closed || strings.Contains(inside, "<") {
		return i
	}
	name := strings.TrimPrefix(inside, "/")
	k := 0
	for k < len(name) && asciiWord(name[k]) {
		k++
	}
	if k == 0 || digitAt(name, 0) {
		return i
	}
	rest := strings.TrimSpace(strings.TrimSuffix(name[k:], "/"))
	if rest != "" && (!asciiSpace(name[k]) || !strings.Contains(rest, "=")) {
		return i
	}
	return i + 1 + len(inside) + 1
}

// entityEnd returns the end of the HTML entity that starts with the '&' at
// s[i], or i if none does: "&", a name of 2-31 letters and digits or "#" and a
// number, ";".
func entityEnd(s string, i int) int {
	start := i + 1
	if start < len(s) && s[start] == '#' {
		start++
	}
	end := start
	for end < len(s) && end-start < 31 && asciiWord(s[end]) {
		end++
	}
	if end-start < 2 || end == len(s) || s[end] != ';' {
		return i
	}
	return end + 1
}

func asciiSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// mojibake returns how many characters of s are in sequences that, written in
// Windows-1252 (or Latin-1), are the UTF-8 bytes of another character: "Ã©" is
// "é", "â€™" is an apostrophe. Two-character sequences that do not begin with
// Â or Ã count only where two follow each other, since capitals with an accent
// stand before quotation marks in healthy text too.
func mojibake(s string) int {
	n, doubtful := 0, 0
	for i := 0; i < len(s); {
		chars, size, sure := misread(s[i:])
		switch {
		case chars == 0:
			doubtful = 0
			_, size = utf8.DecodeRuneInString(s[i:])
		case sure:
			n += chars
		case doubtful == 0:
			doubtful = chars
		case doubtful > 0:
			n += chars + doubtful
			doubtful = -1 // counted; what follows counts at once
		default:
			n += chars
		}
		i += size
	}
	return n
}

// misread returns how many characters and bytes the misread UTF-8 sequence at
// the start of s has, 0 if there is none, and whether it can be nothing else.
func misread(s string) (chars, size int, sure bool) {
	var code [utf8.UTFMax]byte
	var ends [utf8.UTFMax]int
	n := 0
	for i, r := range s {
		c, ok := windows1252(r)
		if !ok || n == len(code) {
			break
		}
		code[n], ends[n] = c, i+utf8.RuneLen(r)
		n++
	}
	if n < 2 {
		return 0, 0, false
	}
	r, length := utf8.DecodeRune(code[:n])
	switch {
	case r != utf8.RuneError || length > 1:
		return length, ends[length-1], length > 2 || code[0] == 0xC2 || code[0] == 0xC3
	case code[0] == 0xE2 && code[1] == 0x80: // quotation marks and dashes, their third byte lost
		return 2, ends[1], true
	}
	return 0, 0, false
}

// windows1252 returns the byte for r, which must be beyond ASCII, in
// Windows-1252, or in Latin-1 where that has no character for the byte.
func windows1252(r rune) (byte, bool) {
	switch {
	case r >= 0x80 && r <= 0xFF:
		return byte(r), true
	case r > 0xFF:
		for i, special := range windows1252Specials {
			if r == special {
				return byte(0x80 + i), true
			}
		}
	}
	return 0, false
}

// windows1252Specials are the characters of the bytes 0x80 to 0x9F; 0 where
// there is none.
var windows1252Specials = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}
