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
	builders builderPool
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
	rows, known := dataset.RowsOf(s.ranges)
	s.partial = !s.options.Whole && (!known || in < rows)
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

// errEnough ends a read that has seen what it needs.
var errEnough = errors.New("enough")
