package load

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"synthos/dataset"
)

// jsonSink takes JSON records as they stand in a file.
type jsonSink struct {
	*pending
	array   bool // the records are the elements of one array
	reasons bool
	rows    int64
	line    []byte
	fields  []dataset.Field // of the source
	without map[string]bool
	chats   map[string]bool // columns that hold conversations
}

// nested reports whether a column may stand in an object of its own.
func (s *jsonSink) nested(name string) bool { return s.chats[name] || strings.Contains(name, ".") }

func (s *jsonSink) name() string { return s.path }

func newJSONSink(src *jsonSource, path string, without map[string]bool, array, reasons bool) (*jsonSink, error) {
	p, err := newPending(path, true)
	if err != nil {
		return nil, err
	}
	s := &jsonSink{pending: p, array: array, reasons: reasons, fields: src.schema.Fields, without: without, chats: map[string]bool{}}
	for _, chat := range src.chats {
		s.chats[src.schema.Fields[chat.at].Name] = true
	}
	return s, nil
}

// commit closes the array.
func (s *jsonSink) commit() error {
	if s.array {
		end := "\n]\n"
		if s.rows == 0 {
			end = "[]\n"
		}
		if _, err := s.Write([]byte(end)); err != nil {
			return notWritten(s.path, err)
		}
	}
	return s.pending.commit()
}

func (s *jsonSink) record(raw []byte, reason string) error {
	s.line = s.line[:0]
	switch {
	case s.array && s.rows == 0:
		s.line = append(s.line, "[\n"...)
	case s.array:
		s.line = append(s.line, ",\n"...)
	}
	s.rows++
	if !s.array { // one record a line, whatever it was
		raw = oneLine(raw)
	}
	s.line = append(s.line, raw...)
	if s.reasons {
		s.line = withMember(s.line, ReasonColumn, reason)
	}
	if !s.array {
		s.line = append(s.line, '\n')
	}
	if _, err := s.Write(s.line); err != nil {
		return notWritten(s.path, err)
	}
	return nil
}

// oneLine returns a record without line breaks between its values.
func oneLine(raw []byte) []byte {
	if bytes.IndexByte(raw, '\n') < 0 {
		return raw
	}
	var out bytes.Buffer
	if json.Compact(&out, raw) != nil {
		return bytes.ReplaceAll(raw, []byte{'\n'}, []byte{' '})
	}
	return out.Bytes()
}

// withMember appends a member to the object at the end of b; what is no object
// becomes a member of one.
func withMember(b []byte, name, value string) []byte {
	quoted, _ := jsontext.AppendQuote(nil, value)
	end := len(bytes.TrimRight(b, " \t\r\n"))
	if end == 0 || b[end-1] != '}' {
		text, _ := jsontext.AppendQuote(nil, string(b))
		return []byte(`{"record":` + string(text) + `,"` + name + `":` + string(quoted) + `}`)
	}
	b = bytes.TrimRight(b[:end-1], " \t\r\n")
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(append(append(b, `"`+name+`":`...), quoted...), '}')
}

// json copies JSON records.
func (c *copying) json(ctx context.Context, src *jsonSource, kept, gone rowSink) error {
	c.edit.stored = map[string]dataset.Field{}
	for _, f := range src.schema.Fields {
		c.edit.stored[f.Name] = f
	}
	change := len(c.edit.Numbers) > 0 || len(c.edit.Without) > 0 || len(c.edit.silenced) > 0
	rows := c.edit.rows()
	for _, r := range src.ranges {
		text, done, err := src.input(ctx, r)
		if err != nil {
			return err
		}
		records, err := src.records(text, r.FirstRow)
		if err != nil {
			done()
			return err
		}
		reader := newJSONReader(src, records)
		for err == nil {
			var raw []byte
			if raw, err = records.next(ctx); raw == nil || err != nil {
				break
			}
			row := c.first + records.row - 1
			broken := ""
			if c.edit.Broken {
				if bad := reader.record(raw); bad != nil {
					broken = "cannot be read: " + bad.Error()
				}
			}
			reason, dropped := c.next(row, broken)
			if note, noted := c.edit.Noted[row]; noted && !dropped && gone != nil {
				old := raw
				if change {
					old = c.edit.object(row, "", raw, false)
				}
				if err = gone.(*jsonSink).record(old, note); err != nil {
					break
				}
			}
			if change || rows[row] {
				raw = c.edit.object(row, "", raw, !dropped)
			}
			switch {
			case !dropped:
				err = kept.(*jsonSink).record(raw, "")
			case gone != nil:
				err = gone.(*jsonSink).record(raw, reason)
			}
		}
		reader.close()
		done()
		if err == nil {
			err = src.checkRows(r, records.row-r.FirstRow)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// object returns a JSON object with its members edited, those of objects in it
// too, whose columns have dotted names. With values, cells change; else columns are
// only left out. What cannot be parsed is returned as it is.
func (e *Edit) object(row int64, prefix string, raw []byte, values bool) []byte {
	d := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return raw
	}
	out := []byte{'{'}
	for d.PeekKind() != '}' {
		t, err := d.ReadToken()
		if err != nil {
			return raw
		}
		name := t.String()
		value, err := d.ReadValue()
		if err != nil {
			return raw
		}
		column := prefix + name
		if e.Without[column] {
			continue
		}
		edited := []byte(value)
		if value.Kind() == '{' {
			edited = e.object(row, column+".", edited, values)
		} else if roles := e.silenced[column]; roles != nil {
			edited = withoutRoles(value, roles)
		} else if values {
			edited = e.member(row, column, value)
		}
		if len(out) > 1 {
			out = append(out, ',', ' ')
		}
		out, _ = jsontext.AppendQuote(out, name)
		out = append(append(out, ':', ' '), edited...)
	}
	return append(out, '}')
}

// member returns what becomes of a value that is no object.
func (e *Edit) member(row int64, column string, value jsontext.Value) []byte {
	if v, ok := e.Cells[Place{row, column}]; ok {
		switch {
		case v.Null:
			return []byte("null")
		case v.Text != nil:
			return quoted(nil, *v.Text)
		case value.Kind() == '"' && e.stored[column].Type == dataset.Bool:
			return quoted(nil, strconv.FormatBool(v.Number != 0))
		case value.Kind() == '"' && e.stored[column].Type == dataset.Float:
			if text, ok := writtenNumber(v.Number, e.stored[column].Layout); ok {
				return quoted(nil, text)
			}
		case value.Kind() == 't' || value.Kind() == 'f':
			return []byte(strconv.FormatBool(v.Number != 0))
		}
		return []byte(formatNumber(v.Number))
	}
	change := e.Numbers[column]
	if change != nil && value.Kind() == '"' {
		return e.string(column, value, change)
	}
	if change == nil || value.Kind() != '0' {
		return value
	}
	x, err := strconv.ParseFloat(string(value), 64)
	if err != nil || x-x != 0 {
		return value
	}
	return []byte(formatNumber(change(x)))
}

// string returns what becomes of a string whose column holds numbers: a string again.
func (e *Edit) string(column string, value jsontext.Value, change func(float64) float64) []byte {
	f := e.stored[column]
	text, err := jsontext.AppendUnquote(nil, value)
	if err != nil || f.Type != dataset.Float {
		return value
	}
	x, ok := numberReader(f.Layout)(text)
	if !ok {
		return value
	}
	if written, ok := writtenNumber(change(x), f.Layout); ok {
		return quoted(nil, written)
	}
	return value
}
