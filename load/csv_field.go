package load

import "bytes"

// noDelimiter stands for the delimiter of a file that has a single column. The
// byte occurs in no UTF-8 text.
const noDelimiter = 0xff

// fieldEnd says what ended a field.
type fieldEnd uint8

const (
	atDelimiter fieldEnd = iota // another field follows
	atRecordEnd                 // a line break, or the end of the input
	atBlockEnd                  // none yet: more bytes are needed
	atNoQuote                   // the end of the input, but the field's closing quote is missing
)

// fields cuts CSV records into fields.
//
// The grammar is RFC 4180, read leniently: records end with \n or \r\n outside
// quotes, a field that starts with a quote is quoted, "" in it is a quote, and
// what stands between the closing quote and the next delimiter is taken as
// text. A quote within an unquoted field is a character like any other. In some
// files the quote is ', and in some a backslash before it makes it a character.
type fields struct {
	delimiter byte
	quote     byte
	escape    bool   // \" in a quoted field is a quote
	spaced    bool   // spaces before a field are no part of it
	tails     int    // fields so far with text behind the closing quote
	literal   bool   // every quote is a character like any other
	scratch   []byte // a quoted field without its quotes
}

// newFields returns the cutter of the records of a dialect.
func newFields(d *dialect) fields {
	return fields{delimiter: d.delimiter, quote: d.quote, escape: d.escape, spaced: d.spaced}
}

// next returns the field of b that starts at p, whether it is quoted, and the
// position behind what ended it. last says that nothing follows b. The text
// is valid until the next call, and as long as b.
func (f *fields) next(b []byte, p int, last bool) (text []byte, quoted bool, after int, end fieldEnd) {
	for f.spaced && p < len(b) && b[p] == ' ' {
		p++
	}
	if p < len(b) && b[p] == f.quote && !f.literal {
		text, after, end = f.quoted(b, p, last)
		return text, true, after, end
	}
	start := p
	for p < len(b) && b[p] != f.delimiter && b[p] != '\n' {
		p++
	}
	switch {
	case p == len(b) && !last:
		return nil, false, p, atBlockEnd
	case p < len(b) && b[p] == f.delimiter:
		return b[start:p], false, p + 1, atDelimiter
	}
	return trimCR(b[start:p]), false, min(p+1, len(b)), atRecordEnd
}

// quoted is next for a field that starts with a quote.
func (f *fields) quoted(b []byte, p int, last bool) (text []byte, after int, end fieldEnd) {
	p++
	start := p
	f.scratch = f.scratch[:0]
	for {
		i := bytes.IndexByte(b[p:], f.quote)
		if i < 0 {
			if last {
				return nil, p, atNoQuote
			}
			return nil, p, atBlockEnd
		}
		p += i
		if p+1 == len(b) && !last {
			return nil, p, atBlockEnd
		}
		if f.escape && escaped(b[start:p]) {
			f.scratch = append(append(f.scratch, b[start:p-1]...), f.quote)
			p++
			start = p
			continue
		}
		if p+1 < len(b) && b[p+1] == f.quote {
			f.scratch = append(f.scratch, b[start:p+1]...)
			p += 2
			start = p
			continue
		}
		break
	}
	text = b[start:p]
	if len(f.scratch) > 0 {
		f.scratch = append(f.scratch, text...)
		text = f.scratch
	}
	p++
	rest := p
	for p < len(b) && b[p] != f.delimiter && b[p] != '\n' {
		p++
	}
	if p == len(b) && !last {
		return nil, p, atBlockEnd
	}
	end = atRecordEnd
	tail := b[rest:p]
	if p < len(b) && b[p] == f.delimiter {
		end = atDelimiter
	} else {
		tail = trimCR(tail)
	}
	if len(tail) > 0 {
		f.tails++
		if len(f.scratch) == 0 {
			f.scratch = append(f.scratch, text...)
		}
		f.scratch = append(f.scratch, tail...)
		text = f.scratch
	}
	return text, min(p+1, len(b)), end
}

// escaped reports whether what follows text is escaped: an odd number of
// backslashes ends it.
func escaped(text []byte) bool {
	n := len(text) - len(bytes.TrimRight(text, `\`))
	return n%2 == 1
}

// leniently is record that takes the quotes of a record as characters of the text
// if one of them is never closed.
func (f *fields) leniently(b []byte, p int, last bool) (after int, end fieldEnd) {
	after, end = f.record(b, p, last)
	if end == atNoQuote {
		f.literal = true
		after, end = f.record(b, p, last)
		f.literal = false
	}
	return after, end
}

// record returns the position behind the record that starts at p. The end is
// atRecordEnd, atBlockEnd or atNoQuote.
func (f *fields) record(b []byte, p int, last bool) (after int, end fieldEnd) {
	// Without a quote in it, the record is the line.
	if n := bytes.IndexByte(b[p:], '\n'); n >= 0 && bytes.IndexByte(b[p:p+n], f.quote) < 0 {
		return p + n + 1, atRecordEnd
	}
	for end = atDelimiter; end == atDelimiter; {
		_, _, p, end = f.next(b, p, last)
	}
	return p, end
}

// split returns the fields of the record that starts at p as strings, and the
// position behind it. Quotes that are never closed are taken literally. ok is
// false if b does not hold the whole record.
func (f *fields) split(b []byte, p int, last bool) (record []string, after int, ok bool) {
	start := p
	for {
		text, _, after, end := f.next(b, p, last)
		switch end {
		case atBlockEnd:
			f.literal = false
			return nil, p, false
		case atNoQuote:
			f.literal = true
			record, p = record[:0], start
			continue
		}
		record = append(record, string(text))
		p = after
		if end == atRecordEnd {
			f.literal = false
			return record, p, true
		}
	}
}

// blank returns the length of the line break at p if the line that starts
// there is empty, else 0. whole is false if b ends too early to tell.
func blank(b []byte, p int, last bool) (n int, whole bool) {
	switch {
	case b[p] == '\n':
		return 1, true
	case b[p] != '\r':
		return 0, true
	case p+1 < len(b) && b[p+1] == '\n':
		return 2, true
	case p+1 == len(b) && last:
		return 1, true
	}
	return 0, p+1 < len(b)
}

// comment returns the length of the line at p, with its break, if it is a comment:
// it begins with # and has fewer fields than a record, none of them in quotes. Else
// it is 0. whole is false if b ends too early to tell.
func comment(b []byte, p int, last bool, delimiter byte, columns int) (n int, whole bool) {
	n = bytes.IndexByte(b[p:], '\n') + 1
	if n == 0 {
		if !last {
			return 0, false
		}
		n = len(b) - p
	}
	line := b[p : p+n]
	if bytes.Count(line, []byte{delimiter}) >= columns-1 || bytes.Contains(line, []byte{delimiter, '"'}) {
		return 0, true
	}
	return n, true
}

// trimCR returns text without a carriage return at its end.
func trimCR(text []byte) []byte {
	if n := len(text); n > 0 && text[n-1] == '\r' {
		return text[:n-1]
	}
	return text
}
