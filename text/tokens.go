package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tokens appends the words of s, lower-cased and in order, to buf and returns
// it. A token is
//
//   - a run of letters, digits and the marks on them, of any script:
//     "don't" is "don", "t";
//   - a number with its decimals, without separators of thousands:
//     "1,250.5 kg" is "1250.5", "kg";
//   - one letter with its marks, in scripts that put no spaces between words
//     (Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar).
//
// Everything else, and bytes that are not UTF-8, only separates. Tokens share
// memory with s if s is in lower case, otherwise with one lower-cased copy;
// only numbers with separators are allocated one by one.
//
// Splitting the tokens joined by spaces gives the same tokens again.
func Tokens(s string, buf []string) []string {
	s = strings.ToLower(s)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case digitAt(s, i):
			end, grouped := numberEnd(s, i)
			end = runEnd(s, end)
			token := s[i:end]
			if grouped {
				token = strings.ReplaceAll(token, ",", "")
			}
			buf = append(buf, token)
			i = end
		case unspaced(r):
			end := marksEnd(s, i+size)
			buf = append(buf, s[i:end])
			i = end
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			end := runEnd(s, i+size)
			buf = append(buf, s[i:end])
			i = end
		default:
			i += size
		}
	}
	return buf
}

// unspaced reports whether r is a letter of a script that is written without
// spaces between words.
func unspaced(r rune) bool {
	switch {
	case r < 0x0E00:
		return false
	case r >= 0x4E00 && r <= 0x9FFF: // the common Han characters
		return true
	case r == 'ー' || r == 'ｰ': // lengthen Kana, but belong to no script
		return true
	}
	return unicode.IsLetter(r) && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// runEnd returns the end of the run of letters, digits and marks that goes on
// at s[i:].
func runEnd(s string, i int) int {
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			if !asciiWord(c) {
				break
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if unspaced(r) || !unicode.In(r, unicode.L, unicode.N, unicode.M) {
			break
		}
		i += size
	}
	return i
}

// marksEnd returns the end of the combining marks at s[i:].
func marksEnd(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsMark(r) {
			break
		}
		i += size
	}
	return i
}

// numberEnd returns the end of the number that starts at s[i], and whether it
// has separators of thousands: 1-3 digits followed by groups ",ddd".
func numberEnd(s string, i int) (end int, grouped bool) {
	end = digitsEnd(s, i)
	if end-i <= 3 {
		for end < len(s) && s[end] == ',' && digitsEnd(s, end+1) == end+4 {
			end += 4
			grouped = true
		}
	}
	for end < len(s) && s[end] == '.' && digitAt(s, end+1) {
		end = digitsEnd(s, end+1)
	}
	return end, grouped
}

func digitsEnd(s string, i int) int {
	for digitAt(s, i) {
		i++
	}
	return i
}

func digitAt(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }

func asciiWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
