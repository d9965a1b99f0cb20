package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync/atomic"
	"unicode/utf8"

	"synthos/dataset"
)

// textSource is what the sources of text formats share. A plain file is cut
// into ranges; one that is a stream (it is compressed, or in UTF-16, or its
// records cannot be told apart without reading them all) is one range, read
// from its start by every Read.
type textSource struct {
	path     string
	options  Options
	encoding encoding
	mark     int             // length of the byte order mark
	file     file            // nil if the file is a stream
	broken   bool            // the file is not, or not all, in UTF-8
	exact    bool            // all of the file has been looked at to tell its encoding
	schema   *dataset.Schema // with the layouts of our readers
	shown    *dataset.Schema
	ranges   []dataset.Range
	findings []dataset.Finding
	notes    notes
	blank    map[string]bool // columns of which the sample holds no value
	doubtful map[string]bool // columns whose layout is a guess
	coded    map[string]bool // columns of strings with names made of digits
	partial  bool            // not all rows were in the sample that decided the types
	foreign  atomic.Bool     // a stream that passes for UTF-8 by its head is not
	returns  bool            // lines end in carriage returns: they are read as newlines, of a stream
}

// sampleRuns returns where the rows are that decide the columns: a sample of n, or
// all rows if the options say so.
func (s *textSource) sampleRuns(n int) []sampleRun {
	if s.options.Whole {
		n = math.MaxInt64
	}
	runs := sampleRuns(s.ranges, int64(n))
	var in int64
	for _, run := range runs {
		in += run.end - run.first
	}
	last := dataset.Range{}
	if len(s.ranges) > 0 {
		last = s.ranges[len(s.ranges)-1]
	}
	s.partial = !s.options.Whole && (last.Rows < 0 || in < last.FirstRow+last.Rows)
	return runs
}

// hasCodes reports whether a column holds strings because there are names made of
// digits among them.
func (s *textSource) hasCodes(column string) bool { return s.coded[column] }

// unseen reports whether the type of a column was decided without a value.
func (s *textSource) unseen(column string) bool { return s.blank[column] }

// Schema implements dataset.Source.
func (s *textSource) Schema() *dataset.Schema { return s.shown }

// Ranges implements dataset.Source.
func (s *textSource) Ranges() []dataset.Range { return s.ranges }

// Findings implements dataset.Source. Those about single rows that were odd but
// could be read are there once their range has been read.
func (s *textSource) Findings() []dataset.Finding {
	return slices.Concat(s.findings, s.notes.findings(s.path))
}

// Close implements dataset.Source.
func (s *textSource) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// note adds a finding about the file, or about a column unless that is "".
func (s *textSource) note(column, message string) {
	s.findings = append(s.findings, dataset.Finding{Path: s.path, Row: -1, Column: column, Message: message})
}

// readHead returns the start of the file without its byte order mark: 1 MiB,
// or as much more as enough asks for. last says that it is all of the file. If
// the text is in UTF-16, it is decoded.
func (s *textSource) readHead(ctx context.Context, enough func(head []byte, last bool) bool) (head []byte, last bool, err error) {
	raw, err := openText(ctx, s.path, s.options)
	if err != nil {
		return nil, false, err
	}
	defer raw.Close()
	first := make([]byte, headBytes)
	n, err := fill(raw, first)
	if err != nil && err != io.EOF {
		return nil, false, named(s.path, err)
	}
	s.encoding, s.mark = textEncoding(first[:n])
	r := io.MultiReader(bytes.NewReader(first[s.mark:n]), raw)
	if s.encoding != utf8Text {
		r = decode(r, s.encoding)
		if s.mark == 0 {
			s.note("", "the text is "+s.encoding.String()+", though it does not say so")
		}
	}
	head = make([]byte, 0, 1<<20)
	for {
		n, err := fill(r, head[len(head):cap(head)])
		head = head[:len(head)+n]
		if err != nil && err != io.EOF {
			return nil, false, named(s.path, err)
		}
		last = err == io.EOF
		if s.encoding == utf8Text && s.mark == 0 && s.readsAsForeign(head, last) {
			r = decode(io.MultiReader(bytes.NewReader(bytes.Clone(head)), r), s.encoding)
			head = head[:0]
			continue
		}
		switch {
		case last && firstInk(head) == 0:
			return nil, false, dataset.NewError(s.path, "there is nothing but white space in the file", "check what wrote it")
		case last || enough(head, last):
			return head, last, nil
		case int64(cap(head)) > recordFields*s.options.FieldBytes:
			return nil, false, dataset.NewError(s.path, fmt.Sprintf("the first record is longer than %d bytes", len(head)),
				"check the format; in CSV look for a quote that is never closed")
		}
		head = append(make([]byte, 0, 4*cap(head)), head...)
	}
}

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

// isPlain reports whether the file is neither compressed nor in another encoding
// than UTF-8 and Windows-1252, by its head.
func (s *textSource) isPlain(ctx context.Context) (bool, error) {
	f, _, err := s.options.openFile(ctx, s.path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head, err := headOf(s.path, f)
	if err != nil {
		return false, err
	}
	return packingOf(head).name == plain && s.encoding == utf8Text && !s.returns, nil
}

// stream makes the whole file one range. Its encoding is that of its head, or of
// all of it if the options say so.
func (s *textSource) stream(ctx context.Context, head []byte, last bool) error {
	f, size, err := s.options.openFile(ctx, s.path)
	if err != nil {
		return err
	}
	f.Close()
	if s.encoding == utf8Text && s.options.Whole {
		raw, err := openText(ctx, s.path, s.options)
		if err != nil {
			return err
		}
		defer raw.Close()
		wide, bad, sample, err := countText(ctx, raw)
		if err != nil {
			return named(s.path, err)
		}
		s.exact = true
		s.setEncoding(wide, bad, sample)
	} else if s.encoding == utf8Text {
		if !last {
			head = head[:len(head)-incomplete(head)]
		}
		wide, bad := countUTF8(head)
		s.exact = last
		s.setEncoding(wide, bad, foreignLines(nil, head))
	}
	s.ranges = []dataset.Range{{Path: s.path, Length: size, Rows: -1}}
	return nil
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

// input returns the text of a range in UTF-8, from behind the byte order mark
// if the file is a stream. The caller calls done.
func (s *textSource) input(ctx context.Context, r dataset.Range) (text io.Reader, done func(), err error) {
	if s.file != nil {
		section := io.NewSectionReader(s.file, r.Offset, r.Length)
		if s.broken {
			return decode(section, s.encoding), func() {}, nil
		}
		return section, func() {}, nil
	}
	stream, err := openText(ctx, s.path, s.options)
	if err != nil {
		return nil, nil, err
	}
	if _, err := io.CopyN(io.Discard, stream, int64(s.mark)); err != nil {
		stream.Close()
		return nil, nil, named(s.path, err)
	}
	d := decode(stream, s.encoding)
	d.returns = s.returns
	return d, func() {
		if d.bad && !s.broken {
			s.foreign.Store(true)
		}
		stream.Close()
	}, nil
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

// checkRows makes sure that a range still has the rows it had.
func (s *textSource) checkRows(r dataset.Range, rows int64) error {
	if r.Rows < 0 || r.Rows == rows {
		return nil
	}
	return dataset.NewError(s.path, fmt.Sprintf("has %d rows in bytes %d to %d, where it had %d when it was opened", rows, r.Offset, r.Offset+r.Length, r.Rows),
		"run again when nothing writes to the file")
}

// checkColumns makes sure that there are not too many columns.
func (s *textSource) checkColumns(n int) error {
	if n <= s.options.MaxColumns {
		return nil
	}
	return dataset.NewError(s.path, fmt.Sprintf("has %d columns", n), fmt.Sprintf("raise the limit MaxColumns, which is %d", s.options.MaxColumns))
}

// setSchema decides the types of the fields: as the options say, else as the
// field says, else by the sample of its column.
func (s *textSource) setSchema(fields []dataset.Field, sample [][]cell, typed bool) {
	schema := &dataset.Schema{Fields: make([]dataset.Field, len(fields))}
	for i, f := range fields {
		forced, isForced := s.options.Types[f.Name]
		if !isForced {
			forced = f.Type
		}
		field, finding := inferAs(sample[i], forced, typed)
		field.Name = f.Name
		if layout := s.options.Layouts[f.Name]; layout != "" && field.Type == dataset.Time {
			field.Layout, finding = layout, ""
		}
		if layout := s.options.Prefer[f.Name]; finding != "" && readsAs(sample[i], field, layout) {
			field.Layout, finding = layout, ""
		}
		if finding != "" {
			if s.doubtful == nil {
				s.doubtful = map[string]bool{}
			}
			s.doubtful[f.Name] = true
		}
		if !isForced && field.Type == dataset.String && slices.ContainsFunc(sample[i], func(c cell) bool { return isCode([]byte(c.text)) }) {
			if s.coded == nil {
				s.coded = map[string]bool{}
			}
			s.coded[f.Name] = true
		}
		if !isForced && field.Type != dataset.Time || forced == dataset.Time && field.Layout == isoDate {
			if layout := epochLayout(f.Name, sample[i]); layout != "" {
				field.Type, field.Layout, field.Integer = dataset.Time, layout, false
			}
		}
		if field.Type == dataset.Time {
			field.Layout = withCentury(field.Layout, sample[i])
		}
		if len(sample[i]) == 0 {
			if s.blank == nil {
				s.blank = map[string]bool{}
			}
			s.blank[f.Name] = true
		}
		schema.Fields[i] = field
		if finding != "" {
			s.note(f.Name, finding)
		} else if about := tell(field, sample[i]); about != "" && !(isForced && field.Type == dataset.String) {
			s.note(f.Name, about)
		}
	}
	s.schema, s.shown = schema, &dataset.Schema{Fields: shownFields(schema.Fields)}
}

// errEnough ends a read that has seen what it needs.
var errEnough = errors.New("enough")
