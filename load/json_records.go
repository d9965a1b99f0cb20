package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"synthos/dataset"
)

// jsonLayout is how the records of a JSON file stand one after the other.
type jsonLayout uint8

const (
	jsonLines  jsonLayout = iota // one a line
	jsonArray                    // the elements of one array
	jsonValues                   // one behind the other, over several lines each
)

// jsonRecords cuts the text of a JSON file into records.
type jsonRecords struct {
	path    string
	layout  jsonLayout
	blocks  *blocks
	parser  jsonParser
	row     int64 // number of the next record
	inside  bool  // jsonArray: the opening bracket has been read
	over    bool  // jsonArray: the closing bracket has been read
	wrapped bool  // jsonArray: other members of an object may follow
	count   int   // records so far, to look at the context now and then
}

func newJSONRecords(path string, layout jsonLayout, r io.Reader, row int64, o Options) *jsonRecords {
	return &jsonRecords{path: path, layout: layout, blocks: newBlocks(r, o.FieldBytes+blockBytes), row: row}
}

// next returns the text of the next record, nil at the end. It is valid until
// the next call. Only arrays and sequences of values are checked for syntax.
func (r *jsonRecords) next(ctx context.Context) ([]byte, error) {
	if r.count++; r.count&63 == 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	for {
		text, used, err := r.find()
		if err == nil {
			r.blocks.at += used
			if text != nil {
				r.row++
			}
			return text, nil
		}
		if err != errMore || r.blocks.end {
			return nil, r.failed(err)
		}
		if err := r.blocks.more(); err != nil {
			return nil, r.failed(err)
		}
	}
}

// find looks for a record in the buffer and returns it with the number of
// bytes up to its end; nil at the end of the input; errMore if there is none
// so far.
func (r *jsonRecords) find() (text []byte, used int, err error) {
	b := r.blocks.buf[r.blocks.at:]
	if r.layout == jsonLines {
		return findLine(b, r.blocks.end)
	}
	d := &r.parser
	d.reset(b)
	if r.layout == jsonArray && !r.over {
		if err := r.betweenElements(d); err != nil {
			return nil, 0, err
		}
	}
	if r.over && r.wrapped {
		return nil, len(d.b), nil
	}
	if d.space() == 0 && d.p == len(d.b) {
		if r.blocks.end && (r.layout == jsonValues || r.over) {
			return nil, d.p, nil
		}
		return nil, 0, errMore
	}
	if r.over {
		return nil, 0, d.wrong("the end of the file")
	}
	start := d.p
	if err := d.skip(0); err != nil {
		return nil, 0, err
	}
	if d.p == len(d.b) && !r.blocks.end { // a number may go on
		return nil, 0, errMore
	}
	r.inside = true
	return b[start:d.p], d.p, nil
}

// betweenElements passes over what stands before the next element of an array:
// the bracket or the comma. It sets over behind the closing bracket.
func (r *jsonRecords) betweenElements(d *jsonParser) error {
	c := d.space()
	if c == 0 && d.p == len(d.b) {
		return errMore
	}
	switch {
	case !r.inside && c == '[':
		d.p++
		if d.space() == ']' {
			d.p++
			r.over = true
		}
	case r.inside && c == ',':
		d.p++
	case r.inside && c == ']':
		d.p++
		r.over = true
	default:
		return d.wrong("a comma or ]")
	}
	if r.over {
		r.blocks.at += d.p
		d.reset(d.b[d.p:])
	}
	return nil
}

// findLine returns the first line of b that is not empty.
func findLine(b []byte, last bool) (line []byte, used int, err error) {
	for used < len(b) {
		i := bytes.IndexByte(b[used:], '\n')
		end := used + i + 1
		if i < 0 {
			if !last {
				return nil, 0, errMore
			}
			end = len(b)
		}
		line = trimCR(bytes.TrimSuffix(b[used:end], []byte{'\n'}))
		used = end
		if len(line) > 0 {
			return line, used, nil
		}
	}
	if last {
		return nil, used, nil
	}
	return nil, 0, errMore
}

// failed returns the error for text that cannot be cut into records.
func (r *jsonRecords) failed(err error) error {
	e := dataset.NewError(r.path, "the JSON is broken", "fix it there; lines of JSON (.jsonl) can be read past broken records")
	e.Row, e.Err = r.row, err
	switch {
	case errors.Is(err, errTooLong):
		e.Err = nil
		e.Found = fmt.Sprintf("a record of more than %d bytes", r.blocks.limit-blockBytes)
		e.Do = "check that records are separated, or raise the limit FieldBytes"
	case err == errMore:
		e.Err = nil
		e.Found, e.Do = "the file ends in the middle of this record or before the end of the array", "fetch or write it again"
	default:
		var known *dataset.Error
		if errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
	}
	return e
}
