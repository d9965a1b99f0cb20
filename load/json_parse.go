package load

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// maxDepth is how deep JSON values may be nested.
const maxDepth = 64

// errMore says that the text ends within a JSON value.
var errMore = errors.New("the text ends in the middle of a JSON value")

// jsonParser reads JSON values from b, from position p on.
//
// The syntax is RFC 8259, with two liberties that are common in data files:
// strings may hold control characters as they are, and NaN, Infinity and
// -Infinity, as Python writes them, are literals. NaN is a null.
type jsonParser struct {
	b     []byte
	p     int
	arena []byte // strings of the current record that had escapes

	names []string // of the members of the last record, one behind the other
	name  int      // how many members of this record there were
	texts []byte   // memory for short strings that are kept
	width int      // members of the last record itself
}

// reset turns the parser to another text.
func (d *jsonParser) reset(b []byte) {
	d.b, d.p, d.arena, d.name = b, 0, d.arena[:0], 0
}

// keptNames is how many names of members a parser remembers.
const keptNames = 1 << 12

// keepName returns name as a string: the one that the record before had in its place,
// if it is the same.
func (d *jsonParser) keepName(name []byte) string {
	at := d.name
	d.name++
	if at < len(d.names) {
		if d.names[at] != string(name) {
			d.names[at] = string(name)
		}
		return d.names[at]
	}
	text := string(name)
	if at < keptNames {
		d.names = append(d.names, text)
	}
	return text
}

// keep returns text as a string. Short ones share an allocation with a few others.
func (d *jsonParser) keep(text []byte) string {
	if len(text) > sampleText {
		return string(text)
	}
	if cap(d.texts)-len(d.texts) < len(text) {
		d.texts = make([]byte, 0, 1<<10)
	}
	start := len(d.texts)
	d.texts = append(d.texts, text...)
	return viewString(d.texts[start:])
}

// space passes over white space and returns the next byte; 0 at the end.
func (d *jsonParser) space() byte {
	for ; d.p < len(d.b); d.p++ {
		switch c := d.b[d.p]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// wrong returns a syntax error about the byte at p, or errMore at the end.
func (d *jsonParser) wrong(expected string) error {
	if d.p >= len(d.b) {
		return errMore
	}
	r, _ := utf8.DecodeRune(d.b[d.p:])
	return fmt.Errorf("%q at position %d where %s is expected", r, d.p, expected)
}

// scalar reads true, false, null or a number and returns it as it stands
// there; nil for null and NaN.
func (d *jsonParser) scalar() ([]byte, error) {
	rest := d.b[d.p:]
	if len(rest) > 0 && rest[0]-'0' <= 9 {
		return d.number()
	}
	for _, word := range [...]string{"null", "true", "false", "NaN", "Infinity", "-Infinity"} {
		n := min(len(word), len(rest))
		if string(rest[:n]) != word[:n] {
			continue
		}
		if n < len(word) {
			if n == 1 && rest[0] == '-' {
				continue
			}
			d.p += n
			return nil, errMore
		}
		d.p += n
		if word == "null" || word == "NaN" {
			return nil, nil
		}
		return rest[:n], nil
	}
	return d.number()
}

// number reads a number. It ends where no byte of a number follows.
func (d *jsonParser) number() ([]byte, error) {
	start := d.p
	digits := func() bool {
		first := d.p
		for d.p < len(d.b) && d.b[d.p]-'0' <= 9 {
			d.p++
		}
		return d.p > first
	}
	at := func(c byte) bool { return d.p < len(d.b) && d.b[d.p] == c }
	if at('-') {
		d.p++
	}
	if at('0') {
		d.p++
	} else if !digits() {
		return nil, d.wrong("a value")
	}
	if at('.') {
		d.p++
		if !digits() {
			return nil, d.wrong("a digit")
		}
	}
	if at('e') || at('E') {
		d.p++
		if at('+') || at('-') {
			d.p++
		}
		if !digits() {
			return nil, d.wrong("a digit")
		}
	}
	return d.b[start:d.p], nil
}

// members reads an object and calls member behind each name and its colon;
// member reads the value.
func (d *jsonParser) members(depth int, member func(name []byte) error) error {
	return d.items('{', '}', depth, func() error {
		name, err := d.text()
		if err != nil {
			return err
		}
		if d.space() != ':' {
			return d.wrong("a colon")
		}
		d.p++
		return member(name)
	})
}

// items reads what stands between open and end, separated by commas.
func (d *jsonParser) items(open, end byte, depth int, item func() error) error {
	if depth >= maxDepth {
		return fmt.Errorf("values nested deeper than %d", maxDepth)
	}
	if d.space() != open {
		return d.wrong(string(open))
	}
	d.p++
	if d.space() == end {
		d.p++
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		switch d.space() {
		case ',':
			d.p++
		case end:
			d.p++
			return nil
		default:
			return d.wrong("a comma or " + string(end))
		}
	}
}

// skip passes over a value.
func (d *jsonParser) skip(depth int) error {
	switch d.space() {
	case '{':
		return d.members(depth, func([]byte) error { return d.skip(depth + 1) })
	case '[':
		return d.items('[', ']', depth, func() error { return d.skip(depth + 1) })
	case '"':
		_, err := d.text()
		return err
	}
	_, err := d.scalar()
	return err
}

// nested reads a value as nil, string, literal, []any or *record.
func (d *jsonParser) nested(depth int) (any, error) {
	switch d.space() {
	case '{':
		r := &record{}
		if depth == 0 {
			r.names, r.values = make([]string, 0, d.width), make([]any, 0, d.width)
			defer func() { d.width = min(len(r.names), keptNames) }()
		}
		err := d.members(depth, func(name []byte) error {
			key := d.keepName(name)
			value, err := d.nested(depth + 1)
			r.names, r.values = append(r.names, key), append(r.values, value)
			return err
		})
		return r, err
	case '[':
		list := []any{}
		err := d.items('[', ']', depth, func() error {
			value, err := d.nested(depth + 1)
			list = append(list, value)
			return err
		})
		return list, err
	case '"':
		text, err := d.text()
		return d.keep(text), err
	}
	text, err := d.scalar()
	if text == nil {
		return nil, err
	}
	return literal(d.keep(text)), err
}

// finish makes sure that nothing follows.
func (d *jsonParser) finish() error {
	if d.space() != 0 || d.p < len(d.b) {
		return d.wrong("the end of the record")
	}
	return nil
}
