package load

import (
	"bytes"
	"context"
	"fmt"

	"synthos/dataset"
)

// csvSink takes CSV records as they stand in a file.
type csvSink struct {
	*pending
	reasons   bool
	delimiter byte
	quote     byte
	line      []byte
	end       string          // of a line
	dialect   dialect         // of the source
	fields    []dataset.Field // of the source
	without   map[string]bool
}

func (s *csvSink) name() string { return s.path }

func newCSVSink(src *csvSource, path string, without map[string]bool, reasons bool) (*csvSink, error) {
	p, err := newPending(path, true)
	if err != nil {
		return nil, err
	}
	s := &csvSink{pending: p, reasons: reasons, delimiter: src.dialect.delimiter, quote: src.dialect.quote, dialect: src.dialect, end: src.dialect.end, fields: src.schema.Fields, without: without}
	if src.mark > 0 && src.encoding == utf8Text { // which some programs need to see that it is UTF-8
		s.line = append(s.line, utf8BOM...)
	}
	if src.dialect.header == nil {
		if _, err := s.Write(s.line); err != nil {
			p.discard()
			return nil, notWritten(path, err)
		}
		return s, nil
	}
	shift := 0 // the column of row names has no field in the header
	if src.dialect.rowNames {
		shift = 1
	}
	first := true
	for i, name := range src.dialect.header {
		if without[src.schema.Fields[i+shift].Name] {
			continue
		}
		if !first {
			s.line = append(s.line, s.delimiter)
		}
		first = false
		s.line = s.text(s.line, name)
	}
	if reasons {
		s.line = append(append(s.line, s.delimiter), ReasonColumn...)
	}
	if _, err := s.Write(append(s.line, s.end...)); err != nil {
		p.discard()
		return nil, notWritten(path, err)
	}
	return s, nil
}

// text appends a text that must stay a text, in quotes if it needs them.
func (s *csvSink) text(line []byte, text string) []byte {
	if text == "" {
		return line
	}
	return appendField(line, text, s.quote)
}

// record writes a record without its line end.
func (s *csvSink) record(raw []byte, reason string) error {
	s.line = append(s.line[:0], raw...)
	if s.reasons {
		s.line = s.text(append(s.line, s.delimiter), reason)
	}
	if _, err := s.Write(append(s.line, s.end...)); err != nil {
		return notWritten(s.path, err)
	}
	return nil
}

// csv copies CSV records.
func (c *copying) csv(ctx context.Context, src *csvSource, kept, gone rowSink) error {
	cells := newCSVEdit(&c.edit, src)
	return src.each(ctx, func(row int64, raw []byte) error {
		row += c.first
		broken := ""
		if c.edit.Broken {
			if _, n := cells.count(raw); n > len(cells.names) {
				broken = fmt.Sprintf("cannot be read: %d fields in %d columns", n, len(cells.names))
			}
		}
		reason, dropped := c.next(row, broken)
		switch {
		case !dropped:
			if note, noted := c.edit.Noted[row]; noted && gone != nil {
				if err := gone.(*csvSink).record(cells.without(cells.padded(raw)), note); err != nil {
					return err
				}
			}
			return kept.(*csvSink).record(cells.apply(row, raw), "")
		case gone != nil:
			return gone.(*csvSink).record(cells.without(cells.padded(raw)), reason)
		}
		return nil
	})
}

// each calls visit with the text of every record, in order, without its line end.
func (s *csvSource) each(ctx context.Context, visit func(row int64, raw []byte) error) error {
	for _, r := range s.ranges {
		text, done, err := s.input(ctx, r)
		if err != nil {
			return err
		}
		reader := newCSVReader(s.path, newBuilder(s.schema), &s.dialect, text, s.options)
		if s.file == nil {
			err = reader.skipAbove(&s.dialect)
		}
		row := r.FirstRow
		for ; err == nil; row++ {
			if row%1024 == 0 && ctx.Err() != nil {
				err = ctx.Err()
				break
			}
			var raw []byte
			if raw, err = reader.raw(); raw == nil || err != nil {
				break
			}
			err = visit(row, raw)
		}
		done()
		if err == nil {
			err = s.checkRows(r, row-r.FirstRow)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// raw returns the text of the next record without its line end, nil at the end of
// the input. It is valid until the next call.
func (r *csvReader) raw() ([]byte, error) {
	b := r.blocks
	for {
		p, s := r.begin(b.buf, b.at, b.end)
		b.at = p
		if s == noRecord {
			return nil, nil
		}
		if s == oneRecord {
			after, end := r.fields.leniently(b.buf, p, b.end)
			if end == atRecordEnd {
				b.at = after
				r.row++
				return trimCR(bytes.TrimSuffix(b.buf[p:after:after], []byte{'\n'})), nil
			}
		}
		if err := b.more(); err != nil {
			return nil, r.failed(err)
		}
	}
}

// csvEdit changes the cells of records.
type csvEdit struct {
	edit   *Edit
	names  []string
	fields fields
	rows   map[int64]bool          // with a cell that changes
	types  map[string]dataset.Type // Bool, else Float
	layout map[string]string       // of columns of numbers
	quote  byte
	out    []byte
}

func newCSVEdit(e *Edit, src *csvSource) *csvEdit {
	c := &csvEdit{edit: e, names: src.schema.Names(), fields: newFields(&src.dialect), rows: e.rows(), quote: src.dialect.quote, types: map[string]dataset.Type{}, layout: map[string]string{}}
	for _, f := range src.schema.Fields {
		c.types[f.Name] = dataset.Float
		switch f.Type {
		case dataset.Bool:
			c.types[f.Name] = dataset.Bool
		case dataset.Float:
			c.layout[f.Name] = f.Layout
		}
	}
	return c
}

// rows returns the rows that have a cell in Cells.
func (e *Edit) rows() map[int64]bool {
	out := map[int64]bool{}
	for at := range e.Cells {
		out[at.Row] = true
	}
	return out
}

func (c *csvEdit) apply(row int64, raw []byte) []byte {
	if len(c.edit.Numbers) == 0 && len(c.edit.Without) == 0 && !c.rows[row] {
		return raw
	}
	return c.rewrite(raw, func(column string, field []byte, text []byte) []byte {
		if v, ok := c.edit.Cells[Place{row, column}]; ok {
			switch {
			case v.Null:
				return nil
			case v.Text != nil:
				return appendField(nil, *v.Text, c.quote)
			}
			if c.types[column] == dataset.Float {
				return c.number(v.Number, column)
			}
			return []byte(formatCell(v.Number, c.types[column], ""))
		}
		if change := c.edit.Numbers[column]; change != nil {
			if x, ok := numberReader(c.layout[column])(text); ok && x-x == 0 {
				return c.number(change(x), column)
			}
		}
		return field
	})
}

// number returns the field of a number as its column writes numbers, an empty one if that
// cannot be.
func (c *csvEdit) number(x float64, column string) []byte {
	text, ok := writtenNumber(x, c.layout[column])
	if !ok {
		return nil
	}
	return appendField(nil, text, c.quote)
}

// count returns how many fields a record has, and how many without empty ones at its end.
func (c *csvEdit) count(raw []byte) (all, told int) {
	p := 0
	for all = 1; ; all++ {
		text, _, after, end := c.fields.next(raw, p, true)
		if end == atNoQuote {
			c.fields.literal = true
			text, _, after, end = c.fields.next(raw, p, true)
			c.fields.literal = false
		}
		if len(text) > 0 {
			told = all
		}
		if p = after; end == atRecordEnd {
			return all, told
		}
	}
}

// padded returns a record with empty fields for those that it lacks, so that what follows
// stands in a column of its own.
func (c *csvEdit) padded(raw []byte) []byte {
	n, _ := c.count(raw)
	for ; n < len(c.names); n++ {
		raw = append(raw[:len(raw):len(raw)], c.fields.delimiter)
	}
	return raw
}

// without leaves the columns out of a record that is not changed otherwise.
func (c *csvEdit) without(raw []byte) []byte {
	if len(c.edit.Without) == 0 {
		return raw
	}
	return c.rewrite(raw, func(_ string, field, _ []byte) []byte { return field })
}

// rewrite puts a record together anew from what change makes of its fields: field
// is one as it stands in the file, text what it says.
func (c *csvEdit) rewrite(raw []byte, change func(column string, field, text []byte) []byte) []byte {
	c.out = c.out[:0]
	p, first := 0, true
	for i := 0; ; i++ {
		from := p
		text, _, after, end := c.fields.next(raw, p, true)
		if end == atNoQuote {
			c.fields.literal = true
			text, _, after, end = c.fields.next(raw, p, true)
			c.fields.literal = false
		}
		field := raw[from:after]
		if end == atDelimiter {
			field = field[:len(field)-1]
		}
		name := ""
		if i < len(c.names) {
			name = c.names[i]
		}
		if !c.edit.Without[name] || i >= len(c.names) {
			if !first {
				c.out = append(c.out, c.fields.delimiter)
			}
			first = false
			c.out = append(c.out, change(name, field, text)...)
		}
		if p = after; end == atRecordEnd {
			return c.out
		}
	}
}
