package load

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// xmlScanner cuts the XML of a workbook's part into tags and the text between
// them, without building anything. It knows elements, attributes, entities,
// comments, processing instructions and CDATA; it does not check that elements
// nest.
type xmlScanner struct {
	r     io.Reader
	buf   []byte
	at, n int // what is not used yet is buf[at:n]
	err   error
}

// longestToken is how many bytes a tag or the text between two tags may have.
// A cell of Excel has at most 32,767 characters.
const longestToken = 16 << 20

var errLongToken = errors.New("a tag or text of more than 16 MiB")

func newXMLScanner(r io.Reader) *xmlScanner {
	return &xmlScanner{r: r, buf: make([]byte, 64<<10)}
}

// more reads on; what is not used yet moves to the start of buf. It reports
// whether there is anything new.
func (s *xmlScanner) more() bool {
	if s.err != nil {
		return false
	}
	copy(s.buf, s.buf[s.at:s.n])
	s.n -= s.at
	s.at = 0
	if s.n == len(s.buf) {
		if len(s.buf) >= longestToken {
			s.err = errLongToken
			return false
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for {
		k, err := s.r.Read(s.buf[s.n:])
		s.n += k
		s.err = err
		if k > 0 || err != nil {
			return k > 0
		}
	}
}

// find returns the position behind at of the first match of end, reading on as
// far as needed, or -1 if there is none.
func (s *xmlScanner) find(from int, end func(b []byte) int) int {
	for {
		if k := end(s.buf[s.at+from : s.n]); k >= 0 {
			return from + k
		}
		if !s.more() {
			return -1
		}
	}
}

func untilByte(c byte) func([]byte) int {
	return func(b []byte) int { return bytes.IndexByte(b, c) }
}

func untilText(text string) func([]byte) int {
	return func(b []byte) int { return bytes.Index(b, []byte(text)) }
}

// tagEnd finds the end of a tag; a > inside of quotes does not end it.
func tagEnd(b []byte) int {
	quote := byte(0)
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return -1
}

// next returns the text up to the next tag, and the tag. Both are valid until
// the next call. After the last tag it returns io.EOF; io.ErrUnexpectedEOF if
// the input ends within a tag.
func (s *xmlScanner) next() (text []byte, tag xmlTag, err error) {
	k := s.find(0, untilByte('<'))
	if k < 0 {
		if s.err == nil || s.err == io.EOF {
			return nil, xmlTag{}, io.EOF
		}
		return nil, xmlTag{}, s.err
	}
	end, literal := -1, false
	switch {
	case s.startsWith(k, "<!--"):
		if end = s.find(k+4, untilText("-->")); end >= 0 {
			end += 2
		}
	case s.startsWith(k, "<![CDATA["):
		if end = s.find(k+9, untilText("]]>")); end >= 0 {
			end += 2
			literal = true
		}
	default:
		end = s.find(k+1, tagEnd)
	}
	if end < 0 {
		if s.err == io.EOF {
			s.err = io.ErrUnexpectedEOF
		}
		return nil, xmlTag{}, s.err
	}
	b := s.buf[s.at:]
	text, tag = b[:k], parseTag(b[k+1:end])
	s.at += end + 1
	if literal {
		text, tag = b[k+9:end-2], xmlTag{literal: true}
	}
	return text, tag, nil
}

// startsWith reports whether prefix stands at position k of what is not used.
func (s *xmlScanner) startsWith(k int, prefix string) bool {
	for s.n-s.at < k+len(prefix) && s.more() {
	}
	return bytes.HasPrefix(s.buf[s.at+k:s.n], []byte(prefix))
}

// xmlTag is a tag without its angle brackets.
type xmlTag struct {
	name           []byte // without a namespace prefix
	attributes     []byte
	closing, empty bool // </name>, <name/>
	literal        bool // no tag: the text came from a CDATA section, as it is
}

func parseTag(b []byte) xmlTag {
	var t xmlTag
	if len(b) > 0 && b[0] == '/' {
		t.closing = true
		b = b[1:]
	}
	if n := len(b); n > 0 && b[n-1] == '/' {
		t.empty = true
		b = b[:n-1]
	}
	end := 0
	for end < len(b) && b[end] > ' ' {
		end++
	}
	t.name, t.attributes = b[:end], b[end:]
	if k := bytes.IndexByte(t.name, ':'); k >= 0 {
		t.name = t.name[k+1:]
	}
	return t
}

// starts reports whether t is <name ...> or <name/>.
func (t xmlTag) starts(name string) bool { return !t.closing && string(t.name) == name }

// ends reports whether an element ends here: </name> or <name/>.
func (t xmlTag) ends(name string) bool {
	return (t.closing || t.empty) && string(t.name) == name
}

// attribute returns the value of an attribute as it stands there; prefixes of
// namespaces count as part of the name. It is nil if there is none.
func (t xmlTag) attribute(name string) []byte {
	b := t.attributes
	for {
		for len(b) > 0 && b[0] <= ' ' {
			b = b[1:]
		}
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return nil
		}
		key := bytes.TrimSpace(b[:eq])
		b = bytes.TrimLeft(b[eq+1:], " \t\r\n")
		if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(b[1:], b[0])
		if end < 0 {
			return nil
		}
		if string(key) == name {
			return b[1 : 1+end]
		}
		b = b[end+2:]
	}
}

// appendText appends text with its entities and line ends resolved, and with
// Excel's own escapes for characters that XML cannot hold (_x000D_).
func appendText(out, text []byte) []byte {
	if bytes.IndexByte(text, '&') < 0 && bytes.IndexByte(text, '\r') < 0 && bytes.IndexByte(text, '_') < 0 {
		return append(out, text...)
	}
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '&':
			r, n := entity(text[i:])
			if n == 0 {
				out, n = append(out, '&'), 1
			} else {
				out = utf8.AppendRune(out, r)
			}
			i += n
		case c == '\r':
			out = append(out, '\n')
			i++
			if i < len(text) && text[i] == '\n' {
				i++
			}
		case c == '_' && i+7 <= len(text) && text[i+1] == 'x' && text[i+6] == '_':
			if r, err := strconv.ParseUint(string(text[i+2:i+6]), 16, 16); err == nil {
				out = utf8.AppendRune(out, rune(r))
				i += 7
				continue
			}
			fallthrough
		default:
			out = append(out, c)
			i++
		}
	}
	return out
}

// entity returns the character that the entity at the start of b stands for,
// and its length; 0 if it is none.
func entity(b []byte) (rune, int) {
	end := bytes.IndexByte(b[:min(len(b), 12)], ';')
	if end < 2 {
		return 0, 0
	}
	switch name := string(b[1:end]); name {
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	default:
		if name[0] != '#' {
			return 0, 0
		}
		digits, base := name[1:], 10
		if len(digits) > 0 && digits[0]|0x20 == 'x' {
			digits, base = digits[1:], 16
		}
		code, err := strconv.ParseUint(digits, base, 21)
		if err != nil {
			return 0, 0
		}
		return rune(code), end + 1
	}
}
