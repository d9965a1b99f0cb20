package profile

import (
	"unicode"
	"unicode/utf8"
)

// words returns the number of code points of s and of words: runs of characters
// without white space. Chinese characters and Japanese syllables, which are
// written without spaces, count as half a word each, since words have about two.
func words(s string) (length, count int) {
	inWord, syllables := false, 0
	for i := 0; i < len(s); {
		c := rune(s[i])
		size := 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(s[i:])
		}
		i += size
		length++
		switch {
		case c == ' ' || c >= '\t' && c <= '\r' || c >= utf8.RuneSelf && unicode.IsSpace(c):
			inWord = false
		case c >= 0x3040 && unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana):
			syllables++
			inWord = false
		case !inWord:
			count++
			inWord = true
		}
	}
	return length, count + (syllables+1)/2
}
