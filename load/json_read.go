package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"synthos/dataset"
)

// jsonSlot is the cell of one column in the current record.
type jsonSlot struct {
	text  []byte
	state slotState
}

type slotState uint8

const (
	slotNull slotState = iota
	slotLiteral
	slotText
)

// jsonReader reads the records of one range of a JSON file into batches.
type jsonReader struct {
	source  *jsonSource
	records *jsonRecords
	builder *builder
	fast    *jsonFast
	parser  jsonParser
	slots   []jsonSlot
	skipped []dataset.Finding
	notes   tallies
}

func newJSONReader(s *jsonSource, records *jsonRecords) *jsonReader {
	b := s.builders.take(s.schema)
	return &jsonReader{
		source:  s,
		records: records,
		builder: b,
		fast:    newJSONFast(s.root, b),
		slots:   make([]jsonSlot, len(s.schema.Fields)),
		notes:   tallies{},
	}
}

// close returns what the reader has borrowed.
func (r *jsonReader) close() { r.source.builders.give(r.builder) }

// run reads all records. What cannot be read is skipped: the batch ends before
// it, so that the rows of a batch are consecutive.
func (r *jsonReader) run(ctx context.Context, yield func(*dataset.Batch) error) error {
	for {
		text, err := r.records.next(ctx)
		if err != nil {
			return err
		}
		if text == nil {
			break
		}
		full := false
		r.source.noteReplaced(r.notes, r.records.row-1, text)
		switch err := r.add(text); {
		case err == nil:
			full = r.builder.endRow()
		case r.source.options.BadRows == StopBadRows:
			bad := r.source.badRecord(r.records.row-1, err)
			e := dataset.NewError(bad.Path, bad.Message, "fix the record, or go on without --bad-rows=stop")
			e.Row = bad.Row
			return e
		default:
			if r.builder.row > 0 {
				if err := r.flush(r.records.row-1, yield); err != nil {
					return err
				}
			}
			r.skipped = append(r.skipped, r.source.badRecord(r.records.row-1, err))
		}
		if full || len(r.skipped) == keptSkipped {
			if err := r.flush(r.records.row, yield); err != nil {
				return err
			}
		}
	}
	return r.flush(r.records.row, yield)
}

// keptSkipped is how many skipped rows end a batch.
const keptSkipped = 1000

// flush yields the rows before row number end, and the rows skipped before them.
func (r *jsonReader) flush(end int64, yield func(*dataset.Batch) error) error {
	skipped := r.skipped
	r.skipped = nil
	return r.builder.flush(end-int64(r.builder.row), skipped, yield)
}

// add adds the cells of a record to the builder.
func (r *jsonReader) add(text []byte) error {
	if !r.source.slowly && r.fast.read(text) {
		return nil
	}
	if err := r.record(text); err != nil {
		return err
	}
	for i, slot := range r.slots {
		if slot.state == slotNull {
			r.builder.addNull(i)
		} else {
			r.builder.add(i, slot.text, slot.state == slotText)
		}
	}
	return nil
}

// record fills the slots from a record.
func (r *jsonReader) record(text []byte) error {
	clear(r.slots)
	r.parser.reset(text)
	if r.parser.space() != '{' {
		return errNotRecord
	}
	if err := r.object(r.source.root, 0); err != nil {
		return err
	}
	return r.parser.finish()
}

var errNotRecord = errors.New("not a JSON object")

// object reads the object at p into the columns below n.
func (r *jsonReader) object(n *jsonNode, depth int) error {
	hint := 0
	return r.parser.members(depth, func(name []byte) error {
		var c *jsonNode
		c, hint = n.child(name, hint)
		if c == nil {
			r.notes.add(noteUnknownKey, r.records.row-1, "",
				fmt.Sprintf("the key %q is not in the sample that decided the columns; left out", cutText(name)))
			return r.parser.skip(depth + 1)
		}
		return r.value(c, depth+1)
	})
}

// value reads the value at p into the column of n, or those below it.
func (r *jsonReader) value(n *jsonNode, depth int) error {
	kind := r.parser.space()
	if n.column < 0 {
		return r.inner(n, kind, depth)
	}
	slot := &r.slots[n.column]
	switch kind {
	case '"':
		text, err := r.parser.text()
		*slot = jsonSlot{text, slotText}
		return err
	case '{', '[':
		v, err := r.parser.nested(depth)
		if err != nil {
			return err
		}
		text, _ := nestedText(v)
		*slot = jsonSlot{[]byte(text), slotText}
		return nil
	}
	text, err := r.parser.scalar()
	*slot = jsonSlot{text, slotLiteral}
	if text == nil {
		slot.state = slotNull
	}
	return err
}

// inner reads a value where the sample shows objects only. Of two members of
// the same name the last counts.
func (r *jsonReader) inner(n *jsonNode, kind byte, depth int) error {
	r.forget(n)
	if kind == '{' {
		return r.object(n, depth)
	}
	start := r.parser.p
	if err := r.parser.skip(depth); err != nil {
		return err
	}
	if text := bytes.TrimSpace(r.parser.b[start:r.parser.p]); string(text) != "null" && string(text) != "NaN" {
		r.notes.add(noteNoObject, r.records.row-1, "",
			fmt.Sprintf("the key %q holds %s where the sample shows objects; left out", n.name, cutText(text)))
	}
	return nil
}

// forget empties the columns below n.
func (r *jsonReader) forget(n *jsonNode) {
	if n.column >= 0 {
		r.slots[n.column] = jsonSlot{}
		return
	}
	for _, c := range n.children {
		r.forget(c)
	}
}
