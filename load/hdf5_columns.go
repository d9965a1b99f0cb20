package load

import (
	"fmt"
	"math"
	"strings"

	"synthos/dataset"
	"synthos/load/hdf5"
)

// hdf5Column is a column of a table.
type hdf5Column struct {
	field      dataset.Field
	typ        *hdf5.Type
	offset     int    // bytes from the start of a row
	wide       bool   // holds integers that may be beyond 2^53
	perSecond  int64  // pandas' times: how many units of the integers a second has; 0 = no times
	nullText   string // pandas' texts: what stands for null
	hasNull    bool   // nullText counts
	categories []any  // pandas' categories, by code: string, or nil; nil = no categories
	objects    []any  // pandas' columns of objects, by row: string, or nil; then there is no part
	cast       forced
}

// describe sets the storage of a column by its type in the file.
func (c *hdf5Column) describe(pandasType string) {
	f := &c.field
	t := c.typ
	if unit, ok := timeUnit(pandasType, "datetime64"); ok && t.Class == hdf5.Integer {
		f.Type, c.perSecond = dataset.Time, unit
		return
	}
	if unit, ok := timeUnit(pandasType, "timedelta64"); ok && t.Class == hdf5.Integer {
		f.Type, c.perSecond = dataset.Float, unit
		return
	}
	switch {
	case t.Numeric() && (pandasType == "bool" || t.Class == hdf5.Bitfield && t.Size == 1 || isTruth(t)):
		f.Type = dataset.Bool
	case t.Class == hdf5.Integer && t.Numeric():
		f.Type, f.Integer, c.wide = dataset.Float, true, t.Size == 8
	case t.Class == hdf5.Float && t.Numeric(), t.Class == hdf5.Bitfield && t.Numeric():
		f.Type = dataset.Float
	default:
		f.Type = dataset.String
	}
}

// isTruth reports whether t is an enumeration of false and true, as h5py
// stores booleans.
func isTruth(t *hdf5.Type) bool {
	return t.Class == hdf5.Enum && len(t.Names) == 2 &&
		strings.EqualFold(t.Names[0], "false") && strings.EqualFold(t.Names[1], "true")
}

// timeUnit reads "datetime64[ns]"; without a unit, older versions of pandas
// meant nanoseconds.
func timeUnit(pandasType, kind string) (perSecond int64, ok bool) {
	unit, ok := strings.CutPrefix(pandasType, kind)
	if !ok {
		return 0, false
	}
	if i := strings.IndexByte(unit, ','); i >= 0 { // [ns, UTC]
		unit = unit[:i] + "]"
	}
	switch unit {
	case "", "[ns]":
		return 1e9, true
	case "[us]":
		return 1e6, true
	case "[ms]":
		return 1e3, true
	case "[s]":
		return 1, true
	}
	return 0, false
}

// hdf5Cells collects the cells of a column for one batch after the other.
type hdf5Cells struct {
	column *hdf5Column
	cast   forced
	v      dataset.Vector
	buf    []byte // the texts of a batch, one behind the other
	ends   []int
}

// begin starts a batch of n rows.
func (c *hdf5Cells) begin(n int) {
	c.v.Null, c.v.Invalid = sized(c.v.Null, n), c.v.Invalid[:0]
	if c.column.field.Type == dataset.String {
		c.v.Strings = sized(c.v.Strings, n)
		c.buf, c.ends = c.buf[:0], c.ends[:0]
	} else {
		c.v.Floats = sized(c.v.Floats, n)
	}
}

// remember fills the batch from the objects of the column, if it has any.
func (c *hdf5Cells) remember(first uint64, n int) {
	if c.column.objects == nil {
		return
	}
	for i := range n {
		text, ok := c.column.objects[first+uint64(i)].(string)
		c.addText(i, text, ok)
	}
}

func (c *hdf5Cells) addText(i int, text string, ok bool) {
	c.v.Null[i] = !ok
	if ok {
		c.buf = append(c.buf, text...)
	}
	c.ends = append(c.ends, len(c.buf))
}

// read decodes n rows of size bytes each into the batch from row at on.
func (c *hdf5Cells) read(f *hdf5.File, raw []byte, size, at, n int) error {
	for i := range n {
		b := raw[i*size+c.column.offset:]
		if c.column.field.Type != dataset.String {
			if err := c.readFloat(f, b, at+i); err != nil {
				return err
			}
			continue
		}
		text, ok, err := c.column.text(f, b)
		if err != nil {
			return err
		}
		c.addText(at+i, text, ok)
	}
	return nil
}

// text reads a cell as text.
func (col *hdf5Column) text(f *hdf5.File, b []byte) (string, bool, error) {
	if col.categories != nil {
		code, _ := col.typ.Float(b)
		if code < 0 {
			return "", false, nil
		}
		if code >= float64(len(col.categories)) {
			return "", false, fmt.Errorf("category %v of %d", code, len(col.categories))
		}
		text, ok := col.categories[int(code)].(string)
		return text, ok, nil
	}
	text, err := f.Text(col.typ, b)
	if err != nil || col.hasNull && text == col.nullText {
		return "", false, err
	}
	return plainText(text), true, nil
}

// readFloat reads a cell as a number.
func (c *hdf5Cells) readFloat(f *hdf5.File, b []byte, i int) error {
	col := c.column
	c.v.Floats[i], c.v.Null[i] = 0, true
	if col.perSecond > 0 {
		ticks, err := ticksOf(col.typ, b)
		if err == nil && ticks != math.MinInt64 { // NaT
			c.v.Floats[i], c.v.Null[i] = split(ticks, col.perSecond), false
		}
		return err
	}
	x, exact := col.typ.Float(b)
	switch {
	case exact && x-x == 0:
		c.v.Floats[i], c.v.Null[i] = x, false
	case math.IsNaN(x):
	default:
		text, err := f.Text(col.typ, b)
		if err != nil {
			return err
		}
		c.v.Invalid = append(c.v.Invalid, dataset.Invalid{Row: i, Text: text})
	}
	return nil
}

// ticksOf reads the integer of a point in time.
func ticksOf(t *hdf5.Type, b []byte) (int64, error) {
	v, ok := t.Int(b)
	if !ok {
		return 0, fmt.Errorf("a time that is no signed integer")
	}
	return v, nil
}

// vector returns the batch.
func (c *hdf5Cells) vector(n int) dataset.Vector {
	if c.column.field.Type == dataset.String {
		all := string(c.buf)
		start := 0
		for i, end := range c.ends {
			c.v.Strings[i] = all[start:end]
			start = end
		}
	}
	return c.cast.apply(&c.v, n)
}
