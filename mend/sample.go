package mend

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"synthos/dataset"
	"synthos/load"
	"synthos/recommend"
	"synthos/scan"
)

// sampleDown finds the rows that reweight drops: what there is too much of is told by the
// sample without the rows that go already, with the cells that fixes before it change; every
// row of the file is then drawn by its cells, so mended, and its number.
func (m *maker) sampleDown(ctx context.Context, e scan.Engine) error {
	var rest []int
	for i, row := range m.in.Data.RowIDs {
		if !m.gone(row) {
			rest = append(rest, i)
		}
	}
	edit := newEdited(&m.plan.Edit)
	learned := m.repairs.Sample(edit.table(m.in.Data.Take(rest)))
	if learned == nil {
		return nil
	}
	merged, err := e.Aggregate(ctx, m.in.Source, func() scan.Accumulator {
		return &sampler{sample: learned, schema: m.in.Data.Schema, edit: edit, gone: m.gone}
	}, nil)
	if err != nil {
		return err
	}
	found, ok := merged.(*sampler)
	if !ok {
		return fmt.Errorf("mend: the engine returned a %T", merged)
	}
	m.sampled, m.sampledWhy = found.rows(), learned.Say()
	return nil
}

// edited is what the fixes before change in cells.
type edited struct {
	numbers map[string]func(x float64) float64
	cells   map[load.Place]load.Value
	columns []string // of cells and numbers, each once
}

func newEdited(e *load.Edit) *edited {
	return &edited{e.Numbers, e.Cells, slices.Sorted(maps.Keys(e.Columns()))}
}

// table returns t with its cells changed; it shares the columns that are not.
func (e *edited) table(t *dataset.Table) *dataset.Table {
	out := &dataset.Table{Schema: t.Schema, RowIDs: t.RowIDs, Columns: slices.Clone(t.Columns)}
	for _, name := range e.columns {
		c := &out.Columns[t.Schema.Index(name)]
		c.Floats, c.Strings, c.Null = slices.Clone(c.Floats), slices.Clone(c.Strings), slices.Clone(c.Null)
		change := e.numbers[name]
		for i, row := range t.RowIDs {
			switch x, ok := e.cells[load.Place{Row: row, Column: name}]; {
			case ok && x.Null:
				c.Null[i] = true
			case ok && x.Text != nil:
				c.Null[i], c.Strings[i] = false, *x.Text
			case ok:
				c.Null[i], c.Floats[i] = false, x.Number
			case change != nil && !c.Null[i]:
				c.Floats[i] = change(c.Floats[i])
			}
		}
		c.Invalid = slices.DeleteFunc(slices.Clone(c.Invalid), func(bad dataset.Invalid) bool {
			_, mended := e.cells[load.Place{Row: t.RowIDs[bad.Row], Column: name}]
			return mended
		})
	}
	return out
}

// sampler is the accumulator of sampleDown.
type sampler struct {
	sample *recommend.Sampled
	schema *dataset.Schema // kinds decided
	edit   *edited
	gone   func(row int64) bool
	parts  []part
}

// part is the rows of a batch that are sampled away, counted from its first one.
type part struct {
	first int64
	rowSet
}

// AddBatch implements scan.Accumulator.
func (a *sampler) AddBatch(b *dataset.Batch) error {
	t := b.Table(a.schema)
	p := part{first: b.FirstRow}
	for i, leaves := range a.sample.Leaves(a.edit.table(t)) {
		if leaves && !a.gone(t.RowIDs[i]) {
			p.add(int64(i))
		}
	}
	a.parts = append(a.parts, p)
	return nil
}

// Merge implements scan.Accumulator.
func (a *sampler) Merge(o scan.Accumulator) error {
	b, ok := o.(*sampler)
	if !ok {
		return fmt.Errorf("mend: cannot merge a %T", o)
	}
	a.parts = append(a.parts, b.parts...)
	return nil
}

// rows returns the rows that are sampled away.
func (a *sampler) rows() *rowSet {
	out := &rowSet{}
	for _, p := range a.parts {
		for i := range int64(64 * len(p.bits)) {
			if p.has(i) {
				out.add(p.first + i)
			}
		}
	}
	return out
}

// MarshalBinary returns the rows that are sampled away, in a bit each.
func (a *sampler) MarshalBinary() ([]byte, error) {
	var out []byte
	for _, word := range a.rows().bits {
		out = binary.LittleEndian.AppendUint64(out, word)
	}
	return out, nil
}

// rowSet is a set of rows in a bit each; the nil set is empty.
type rowSet struct {
	bits []uint64
	n    int64
}

func (s *rowSet) add(row int64) {
	for int(row/64) >= len(s.bits) {
		s.bits = append(s.bits, 0)
	}
	s.bits[row/64] |= 1 << (row % 64)
	s.n++
}

func (s *rowSet) has(row int64) bool {
	return s != nil && int(row/64) < len(s.bits) && s.bits[row/64]>>(row%64)&1 == 1
}

func (s *rowSet) size() int64 {
	if s == nil {
		return 0
	}
	return s.n
}
