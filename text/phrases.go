package text

import (
	"unicode"
	"unicode/utf8"
)

// How many tokens make a phrase: three words where words are told apart by
// spaces, and about as much where tokens are letters. Han and Kana take 1.5 to 2
// letters a word, Thai, Lao, Khmer and Myanmar, whose letters stand for sounds, 3
// to 4.
const (
	phraseWords      = 3
	phraseIdeographs = 5
	phraseSoundSigns = 10
)

// Phrases appends a hash of each phrase of a text to buf and returns it. tokens
// are the text's Tokens. A phrase is a run of three words, or of about as many
// letters in scripts without spaces between words, by the script that most of the
// tokens are of. A text that is shorter than a phrase is one phrase, so that
// short texts that repeat do show; a text without tokens is none.
//
// The result is a document whose single tokens are phrases: DistinctN of it with
// n = 1 is distinct-3 of Li et al. 2016 for texts with spaces.
func Phrases(tokens []string, buf []uint64) []uint64 {
	if len(tokens) == 0 {
		return buf
	}
	n := phraseLength(tokens)
	doc := make([]uint64, len(tokens))
	for i, t := range tokens {
		doc[i] = Hash(t)
	}
	return Grams(doc, min(n, len(doc)), buf)
}

// phraseLength returns how many of the tokens make a phrase.
func phraseLength(tokens []string) int {
	ideographs, sounds := 0, 0
	for _, t := range tokens {
		r, _ := utf8.DecodeRuneInString(t)
		switch {
		case !unspaced(r):
		case unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			sounds++
		default:
			ideographs++
		}
	}
	switch {
	case 2*sounds > len(tokens):
		return phraseSoundSigns
	case 2*(sounds+ideographs) > len(tokens):
		return phraseIdeographs
	}
	return phraseWords
}
