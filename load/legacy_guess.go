package load

import (
	"bytes"
	"unicode"
)

// doubleBytes describes an encoding that writes a character of East Asia in two
// bytes. common are the first bytes of what nearly all text consists of: the
// syllables, and the characters that the standard lists as the more frequent half.
type doubleBytes struct {
	encoding encoding
	lead     func(c byte) bool
	trail    func(c byte) bool
	common   func(lead, trail byte) bool
}

func within(c, low, high byte) bool { return c >= low && c <= high }

func doubleByteEncodings() []doubleBytes {
	high := func(c byte) bool { return within(c, 0xa1, 0xfe) }
	lead := func(c byte) bool { return within(c, 0x81, 0xfe) }
	return []doubleBytes{ // of those that fit equally well, the first counts: each is narrower than the ones behind it
		{eucKR, lead, func(c byte) bool { return c >= 0x41 && c != 0xff && c != 0x7f }, func(l, t byte) bool { return (l == 0xa1 || l == 0xa3 || within(l, 0xb0, 0xc8)) && high(t) }},
		{eucJP, high, high, func(l, t byte) bool { return l == 0xa1 || within(l, 0xa3, 0xa5) || within(l, 0xb0, 0xcf) }},
		{gb18030, lead, func(c byte) bool { return c >= 0x40 && c != 0x7f && c != 0xff }, func(l, t byte) bool { return (l == 0xa1 || l == 0xa3 || within(l, 0xb0, 0xd7)) && high(t) }},
		{shiftJIS, func(c byte) bool { return within(c, 0x81, 0x9f) || within(c, 0xe0, 0xfc) }, func(c byte) bool { return within(c, 0x40, 0xfc) && c != 0x7f },
			func(l, t byte) bool { return within(l, 0x81, 0x83) || within(l, 0x88, 0x97) }},
		{big5, lead, func(c byte) bool { return within(c, 0x40, 0x7e) || high(c) }, func(l, t byte) bool { return within(l, 0xa1, 0xc6) }},
	}
}

// fit is how well text fits an encoding.
type fit struct {
	chars, common, wrong int // characters, those that are common, bytes that are none
	together             int // characters beside another one
	kana                 int // syllables of Japanese
}

// quality is the share of what is common, 0 if that is no text in the encoding.
// Characters of East Asia stand side by side; a sign such as a degree, with the
// letter behind it, does not.
func (f fit) quality() float64 {
	if f.chars < 4 || 50*f.wrong > f.chars || 10*f.together < 7*f.chars {
		return 0
	}
	return float64(f.common) / float64(f.chars)
}

func (d *doubleBytes) fit(text []byte) fit {
	var f fit
	before := -1 // where the last character ended
	for i := 0; i < len(text); {
		c := text[i]
		if c < 0x80 {
			i++
			continue
		}
		if i+1 == len(text) || !d.lead(c) || !d.trail(text[i+1]) {
			if i+1 < len(text) {
				f.wrong++
			}
			i++
			continue
		}
		f.chars++
		if d.common(c, text[i+1]) {
			f.common++
		}
		if d.encoding == eucJP && (c == 0xa4 || c == 0xa5) || d.encoding == shiftJIS && (c == 0x82 || c == 0x83) {
			f.kana++
		}
		if next := i + 2; before == i || next+1 < len(text) && d.lead(text[next]) && d.trail(text[next+1]) {
			f.together++
		}
		i += 2
		before = i
	}
	return f
}

// guessLegacy tells what a text is in that is not UTF-8: an encoding of East Asia
// whose common characters it consists of, one of Cyrillic, or Windows-1252. sure is
// false if that may well be wrong.
func guessLegacy(text []byte) (e encoding, sure bool) {
	const (
		typical = 0.97 // of the characters are common ones, in all but lists of rare names
		likely  = 0.85
	)
	best := 0.0
	for _, d := range doubleByteEncodings() {
		f := d.fit(text)
		q := f.quality()
		japanese := d.encoding == eucJP || d.encoding == shiftJIS
		switch {
		case q < likely:
			continue
		case japanese && 20*f.kana >= f.chars: // no other language writes so
			return d.encoding, f.chars >= 20
		case q > best && (best < typical || q > best+0.05):
			best, e, sure = q, d.encoding, q >= typical && f.chars >= 20 && !japanese
		}
	}
	if best > 0 {
		return e, sure
	}
	return guessLetters(text)
}

// guessLetters tells Cyrillic, by its most frequent letters, from Windows-1252.
func guessLetters(text []byte) (e encoding, sure bool) {
	var high, together, odd, lost int
	for i, c := range text {
		if c < 0x80 {
			continue
		}
		high++
		next := byte(0)
		if i+1 < len(text) {
			next = text[i+1]
		}
		if i > 0 && text[i-1] >= 0x80 || next >= 0x80 {
			together++
		}
		letter := unicode.IsLetter(fromWindows1252(c))
		if !letter && i > 0 && isASCIILetter(text[i-1]) && isASCIILetter(next) && c != 0x92 && c != 0xad { // but apostrophes and hyphens
			odd++
		}
		if within(c, 0x80, 0x9f) && unicode.IsControl(fromWindows1252(c)) {
			lost++
		}
	}
	frequent := func(letters string) bool { // about six in ten letters of Russian
		n := 0
		for _, c := range text {
			if c >= 0x80 && bytes.IndexByte([]byte(letters), c) >= 0 {
				n++
			}
		}
		return 100*n >= 45*high
	}
	if high >= 10 && 10*together >= 9*high {
		switch {
		case frequent("\xee\xe5\xe0\xe8\xed\xf2\xf1\xf0"):
			return windows1251, high >= 40
		case frequent("\xcf\xc5\xc1\xc9\xce\xd4\xd3\xd2"):
			return koi8R, high >= 40
		}
	}
	return windows1252, 10*together <= 7*high && 20*odd <= high && lost == 0
}

func isASCIILetter(c byte) bool { return within(c|0x20, 'a', 'z') }
