package load

import (
	"context"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"synthos/dataset"
)

// arrowSink takes the rows of an Arrow file as they stand in it.
type arrowSink struct {
	*pending
	writer  *ipc.FileWriter
	schema  *arrow.Schema // of the file, with the column of reasons
	fields  []int         // of the source that are kept
	reasons bool
}

func (s *arrowSink) name() string { return s.path }

// copiesArrow reports whether an edit can be made in a file as it stands: a file, not a
// stream, of types that can be taken apart, and no change of a cell within another.
func copiesArrow(src *arrowSource, e *Edit) bool {
	if src.stream || e.Added != nil {
		return false
	}
	schema, err := src.fileSchema()
	if err != nil {
		return false
	}
	edited := e.Columns()
	for i, c := range src.columns {
		name := src.schema.Fields[i].Name
		if edited[name] && (len(c.path) > 1 || !editable(schema.Field(c.path[0]).Type)) || e.Without[name] && len(c.path) > 1 {
			return false
		}
	}
	return !slices.ContainsFunc(schema.Fields(), func(f arrow.Field) bool { return !cuttable(f.Type) })
}

// fileSchema returns the schema that the file states.
func (s *arrowSource) fileSchema() (*arrow.Schema, error) {
	reader, err := s.takeReader()
	if err != nil {
		return nil, err
	}
	defer s.readers.give(reader)
	return reader.Schema(), nil
}

// editable reports whether cells of a type can be written from a text.
func editable(t arrow.DataType) bool {
	return arrow.IsInteger(t.ID()) || t.ID() == arrow.FLOAT32 || t.ID() == arrow.FLOAT64 || t.ID() == arrow.BOOL || t.ID() == arrow.STRING || t.ID() == arrow.LARGE_STRING
}

// cuttable reports whether the library can put pieces of arrays of a type together.
func cuttable(t arrow.DataType) bool {
	switch t := t.(type) {
	case arrow.ExtensionType, *arrow.RunEndEncodedType, *arrow.StringViewType, *arrow.BinaryViewType, *arrow.ListViewType, *arrow.LargeListViewType, arrow.UnionType:
		return false
	case *arrow.DictionaryType:
		return cuttable(t.ValueType)
	case arrow.NestedType:
		return !slices.ContainsFunc(t.Fields(), func(f arrow.Field) bool { return !cuttable(f.Type) })
	}
	return true
}

func newArrowSink(src *arrowSource, path string, without map[string]bool, reasons bool) (*arrowSink, error) {
	schema, err := src.fileSchema()
	if err != nil {
		return nil, err
	}
	s := &arrowSink{reasons: reasons}
	gone := map[int]bool{}
	for i, c := range src.columns {
		gone[c.path[0]] = gone[c.path[0]] || without[src.schema.Fields[i].Name]
	}
	var fields []arrow.Field
	for i, f := range schema.Fields() {
		if !gone[i] {
			s.fields, fields = append(s.fields, i), append(fields, f)
		}
	}
	if reasons {
		fields = append(fields, arrow.Field{Name: ReasonColumn, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	metadata := schema.Metadata()
	s.schema = arrow.NewSchema(fields, &metadata)
	if s.pending, err = newPending(path, false); err != nil {
		return nil, err
	}
	options := []ipc.Option{ipc.WithSchema(s.schema)}
	if extension(path) == ".feather" { // as others write such files
		options = append(options, ipc.WithLZ4())
	}
	if s.writer, err = ipc.NewFileWriter(s.pending, options...); err != nil {
		s.discard()
		return nil, notWritten(path, err)
	}
	return s, nil
}

func (s *arrowSink) commit() error {
	if err := s.writer.Close(); err != nil {
		return notWritten(s.path, err)
	}
	return s.pending.commit()
}

// rows writes rows of a record batch, which ascend, with their reasons. change, if not nil,
// edits a column of those rows.
func (s *arrowSink) rows(record arrow.RecordBatch, at []int, reasons []string, change func(field int, column arrow.Array) (arrow.Array, error)) error {
	if len(at) == 0 {
		return nil
	}
	columns := make([]arrow.Array, 0, len(s.fields)+1)
	for _, i := range s.fields {
		column, err := taken(record.Column(i), at)
		if err == nil && change != nil {
			column, err = change(i, column)
		}
		if err != nil {
			return err
		}
		columns = append(columns, column)
	}
	if s.reasons {
		b := array.NewStringBuilder(memory.DefaultAllocator)
		b.AppendValues(reasons, nil)
		columns = append(columns, b.NewArray())
	}
	if err := s.writer.Write(array.NewRecordBatch(s.schema, columns, int64(len(at)))); err != nil {
		return notWritten(s.path, err)
	}
	return nil
}

// taken returns the cells of some rows, which ascend.
func taken(column arrow.Array, at []int) (arrow.Array, error) {
	if len(at) == column.Len() {
		return column, nil
	}
	var pieces []arrow.Array
	for from := 0; from < len(at); {
		to := from + 1
		for to < len(at) && at[to] == at[to-1]+1 {
			to++
		}
		pieces = append(pieces, array.NewSlice(column, int64(at[from]), int64(at[to-1]+1)))
		from = to
	}
	return array.Concatenate(pieces, memory.DefaultAllocator)
}

// arrow copies the rows of an Arrow file, one record batch after the other.
func (c *copying) arrow(ctx context.Context, src *arrowSource, kept, gone *arrowSink) error {
	changes := newArrowEdit(&c.edit, src)
	for _, r := range src.ranges {
		if err := ctx.Err(); err != nil {
			return err
		}
		records, err := src.records(r)
		if err != nil {
			return err
		}
		record, err := records()
		if err == io.EOF {
			continue
		}
		if err != nil {
			return err
		}
		var keep, drop []int
		var reasons []string
		for i := range int(record.NumRows()) {
			row := c.first + r.FirstRow + int64(i)
			reason, dropped := c.next(row, "")
			note, noted := c.edit.Noted[row]
			if !dropped {
				keep = append(keep, i)
				reason = note
			}
			if dropped || noted {
				drop, reasons = append(drop, i), append(reasons, reason)
			}
		}
		if gone != nil {
			if err := gone.rows(record, drop, reasons, nil); err != nil {
				return err
			}
		}
		err = kept.rows(record, keep, nil, func(field int, column arrow.Array) (arrow.Array, error) {
			return changes.apply(c.first+r.FirstRow, keep, field, column)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// arrowEdit changes the cells of columns.
type arrowEdit struct {
	edit   *Edit
	fields map[int]dataset.Field // of the file that have changes
}

func newArrowEdit(e *Edit, src *arrowSource) *arrowEdit {
	a := &arrowEdit{edit: e, fields: map[int]dataset.Field{}}
	edited := e.Columns()
	for i, f := range src.schema.Fields {
		if edited[f.Name] {
			a.fields[src.columns[i].path[0]] = f
		}
	}
	return a
}

// apply returns a column of the rows at, counted from first, with its cells changed.
func (a *arrowEdit) apply(first int64, at []int, field int, column arrow.Array) (arrow.Array, error) {
	f, changes := a.fields[field]
	if !changes {
		return column, nil
	}
	number := numberReader(f.Layout)
	b := array.NewBuilder(memory.DefaultAllocator, column.DataType())
	for i := range column.Len() {
		cell, edited := a.edit.Cells[Place{first + int64(at[i]), f.Name}]
		text, null := "", column.IsNull(i)
		if !null {
			text = column.ValueStr(i)
		}
		switch x, ok := number([]byte(text)); {
		case edited && cell.Null:
			null = true
		case edited && cell.Text != nil:
			text, null = *cell.Text, false
		case edited:
			text, null = numberText(cell.Number, column.DataType(), f.Layout), false
		case a.edit.Numbers[f.Name] != nil && !null && ok && x-x == 0:
			text = numberText(a.edit.Numbers[f.Name](x), column.DataType(), f.Layout)
		}
		if null {
			b.AppendNull()
		} else if err := b.AppendValueFromString(text); err != nil {
			return nil, err
		}
	}
	return b.NewArray(), nil
}

// numberText returns the text of x for a cell of a type: of integers it is rounded, in one of strings
// it stands as the layout says.
func numberText(x float64, t arrow.DataType, layout string) string {
	switch {
	case arrow.IsInteger(t.ID()):
		return strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	case t.ID() == arrow.BOOL:
		return strconv.FormatBool(x != 0)
	case t.ID() == arrow.STRING || t.ID() == arrow.LARGE_STRING:
		if text, ok := writtenNumber(x, layout); ok {
			return text
		}
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
