package load

import (
	"encoding/binary"
	"math/bits"
	"strings"
)

// jsonKey is how a name usually stands in the file, with quotes and colon. To compare
// it with text, two words are looked at: its first and its last eight bytes.
type jsonKey struct {
	text        string // "" if the name needs escapes
	first, last uint64 // of keys from 8 to 16 bytes
}

// newJSONKey returns the key of a name.
func newJSONKey(name string) (k jsonKey) {
	if strings.ContainsAny(name, `"\\`) {
		return k
	}
	k.text = `"` + name + `":`
	if n := len(k.text); n >= 8 && n <= 16 {
		k.first = binary.LittleEndian.Uint64([]byte(k.text))
		k.last = binary.LittleEndian.Uint64([]byte(k.text[n-8:]))
	}
	return k
}

// isAt reports whether the key stands in b at position p.
func (k *jsonKey) isAt(b []byte, p int) bool {
	n := len(k.text)
	if k.first != 0 && len(b)-p >= 16 {
		return binary.LittleEndian.Uint64(b[p:]) == k.first && binary.LittleEndian.Uint64(b[p+n-8:]) == k.last
	}
	return n > 0 && isAt(b, p, k.text)
}

// skipSpace returns the position of the first byte from p on that is no white
// space.
func skipSpace(b []byte, p int) int {
	for p < len(b) && b[p] <= ' ' && (b[p] == ' ' || b[p] == '\t' || b[p] == '\r' || b[p] == '\n') {
		p++
	}
	return p
}

// isAt reports whether word stands in b at position p.
func isAt(b []byte, p int, word string) bool {
	return len(b)-p >= len(word) && string(b[p:p+len(word)]) == word
}

// leadingZero reports whether the number at p, which is followed by more text,
// has a zero before its first digit, which JSON does not allow.
func leadingZero(b []byte, p int) bool {
	p += minusAt(b[p])
	return b[p] == '0' && b[p+1]-'0' <= 9
}

// stringStop returns the position of the first quote or backslash of b from p
// on, or one at or behind its end. It looks at eight bytes at a time: x-1 &^ x has
// the highest bit of a byte set where x is zero there, and below that only there.
func stringStop(b []byte, p int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for p+8 <= len(b) {
		word := binary.LittleEndian.Uint64(b[p:])
		quote, slash := word^'"'*ones, word^'\\'*ones
		if found := ((quote-ones)&^quote | (slash-ones)&^slash) & highs; found != 0 {
			return p + bits.TrailingZeros64(found)/8
		}
		p += 8
	}
	for p < len(b) && b[p] != '"' && b[p] != '\\' {
		p++
	}
	return p
}
