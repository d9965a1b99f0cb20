package localize

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"synthos/cache"
	"synthos/dataset"
	"synthos/encode"
)

const (
	fitRows     = 6000    // rows of each side that witnesses are fitted on, at most
	nearColumns = 128     // columns that distances look at, at most
	nearCells   = 1 << 24 // features of a side that are held, at most
)

var (
	errNothingToCompare = errors.New("localize: no column can be compared: they are ids, empty, or in only one of data and reference")
	errNoRows           = errors.New("localize: the sample or the reference has no rows")
)

// rows is a run of rows with the encodings that witnesses read. The encodings are
// made when they are first asked for, on one goroutine.
type rows struct {
	view    *view
	table   *dataset.Table
	columns []*dataset.Vector // of the table, in the order of the space
	invalid []map[int]string  // what stands in cells that could not be read, by row; of each column

	coded    *encode.Codes
	featured *encode.Features
	hashed   []uint64
}

func (r *rows) n() int { return r.table.Rows() }

// codes returns the codes of the rows in the view's space.
func (r *rows) codes() *encode.Codes {
	if r.coded == nil {
		r.coded = r.view.space.Codes(r.table)
	}
	return r.coded
}

// features returns the features of the rows in the space of distances.
func (r *rows) features() *encode.Features {
	if r.featured == nil {
		r.featured = r.view.near.Features(r.table)
	}
	return r.featured
}

// hash returns a hash of the modelled cells of each row.
func (r *rows) hash() []uint64 {
	if r.hashed == nil {
		r.hashed = hashRows(r.table, r.view.names)
	}
	return r.hashed
}

// first reports whether row i is the first of several equal ones. It stays when the
// others go, so it is not held against it that there are others.
func (r *rows) first(i int) bool {
	c := r.view.counts.rows[r.hash()[i]]
	return c.count > 1 && c.first == r.table.RowIDs[i]
}

// encoded makes all encodings, so that r can be used by several goroutines.
func (r *rows) encoded() *rows {
	r.codes()
	r.features()
	r.hash()
	return r
}

// part returns the rows at the given places, in that order, with the encodings
// that were made.
func (r *rows) part(at []int) *rows {
	out := r.view.rowsOf(r.table.Take(at))
	if r.coded != nil {
		out.coded = r.coded.Take(at)
	}
	if r.hashed != nil {
		out.hashed = make([]uint64, len(at))
		for k, i := range at {
			out.hashed[k] = r.hashed[i]
		}
	}
	return out
}

// view is what the witnesses are fitted on: the data, and rows that are known to
// be good, in one encoded space.
type view struct {
	ctx    context.Context
	in     Input
	schema *dataset.Schema // of batches: the source's columns, kinds decided
	space  *encode.Space
	names  []string      // of the columns of space
	near   *encode.Space // the space of distances: space, or fewer of its columns
	data   *rows         // of the sample
	good   *rows         // of the reference; nil in self mode
	usual  *coincidence  // how likely it is that rows are alike by chance
	counts *repeatCounts // of the rows of the whole data; set by study
	kin    *kin          // rows of the whole data that may be alike; set by study; nil if there are none
}

func newView(ctx context.Context, src dataset.Source, in Input) (*view, error) {
	if in.Schema == nil {
		in.Schema = in.Sample.Schema
	}
	if in.Rows == 0 {
		in.Rows = int64(in.Sample.Rows())
		if n, known := dataset.RowsOf(src.Ranges()); known {
			in.Rows = n
		}
	}
	v := &view{ctx: ctx, in: in, schema: withKinds(src.Schema(), in.Schema)}
	if in.Sample.Rows() == 0 || in.Reference != nil && in.Reference.Rows() == 0 {
		return nil, errNoRows
	}
	yardstick, names := in.Sample, in.Sample.Schema.Names()
	if in.Reference != nil {
		yardstick, names = in.Reference, common(in.Sample, in.Reference)
	}
	if len(names) > 0 {
		v.space = encode.Fit(yardstick, names)
	}
	if v.space == nil || len(v.space.Columns) == 0 {
		return nil, errNothingToCompare
	}
	for i := range v.space.Columns {
		v.names = append(v.names, v.space.Columns[i].Field.Name)
	}
	for _, name := range v.names {
		j, k := v.schema.Index(name), in.Sample.Schema.Index(name)
		if j < 0 || v.schema.Fields[j].Type.Numeric() != in.Sample.Schema.Fields[k].Type.Numeric() {
			return nil, fmt.Errorf("localize: the source does not hold column %q as the sample does", name)
		}
	}
	v.near = v.space
	if len(v.names) > nearColumns {
		v.near = encode.Fit(yardstick, evenly(v.names, nearColumns))
	}
	room := min(fitRows, max(100, nearCells/max(1, v.near.Width)))
	v.data = v.rowsOf(choose(in.Sample, in.Seed, room)).encoded()
	if in.Reference != nil {
		v.good = v.rowsOf(choose(in.Reference, in.Seed+1, room)).encoded()
	}
	v.usual = fitCoincidence(v, v.base())
	return v, ctx.Err()
}

// goodKey returns the key of an outcome that depends on nothing but the reference, the
// columns that are compared, the seed and what is added to it.
func (v *view) goodKey(what string) *cache.Key {
	key := cache.NewContentKey("localize " + what)
	key.Number(v.in.Seed)
	for _, s := range []*encode.Space{v.space, v.near} {
		for i := range s.Columns {
			f := s.Columns[i].Field
			key.Text(fmt.Sprintf("%s %s %s", f.Name, f.Kind, f.Type))
		}
	}
	for _, h := range hashRows(v.in.Reference, v.names) { // the spaces are fitted on all of them
		key.Number(h)
	}
	codes, features := v.good.codes(), v.good.features()
	key.Codes(codes.Data)
	key.Floats(features.Data)
	for i, h := range v.good.hash() {
		key.Number(h)
		key.Number(uint64(v.good.table.RowIDs[i]))
	}
	return key
}

// base returns the rows that tell what is usual: the good ones, in self mode the data.
func (v *view) base() *rows {
	if v.good != nil {
		return v.good
	}
	return v.data
}

// compared says which columns of the space the space of distances has.
func (v *view) compared() []bool {
	out := make([]bool, len(v.names))
	for i := range v.near.Columns {
		out[slices.Index(v.names, v.near.Columns[i].Field.Name)] = true
	}
	return out
}

// yardstick names the rows that tell what is usual, for sentences.
func (v *view) yardstick() string {
	if v.good != nil {
		return "reference"
	}
	return "data"
}

// withKinds returns the columns of source with the kinds that decided gives them.
func withKinds(source, decided *dataset.Schema) *dataset.Schema {
	s := &dataset.Schema{Fields: slices.Clone(source.Fields)}
	for i := range s.Fields {
		if j := decided.Index(s.Fields[i].Name); j >= 0 {
			s.Fields[i].Kind = decided.Fields[j].Kind
		}
	}
	return s
}

// common returns the names of the columns of r that d has in the same storage.
func common(d, r *dataset.Table) []string {
	var names []string
	for _, f := range r.Schema.Fields {
		if j := d.Schema.Index(f.Name); j >= 0 && d.Schema.Fields[j].Type.Numeric() == f.Type.Numeric() {
			names = append(names, f.Name)
		}
	}
	return names
}

// evenly returns n of the names, evenly spaced, in order.
func evenly(names []string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = names[i*len(names)/n]
	}
	return out
}

// choose returns n random rows of t, in order, or t if it has no more.
func choose(t *dataset.Table, seed uint64, n int) *dataset.Table {
	if t.Rows() <= n {
		return t
	}
	picked := rand.New(rand.NewPCG(seed, 0x10ca)).Perm(t.Rows())[:n]
	slices.Sort(picked)
	return t.Take(picked)
}

// rowsOf returns the rows of t, which has the columns of the space by name.
func (v *view) rowsOf(t *dataset.Table) *rows {
	r := &rows{view: v, table: t, columns: make([]*dataset.Vector, len(v.names)), invalid: make([]map[int]string, len(v.names))}
	for j, at := range t.Schema.Places(v.names) {
		c := &t.Columns[at]
		r.columns[j] = c
		if len(c.Invalid) > 0 {
			r.invalid[j] = make(map[int]string, len(c.Invalid))
		}
		for _, bad := range c.Invalid {
			r.invalid[j][bad.Row] = bad.Text
		}
	}
	return r
}

// batch returns the rows of b as a table in the state in which the first pass
// leaves a sample: NaN is null, infinities are invalid. It shares cells with b.
func (v *view) batch(b *dataset.Batch) *dataset.Table {
	t := b.Table(v.schema)
	for j := range t.Columns {
		if odd := notFinite(&t.Columns[j]); len(odd) > 0 {
			t.Columns[j] = withoutOdd(t.Columns[j], odd)
		}
	}
	return t
}

// owned gives t, which was taken from a batch, texts of its own: those of a batch end with it.
func owned(t *dataset.Table) *dataset.Table {
	for j := range t.Columns {
		c := &t.Columns[j]
		for i, s := range c.Strings {
			c.Strings[i] = strings.Clone(s)
		}
		for i, bad := range c.Invalid {
			c.Invalid[i].Text = strings.Clone(bad.Text)
		}
	}
	return t
}

func notFinite(v *dataset.Vector) []int {
	var odd []int
	for i, x := range v.Floats {
		if x-x != 0 && !v.Null[i] {
			odd = append(odd, i)
		}
	}
	return odd
}

func withoutOdd(v dataset.Vector, odd []int) dataset.Vector {
	v.Floats, v.Null, v.Invalid = slices.Clone(v.Floats), slices.Clone(v.Null), slices.Clone(v.Invalid)
	for _, i := range odd {
		if x := v.Floats[i]; math.IsInf(x, 0) {
			v.Invalid = append(v.Invalid, dataset.Invalid{Row: i, Text: strconv.FormatFloat(x, 'g', -1, 64)})
		}
		v.Floats[i], v.Null[i] = 0, true
	}
	return v
}
