package load

import (
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// encoding is how the characters of a text file are written.
type encoding uint8

const (
	utf8Text    encoding = iota // UTF-8; bytes that are not become U+FFFD
	windows1252                 // one byte a character, a superset of ISO 8859-1; see legacy.go for others
	utf16Little
	utf16Big
)

func (e encoding) String() string {
	for _, l := range legacies() {
		if l.encoding == e {
			return l.name
		}
	}
	return [...]string{utf8Text: "UTF-8", utf16Little: "UTF-16 little endian", utf16Big: "UTF-16 big endian"}[e]
}

var (
	utf8BOM = []byte("\xef\xbb\xbf")
	utf16LE = []byte("\xff\xfe")
	utf16BE = []byte("\xfe\xff")
)

// textEncoding tells the encoding of a text by its first bytes: by its byte order
// mark, of which mark is the length, or UTF-16 without one, if every other byte is
// zero in most characters.
func textEncoding(head []byte) (e encoding, mark int) {
	if isUTF32(head) { // which begins like UTF-16, and is refused
		return utf8Text, 0
	}
	if e, mark = byteOrderMark(head); mark > 0 {
		return e, mark
	}
	return unmarkedUTF16(head), 0
}

// unmarkedUTF16 returns the UTF-16 that head is in if at least six in ten of its
// characters are ASCII, none is a control character but white space, and one of
// both orders of the bytes only makes that so; else utf8Text.
func unmarkedUTF16(head []byte) encoding {
	head = head[:min(len(head), 4096)&^1]
	if len(head) < 4 {
		return utf8Text
	}
	var ascii, control [2]int
	for i := 0; i < len(head); i += 2 {
		for order := range 2 {
			low, high := head[i+order], head[i+1-order]
			switch {
			case high != 0:
			case low >= ' ' && low < 0x7f || low == '\t' || low == '\n' || low == '\r':
				ascii[order]++
			case low < ' ':
				control[order]++
			}
		}
	}
	for order, e := range [2]encoding{utf16Little, utf16Big} {
		if 10*ascii[order] >= 6*(len(head)/2) && control[order] == 0 {
			return e
		}
	}
	return utf8Text
}

// byteOrderMark tells the encoding that the first bytes of a file declare, and
// how long the declaration is. Without one, it is UTF-8 until proven otherwise.
func byteOrderMark(head []byte) (encoding, int) {
	switch {
	case bytes.HasPrefix(head, utf8BOM):
		return utf8Text, len(utf8BOM)
	case bytes.HasPrefix(head, utf16LE):
		return utf16Little, len(utf16LE)
	case bytes.HasPrefix(head, utf16BE):
		return utf16Big, len(utf16BE)
	}
	return utf8Text, 0
}

// incomplete returns how many bytes at the end of b (0 to 3) begin a character
// that b does not finish.
func incomplete(b []byte) int {
	for n := 1; n <= min(3, len(b)); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// countUTF8 returns how many multi-byte characters b holds, and how many bytes
// that are not UTF-8.
func countUTF8(b []byte) (wide, bad int64) {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			wide++
		}
		b = b[n:]
	}
	return wide, bad
}

// isForeign reports whether a text without byte order mark is not UTF-8, by the
// counts of countUTF8: a few broken characters do not make it another encoding.
func isForeign(wide, bad int64) bool { return bad > wide }

// decode returns a reader of r, which is in encoding e without byte order
// mark, as valid UTF-8.
func decode(r io.Reader, e encoding) *decoder {
	if d := legacyDecoder(e); d != nil {
		r, e = d.Reader(r), utf8Text
	}
	return &decoder{r: r, encoding: e, raw: make([]byte, 0, 64<<10)}
}

type decoder struct {
	r        io.Reader
	encoding encoding
	raw      []byte // read, not yet decoded
	out      []byte // decoded
	at       int    // position in out
	err      error
	bad      bool // what should be UTF-8 was not, somewhere
	returns  bool // carriage returns become newlines
}

func (d *decoder) Read(p []byte) (int, error) {
	for d.at == len(d.out) {
		if d.err != nil {
			return 0, d.err
		}
		n := len(d.raw)
		var k int
		k, d.err = d.r.Read(d.raw[n:cap(d.raw)])
		d.raw = d.raw[:n+k]
		used := d.convert(d.raw, d.err != nil)
		if d.returns {
			newlines(d.out)
		}
		d.raw = d.raw[:copy(d.raw, d.raw[used:])]
	}
	n := copy(p, d.out[d.at:])
	d.at += n
	return n, nil
}

// newlines puts newlines in place of carriage returns.
func newlines(text []byte) {
	for {
		i := bytes.IndexByte(text, '\r')
		if i < 0 {
			return
		}
		text[i] = '\n'
		text = text[i+1:]
	}
}

// endsInReturns reports whether the lines of a text end in carriage returns alone, as
// on Macintoshes before 2001.
func endsInReturns(head []byte) bool {
	return bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(bytes.TrimRight(head, "\r"), '\r') >= 0
}

// convert sets out to what raw means and returns how many bytes of raw it
// took: all of them if they are the last.
func (d *decoder) convert(raw []byte, last bool) int {
	d.out, d.at = d.out[:0], 0
	used := len(raw)
	switch d.encoding {
	case windows1252:
		for _, c := range raw {
			d.out = utf8.AppendRune(d.out, fromWindows1252(c))
		}
	case utf16Little, utf16Big:
		used = d.convertUTF16(raw, last)
	default:
		if !last {
			used -= incomplete(raw)
		}
		if utf8.Valid(raw[:used]) {
			d.out = append(d.out, raw[:used]...)
		} else {
			d.bad = true
			d.out = append(d.out, bytes.ToValidUTF8(raw[:used], []byte("\ufffd"))...)
		}
	}
	return used
}

func (d *decoder) convertUTF16(raw []byte, last bool) int {
	unit := func(i int) rune {
		if d.encoding == utf16Little {
			return rune(raw[i]) | rune(raw[i+1])<<8
		}
		return rune(raw[i])<<8 | rune(raw[i+1])
	}
	i := 0
	for i+2 <= len(raw) {
		r := unit(i)
		n := 2
		if utf16.IsSurrogate(r) {
			if i+4 > len(raw) && !last {
				return i
			}
			if i+4 <= len(raw) {
				if pair := utf16.DecodeRune(r, unit(i+2)); pair != utf8.RuneError {
					r, n = pair, 4
				}
			}
		}
		d.out = utf8.AppendRune(d.out, r) // a lone surrogate becomes U+FFFD
		i += n
	}
	if last {
		if i < len(raw) {
			d.out = utf8.AppendRune(d.out, utf8.RuneError)
		}
		return len(raw)
	}
	return i
}

// fromWindows1252 returns the character of a byte in Windows-1252. The five
// bytes that it leaves undefined are the control characters of ISO 8859-1.
func fromWindows1252(c byte) rune {
	if c >= 0x80 && c < 0xa0 {
		return windows1252High[c-0x80]
	}
	return rune(c)
}

// windows1252High holds the characters 0x80 to 0x9f. Source: the mapping
// published by the Unicode Consortium (CP1252.TXT) with the WHATWG Encoding
// Standard's choice for the undefined ones.
var windows1252High = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}
