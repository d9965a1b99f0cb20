package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Surface says what is odd about a document as a string of characters. Every
// measure is from 0 to 1; but for WordLength, 0 is ordinary. Characters are
// Unicode code points other than white space; shares of an empty document are 0.
type Surface struct {
	Empty        float64 // 1 if there is no letter and no digit: "", "...", "-"
	Unfinished   float64 // 1 if the text does not end like a sentence; see Inspect. Means little for one document: compare how often it happens
	Broken       float64 // share of characters that are U+FFFD, not UTF-8, control characters or without meaning (unassigned, private use)
	Mojibake     float64 // share of the characters beyond ASCII that are UTF-8 read as Windows-1252: "Ã©" for "é"
	Symbols      float64 // share of characters that are neither letters, marks nor digits
	Digits       float64 // share of characters that are digits or other numbers
	Markup       float64 // share of characters in HTML tags and entities: "<br>", "&nbsp;"
	RepeatedChar float64 // share of characters in runs of at least 4 of the same: "!!!!"
	RepeatedWord float64 // share of words in phrases of 1 to 8 words that follow themselves at once: "and then and then"
	WordLength   float64 // m/(m+5) for words of m characters on average: 0.5 at 5 characters, about that of English
}

// Inspect returns the Surface of s in linear time.
//
// A text ends like a sentence if its last character, closing quotes, brackets
// and markup emphasis apart, is one of Unicode's sentence terminals or an
// ellipsis; an Empty text has no end that could be missed.
func Inspect(s string) Surface {
	var f Surface
	var chars, letters, numbers, broken, beyond, run, repeated int
	var last, ending rune
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if r >= utf8.RuneSelf && r != utf8.RuneError { // spaces too: "Ã\u00a0" is "à"
			beyond++
		}
		if unicode.IsSpace(r) {
			last, run = r, 0
			continue
		}
		chars++
		switch {
		case unicode.In(r, unicode.L, unicode.M):
			letters++
		case unicode.IsNumber(r):
			numbers++
		case r == utf8.RuneError || !unicode.In(r, unicode.P, unicode.S, unicode.Cf):
			broken++
		}
		if r == last {
			run++
		} else {
			last, run = r, 1
		}
		switch {
		case run == longRun:
			repeated += run
		case run > longRun:
			repeated++
		}
		if !closing(r) {
			ending = r
		}
	}
	if letters+numbers == 0 {
		f.Empty = 1
	} else if !unicode.Is(unicode.Sentence_Terminal, ending) && ending != '…' {
		f.Unfinished = 1
	}
	f.Broken = share(broken, chars)
	f.Mojibake = share(mojibake(s), beyond)
	f.Symbols = share(chars-letters-numbers-broken, chars)
	f.Digits = share(numbers, chars)
	f.Markup = share(markup(s), chars)
	f.RepeatedChar = share(repeated, chars)

	tokens := Tokens(s, nil)
	f.RepeatedWord = share(repeatedWords(tokens), len(tokens))
	if len(tokens) > 0 {
		total := 0
		for _, token := range tokens {
			total += utf8.RuneCountInString(token)
		}
		mean := float64(total) / float64(len(tokens))
		f.WordLength = mean / (mean + 5)
	}
	return f
}

// longRun is the least number of equal characters in a row that count as
// repeated; words have at most three ("zzz", "...").
const longRun = 4

// share returns part / whole, 0 if whole is 0.
func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// closing reports whether r may follow the end of a sentence.
func closing(r rune) bool {
	return unicode.In(r, unicode.Pe, unicode.Pf, unicode.Pi) || strings.ContainsRune(`"'*_`+"`", r)
}

// maxPhrase is the longest phrase whose repetition is looked for, in words.
const maxPhrase = 8

// repeatedWords returns how many of tokens are in phrases of at most maxPhrase
// words that follow themselves at once. Phrases of nothing but numbers do not
// count: figures often repeat.
func repeatedWords(tokens []string) int {
	repeated := make([]bool, len(tokens))
	for period := 1; period <= maxPhrase; period++ {
		run, words := 0, 0 // of tokens, and of words among them, equal to those period before
		for i := period; i <= len(tokens); i++ {
			if i < len(tokens) && tokens[i] == tokens[i-period] {
				run++
				if first, _ := utf8.DecodeRuneInString(tokens[i]); !unicode.IsNumber(first) {
					words++
				}
				continue
			}
			if run >= period && words > 0 {
				for k := i - run - period; k < i; k++ {
					repeated[k] = true
				}
			}
			run, words = 0, 0
		}
	}
	n := 0
	for _, r := range repeated {
		if r {
			n++
		}
	}
	return n
}
