package load

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"unicode/utf8"
)

// readsAsForeign reports whether the first bytes of a file are in an encoding that
// has to be decoded before anything in it can be told apart, and sets it.
func (s *textSource) readsAsForeign(head []byte, last bool) bool {
	if !last {
		head = head[:len(head)-incomplete(head)]
	}
	if !isForeign(countUTF8(head)) {
		return false
	}
	e, why := legacyOf(foreignLines(nil, head), s.options)
	if e == windows1252 {
		return false
	}
	s.encoding = e
	s.note("", why)
	return true
}

// setEncoding decides between UTF-8 and what was before it for a file without
// another byte order mark, from the counts of countUTF8 and lines that are not. The
// rows that lost characters are told once they have been read (noteReplaced).
func (s *textSource) setEncoding(wide, bad int64, sample []byte) {
	if bad == 0 {
		return
	}
	s.broken = true
	if !isForeign(wide, bad) {
		if s.exact {
			s.note("", fmt.Sprintf("bytes that are not UTF-8: %d, read as U+FFFD", bad))
		}
		return
	}
	e, why := legacyOf(sample, s.options)
	s.encoding = e
	s.note("", why)
}

// setCut takes over the ranges that c has cut f into.
func (s *textSource) setCut(ctx context.Context, c *cut) error {
	s.ranges = c.ranges
	if c.bad == 0 {
		return nil
	}
	wide, bad, sample, err := countFile(ctx, s.file)
	if err != nil {
		return named(s.path, err)
	}
	s.exact = true
	s.setEncoding(wide, bad, sample)
	return nil
}

// countFile is countText for a whole file.
func countFile(ctx context.Context, f file) (wide, bad int64, sample []byte, err error) {
	return countText(ctx, io.NewSectionReader(f, 0, math.MaxInt64))
}

// countText is countUTF8 for all that a reader gives; it also returns foreignLines
// of it.
func countText(ctx context.Context, text io.Reader) (wide, bad int64, sample []byte, err error) {
	r := newBlocks(text, blockBytes)
	for !r.end {
		if err := ctx.Err(); err != nil {
			return 0, 0, nil, err
		}
		if err := r.more(); err != nil {
			return 0, 0, nil, err
		}
		r.at = len(r.buf)
		if !r.end {
			r.at -= incomplete(r.buf)
		}
		w, b := countUTF8(r.buf[:r.at])
		wide, bad = wide+w, bad+b
		if b > 0 {
			sample = foreignLines(sample, r.buf[:r.at])
		}
	}
	return wide, bad, sample, nil
}

// foreignBytes is how much text decides its encoding.
const foreignBytes = 64 << 10

// foreignLines appends to sample the lines of text that are not UTF-8, up to
// foreignBytes.
func foreignLines(sample, text []byte) []byte {
	for line := range bytes.Lines(text) {
		if left := foreignBytes - len(sample); left <= 0 {
			break
		} else if !utf8.Valid(line) {
			sample = append(sample, line[:min(len(line), left)]...)
		}
	}
	return sample
}

// noteReplaced is the kind of notes about rows with characters that are lost.
const noteReplaced = "rows with characters that could not be read"

// replacement is U+FFFD, which stands for what could not be read.
var replacement = []byte("\ufffd")

// noteReplaced adds a note about the record of a row if characters of it are lost.
// Text that is UTF-8 throughout is not looked at.
func (s *textSource) noteReplaced(notes tallies, row int64, record []byte) {
	if !s.broken && (s.encoding == utf8Text || s.encoding == windows1252) {
		return
	}
	if n := bytes.Count(record, replacement); n > 0 {
		places := "1 place"
		if n > 1 {
			places = fmt.Sprintf("%d places", n)
		}
		notes.add(noteReplaced, row, "", fmt.Sprintf("bytes that are no character in %s, in %s: read as U+FFFD", s.encoding, places))
	}
}
