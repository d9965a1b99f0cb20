package profile

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"synthos/dataset"
	"synthos/sketch"
)

const (
	// LevelsKept is how many distinct values of a column are counted exactly.
	LevelsKept = 4096
	// maxLevelBytes is where the text of a level is cut.
	maxLevelBytes = 256
	// maxInvalidRows is how many rows with invalid cells are named for a column.
	maxInvalidRows = 100
)

// column is the mergeable state of one column.
type column struct {
	field       dataset.Field
	moments     sketch.Moments // numbers only
	fractional  bool           // a number that is not whole was seen
	levels      *sketch.KMV    // hash -> count; strings with their text
	count       int64          // cells with a value
	nulls       int64
	invalid     int64
	invalidRows lowest[int64]
	length      int64 // code points in all strings
	words       int64 // words in all strings
}

func newColumn(f dataset.Field) *column {
	return &column{
		field:       f,
		levels:      sketch.NewKMV(LevelsKept),
		invalidRows: lowest[int64]{n: maxInvalidRows, compare: cmp.Compare[int64]},
	}
}

// add folds in the cells of v, of which the first is in data row first, and
// writes their hashes (see RowHash) to cells.
func (c *column) add(v *dataset.Vector, first int64, cells []uint64) {
	if c.field.Type.Numeric() {
		c.addFloats(v, first, cells)
	} else {
		c.addStrings(v, cells)
	}
	for _, x := range v.Invalid {
		if v.Null[x.Row] { // counted as a null above
			c.nulls--
			c.addInvalid(first + int64(x.Row))
		}
	}
}

func (c *column) addFloats(v *dataset.Vector, first int64, cells []uint64) {
	var values [256]float64
	n := 0
	for i, x := range v.Floats {
		cells[i] = nullHash
		if v.Null[i] || x != x {
			c.nulls++
			continue
		}
		if !finite(x) {
			c.addInvalid(first + int64(i))
			continue
		}
		x = positiveZero(x)
		c.count++
		values[n] = x
		if n++; n == len(values) {
			c.moments.AddAll(values[:])
			n = 0
		}
		if !c.fractional && x != math.Trunc(x) {
			c.fractional = true
		}
		hash := sketch.Mix(math.Float64bits(x))
		cells[i] = hash
		c.levels.AddHash(hash)
	}
	c.moments.AddAll(values[:n])
}

func (c *column) addStrings(v *dataset.Vector, cells []uint64) {
	for i, s := range v.Strings {
		cells[i] = nullHash
		if v.Null[i] {
			c.nulls++
			continue
		}
		c.count++
		length, count := words(s)
		c.length += int64(length)
		c.words += int64(count)
		hash := sketch.HashString(s)
		cells[i] = hash
		c.levels.AddLabelled(hash, cut(s))
	}
}

func (c *column) addInvalid(row int64) {
	c.invalid++
	c.invalidRows.add(row)
}

// cut returns at most the first maxLevelBytes bytes of s, not within a character.
func cut(s string) string {
	if len(s) <= maxLevelBytes {
		return s
	}
	end := maxLevelBytes
	for end > maxLevelBytes-utf8.UTFMax+1 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

func (c *column) merge(o *column) {
	c.moments.Merge(&o.moments)
	c.fractional = c.fractional || o.fractional
	c.levels.Merge(o.levels)
	c.count += o.count
	c.nulls += o.nulls
	c.invalid += o.invalid
	c.invalidRows.merge(&o.invalidRows)
	c.length += o.length
	c.words += o.words
}

func (c *column) appendBinary(b []byte) ([]byte, error) {
	for _, n := range []int64{c.count, c.nulls, c.invalid, c.length, c.words} {
		b = binary.LittleEndian.AppendUint64(b, uint64(n))
	}
	b = appendBool(b, c.fractional)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(c.invalidRows.items)))
	for _, row := range c.invalidRows.items {
		b = binary.LittleEndian.AppendUint64(b, uint64(row))
	}
	b, err := c.moments.AppendBinary(b)
	if err != nil {
		return nil, err
	}
	return c.levels.AppendBinary(b)
}

func appendBool(b []byte, x bool) []byte {
	if x {
		return append(b, 1)
	}
	return append(b, 0)
}

// profile returns what is known about the column, with its kind.
func (c *column) profile() Column {
	p := Column{
		Field:       c.field,
		Count:       c.count,
		Nulls:       c.nulls,
		Invalid:     c.invalid,
		Min:         c.moments.Min(),
		Max:         c.moments.Max(),
		Mean:        c.moments.Mean(),
		SD:          c.moments.SD(),
		MeanLength:  math.NaN(),
		MeanWords:   math.NaN(),
		InvalidRows: slices.Clone(c.invalidRows.items),
	}
	p.Distinct, p.DistinctExact = c.levels.Distinct()
	p.Levels, p.LevelsComplete = c.levelList(), c.levels.Complete()
	if c.field.Type == dataset.String && c.count > 0 {
		p.MeanLength = float64(c.length) / float64(c.count)
		p.MeanWords = float64(c.words) / float64(c.count)
	}
	p.Integer = c.field.Type == dataset.Float && c.count > 0 && !c.fractional
	p.Kind, p.KindEvidence = KindOf(&p)
	return p
}

// levelList returns the kept levels, most frequent first.
func (c *column) levelList() []Level {
	levels := make([]Level, 0, c.levels.Len())
	for hash, count := range c.levels.All() {
		l := Level{Count: count}
		if c.field.Type.Numeric() {
			l.Value = math.Float64frombits(sketch.Unmix(hash))
		} else {
			l.Text = c.levels.Label(hash)
		}
		levels = append(levels, l)
	}
	// Stable: texts that are equal because they were cut stay in order of their hashes.
	slices.SortStableFunc(levels, func(a, b Level) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Text, b.Text))
	})
	return levels
}

// check returns an error unless v holds the cells of n rows for c.
func (c *column) check(v *dataset.Vector, n int) error {
	cells := len(v.Strings)
	if c.field.Type.Numeric() {
		cells = len(v.Floats)
	}
	if cells != n || len(v.Null) != n {
		return fmt.Errorf("profile: column %q has %d cells and %d null marks in a batch of %d rows", c.field.Name, cells, len(v.Null), n)
	}
	return nil
}
