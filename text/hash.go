package text

import (
	"unicode/utf8"

	"github.com/zeebo/xxh3"
)

// Hash returns the 64-bit hash of a token by which documents are compared: 63
// bits of XXH3, and a lowest bit that says whether the token is one letter of a
// script without spaces between words, so that such letters can be taken in
// groups where others are taken as words.
func Hash(token string) uint64 {
	h := xxh3.HashString(token) &^ 1
	if r, _ := utf8.DecodeRuneInString(token); unspaced(r) {
		h |= 1
	}
	return h
}

// Hashes returns the hashes of the tokens of s.
func Hashes(s string) []uint64 {
	tokens := Tokens(s, nil)
	doc := make([]uint64, len(tokens))
	for i, token := range tokens {
		doc[i] = Hash(token)
	}
	return doc
}

// ideograph reports whether the token hashed to h is one letter of a script
// without spaces.
func ideograph(h uint64) bool { return h&1 == 1 }

// Grams appends a hash of each run of n consecutive tokens of doc to buf and
// returns it: len(doc)-n+1 hashes, none if doc is shorter than n; for n = 1 the
// tokens themselves. It panics if n < 1. Grams of different n never compare
// equal except by chance (2^-64).
func Grams(doc []uint64, n int, buf []uint64) []uint64 {
	if n < 1 {
		panic("text: n-grams need n >= 1")
	}
	if n == 1 {
		return append(buf, doc...)
	}
	for i := 0; i+n <= len(doc); i++ {
		buf = append(buf, gram(doc[i:i+n]))
	}
	return buf
}

// gram hashes a sequence of hashes.
func gram(tokens []uint64) uint64 {
	h := uint64(len(tokens))
	for _, t := range tokens {
		h = mix(h + t)
	}
	return h
}

// mix is the SplitMix64 step: a bijection of 64 bits that looks random.
//
// Source: Steele, Lea & Flood, Fast splittable pseudorandom number generators,
// OOPSLA 2014.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
