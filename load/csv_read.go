package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"synthos/dataset"
)

// csvReader reads the records of one range of a CSV file into batches.
type csvReader struct {
	path      string
	schema    *dataset.Schema
	fields    fields
	blocks    *blocks
	builder   *builder
	blankRows bool // an empty line is a row: the file has one column
	columns   int
	quoted    []bool // by column; see dialect
	comments  bool   // lines that begin with # may be comments
	passed    int64  // comments that begin has passed over, before the record at hand
	strict    bool   // the first odd row is an error
	row       int64  // number of the next row
	notes     tallies
	final     bool        // the range is the last of the file
	source    *textSource // nil where rows are only copied
	sums      *sums       // nil = not wanted
	err       error       // about the first odd row, with strict
}

// recordFields is how many fields of the longest length a record may hold.
const recordFields = 4

func newCSVReader(path string, b *builder, d *dialect, r io.Reader, o Options) *csvReader {
	return &csvReader{
		path:      path,
		schema:    b.schema,
		fields:    newFields(d),
		blocks:    newBlocks(r, recordFields*o.FieldBytes),
		builder:   b,
		blankRows: len(b.columns) == 1,
		columns:   d.columns,
		quoted:    d.quoted,
		comments:  d.comments,
		strict:    o.BadRows == StopBadRows,
		notes:     tallies{},
	}
}

// run reads all records from row number first on.
func (r *csvReader) run(ctx context.Context, first int64, yield func(*dataset.Batch) error) error {
	r.row = first
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		full := false
		for !full {
			b := r.blocks
			after, status := r.record(b.buf, b.at, b.end)
			if status == needMore {
				if err := b.more(); err != nil {
					return r.failed(err)
				}
				continue
			}
			if r.err != nil {
				return r.err
			}
			if status == oneRecord && r.source != nil {
				r.source.noteReplaced(r.notes, r.row, b.buf[b.at:after])
			}
			b.at = after
			if r.passed > 0 {
				r.notes.count(noteComment, r.passed)
			}
			if status == noRecord {
				break
			}
			r.row++
			full = r.builder.endRow()
		}
		if err := r.builder.flush(r.row-int64(r.builder.row), nil, func(b *dataset.Batch) error {
			if r.sums != nil {
				r.sums.add(r.schema, b, r.final)
			}
			return yield(b)
		}); err != nil {
			return err
		}
		if !full {
			return nil
		}
	}
}

// failed returns the error for a record that cannot be read.
func (r *csvReader) failed(err error) error {
	if errors.Is(err, errTooLong) {
		e := dataset.NewError(r.path, fmt.Sprintf("a record of more than %d bytes", r.blocks.limit),
			"look for a quote that is never closed, or raise the limit FieldBytes")
		e.Row = r.row
		return e
	}
	return named(r.path, err)
}

// odd notes what is odd about the row being read.
func (r *csvReader) odd(kind, message string) {
	r.notes.add(kind, r.row, "", message)
	if r.strict && r.err == nil {
		e := dataset.NewError(r.path, message, "fix the row, or go on without --bad-rows=stop")
		e.Row = r.row
		r.err = e
	}
}

// status says what a look for a record found.
type status uint8

const (
	oneRecord status = iota
	noRecord         // the input ends here
	needMore         // the record is not all in the buffer
	openQuote        // a quote in the record is never closed
)

// record adds the record of b that starts at p, after empty lines, to the
// batch and returns the position behind it. With needMore and noRecord,
// nothing is added.
func (r *csvReader) record(b []byte, p int, last bool) (after int, s status) {
	p, s = r.begin(b, p, last)
	if s != oneRecord {
		return p, s
	}
	after, s = r.cells(b, p, last)
	if s == openQuote {
		r.odd(noteOpenQuote, "a quote is never closed; quotes are taken as characters of the text")
		r.fields.literal = true
		after, s = r.cells(b, p, last)
		r.fields.literal = false
	}
	return after, s
}

// begin returns where the next record starts, at p or behind empty lines.
func (r *csvReader) begin(b []byte, p int, last bool) (start int, s status) {
	r.passed = 0
	for p < len(b) {
		if b[p] == '#' && r.comments {
			n, whole := comment(b, p, last, r.fields.delimiter, r.columns)
			if !whole {
				return p, needMore
			}
			if n > 0 {
				p += n
				r.passed++
				continue
			}
		}
		if r.blankRows {
			return p, oneRecord
		}
		n, whole := blank(b, p, last)
		if !whole {
			return p, needMore
		}
		if n == 0 {
			return p, oneRecord
		}
		p += n
	}
	if last {
		return p, noRecord
	}
	return p, needMore
}

// cells adds the fields of the record of b that starts at p to the batch and
// returns the position behind it; unless the status is oneRecord, it takes back
// what it added.
func (r *csvReader) cells(b []byte, p int, last bool) (after int, s status) {
	start := p
	columns := r.builder.columns
	row := r.builder.row
	for i := range columns {
		// Most cells of most files are plain numbers: read them in place.
		if c := &columns[i]; c.plain && i+1 < len(columns) {
			v, q, ok := scanPlain(b, p)
			if ok && b[q] == r.fields.delimiter {
				if leadingZero(b, p) && isPadded(b[p:q]) {
					c.padded.rows = append(c.padded.rows, row)
				}
				c.floats[row], c.null[row] = v, false
				p = q + 1
				continue
			}
		}
		text, quoted, q, end := r.fields.next(b, p, last)
		if end == atBlockEnd || end == atNoQuote {
			r.builder.undo(i)
			return start, lacking(end)
		}
		r.builder.add(i, text, quoted && (len(text) > 0 || !r.quoted[i]))
		p = q
		switch {
		case end == atRecordEnd && i+1 < len(columns):
			r.missing(i+1, b[start] == '#')
			return p, oneRecord
		case end == atDelimiter && i+1 == len(columns):
			if p, s = r.surplus(b, p, last); s != oneRecord {
				r.builder.undo(i + 1)
				return start, s
			}
		}
	}
	return p, oneRecord
}

// lacking returns the status for a field that did not end.
func lacking(end fieldEnd) status {
	if end == atNoQuote {
		return openQuote
	}
	return needMore
}

// missing fills a record up that has n fields only.
func (r *csvReader) missing(n int, looksLikeComment bool) {
	if looksLikeComment {
		r.notes.count(noteMaybeComment, 1)
	}
	for i := n; i < len(r.builder.columns); i++ {
		r.builder.addNull(i)
	}
	r.odd(noteFewFields,
		fmt.Sprintf("has %d of %d fields; the rest is taken as null", n, len(r.builder.columns)))
}

// surplus passes over the fields from p on that there are no columns for. Empty
// ones come from a delimiter at the end of the line and are no reason for a
// note.
func (r *csvReader) surplus(b []byte, p int, last bool) (after int, s status) {
	n, empty := len(r.builder.columns), true
	for end := atDelimiter; end == atDelimiter; n++ {
		var text []byte
		text, _, p, end = r.fields.next(b, p, last)
		if end == atBlockEnd || end == atNoQuote {
			return p, lacking(end)
		}
		empty = empty && len(bytes.TrimSpace(text)) == 0
	}
	if !empty {
		r.odd(noteManyFields,
			fmt.Sprintf("has %d fields for %d columns; the rest is left out", n, len(r.builder.columns)))
	}
	return p, oneRecord
}
