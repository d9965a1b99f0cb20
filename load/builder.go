package load

import (
	"fmt"

	"synthos/dataset"
)

// A builder collects the rows of one batch after the other from the text of
// their cells. It is shared by the readers of text formats.
type builder struct {
	schema  *dataset.Schema
	columns []columnBuilder
	batch   dataset.Batch
	row     int // rows complete in this batch
	room    int // rows that the columns have room for
	limit   int // rows of a full batch
	text    int // bytes of strings in this batch
}

// batchText is how many bytes of strings fill a batch, however few its rows.
const batchText = 4 << 20

// columnBuilder collects the cells of one column of a batch.
type columnBuilder struct {
	typ     dataset.Type
	read    func(text []byte) (float64, bool) // reads a cell, unless typ is String
	plain   bool                              // read is parseNumber
	padded  padded                            // cells read as numbers that have leading zeros
	floats  []float64
	null    []bool
	invalid []dataset.Invalid
	text    []byte // the cells of a String column, one behind the other
	ends    []int  // ends[i] is where row i ends in text
	strings []string
}

// newBuilder returns a builder of batches of the schema. Fields of type Time
// are read by their Layout.
func newBuilder(schema *dataset.Schema) *builder {
	b := &builder{schema: schema, columns: make([]columnBuilder, len(schema.Fields)), limit: batchRows(len(schema.Fields))}
	b.batch.Columns = make([]dataset.Vector, len(schema.Fields))
	for i, f := range schema.Fields {
		c := &b.columns[i]
		c.typ = f.Type
		switch f.Type {
		case dataset.Float:
			c.read = numberReader(f.Layout)
			c.plain = f.Layout == ""
		case dataset.Bool:
			c.read = parseBool
		case dataset.Time:
			c.read = timeReader(f.Layout)
		case dataset.String:
		default:
			panic(fmt.Sprintf("load: column %q of %v", f.Name, f.Type))
		}
	}
	b.grow()
	return b
}

// grow makes room for twice as many rows, 16 at first, up to the limit.
//
// The columns share one piece of memory with a cache line between them: rows are
// written across all columns, and if these were a power of two apart, the same row
// of each would want the same few places in the processor's caches.
func (b *builder) grow() {
	b.room = min(b.limit, max(16, 2*b.room))
	const line = 64 // bytes
	nulls := make([]bool, len(b.columns)*(b.room+line))
	floats := make([]float64, b.numbers()*(b.room+line/8))
	for i := range b.columns {
		c := &b.columns[i]
		copy(nulls, c.null)
		c.null, nulls = nulls[:b.room:b.room], nulls[b.room+line:]
		if c.typ == dataset.String {
			c.strings = make([]string, b.room)
			continue
		}
		copy(floats, c.floats)
		c.floats, floats = floats[:b.room:b.room], floats[b.room+line/8:]
	}
}

// numbers returns how many columns are not of type String.
func (b *builder) numbers() int {
	n := 0
	for i := range b.columns {
		if b.columns[i].typ != dataset.String {
			n++
		}
	}
	return n
}

// add sets column i of the row being built to the cell with the given text,
// which is not kept. Every column must be set once before endRow. quoted says
// that the file marks the cell as a string.
func (b *builder) add(i int, text []byte, quoted bool) {
	c := &b.columns[i]
	if c.typ == dataset.String {
		null := !quoted && isNull(text)
		c.null[b.row] = null
		if !null {
			c.text = append(c.text, text...)
			b.text += len(text)
		}
		c.ends = append(c.ends, len(c.text))
		return
	}
	v, ok := c.read(text)
	if ok && c.plain && isPadded(text) {
		c.padded.rows = append(c.padded.rows, b.row)
	}
	if !ok {
		v = 0
		if !isNullNumber(text) {
			c.invalid = append(c.invalid, dataset.Invalid{Row: b.row, Text: cutText(text)})
		}
	}
	c.floats[b.row], c.null[b.row] = v, !ok
}

// setFloat sets a column of the row being built, which is not of type String, to
// a value.
func (b *builder) setFloat(c *columnBuilder, v float64) {
	c.floats[b.row], c.null[b.row] = v, false
}

// endText sets a column of type String of the row being built to what has been
// appended to its text.
func (b *builder) endText(c *columnBuilder) {
	start := 0
	if b.row > 0 {
		start = c.ends[b.row-1]
	}
	b.text += len(c.text) - start
	c.ends = append(c.ends, len(c.text))
	c.null[b.row] = false
}

// addNull sets column i of the row being built to null.
func (b *builder) addNull(i int) {
	c := &b.columns[i]
	c.null[b.row] = true
	if c.typ == dataset.String {
		c.ends = append(c.ends, len(c.text))
		return
	}
	c.floats[b.row] = 0
}

// undo takes back the columns before n of the row being built, of those that
// were set.
func (b *builder) undo(n int) {
	for i := range b.columns[:n] {
		c := &b.columns[i]
		if c.typ == dataset.String {
			c.ends = c.ends[:b.row]
			start := 0
			if b.row > 0 {
				start = c.ends[b.row-1]
			}
			b.text -= len(c.text) - start
			c.text = c.text[:start]
		}
		if k := len(c.invalid); k > 0 && c.invalid[k-1].Row == b.row {
			c.invalid = c.invalid[:k-1]
		}
		if k := len(c.padded.rows); k > 0 && c.padded.rows[k-1] == b.row {
			c.padded.rows = c.padded.rows[:k-1]
		}
	}
}

// endRow completes a row and reports whether the batch is full.
func (b *builder) endRow() bool {
	b.row++
	if b.row == b.limit || b.text >= batchText {
		return true
	}
	if b.row == b.room {
		b.grow()
	}
	return false
}

// flush yields the rows collected so far as a batch and starts the next one.
// It does nothing if there are neither rows nor skipped ones. firstRow is the
// number of the batch's first row.
func (b *builder) flush(firstRow int64, skipped []dataset.Finding, yield func(*dataset.Batch) error) error {
	if b.row == 0 && len(skipped) == 0 {
		return nil
	}
	for i := range b.columns {
		b.batch.Columns[i] = b.columns[i].vector(b.row)
	}
	b.batch.FirstRow, b.batch.Rows, b.batch.Skipped = firstRow, b.row, skipped
	err := yield(&b.batch)
	for i := range b.columns {
		c := &b.columns[i]
		c.text, c.ends, c.invalid = c.text[:0], c.ends[:0], c.invalid[:0]
		c.padded.endBatch(firstRow)
	}
	b.row, b.text = 0, 0
	return err
}

// vector returns the first n cells.
func (c *columnBuilder) vector(n int) dataset.Vector {
	v := dataset.Vector{Null: c.null[:n], Invalid: c.invalid}
	if c.typ != dataset.String {
		v.Floats = c.floats[:n]
		return v
	}
	all := string(c.text)
	start := 0
	for i, end := range c.ends[:n] {
		c.strings[i] = all[start:end]
		start = end
	}
	v.Strings = c.strings[:n]
	return v
}
