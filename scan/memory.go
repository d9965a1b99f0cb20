package scan

import (
	"cmp"
	"context"
	"slices"

	"synthos/dataset"
)

// memoryBatch is the number of rows in a batch of a Memory source.
const memoryBatch = 4096

// Memory returns a Source that reads t, cut into the given number of ranges of
// nearly equal size; no range is empty, so there may be fewer. Rows are numbered
// by their position in t, whatever t.RowIDs says. Batches share t's cells: t
// must not change while it is read.
func Memory(t *dataset.Table, ranges int) dataset.Source {
	n := int64(t.Rows())
	cuts := min(int64(max(1, ranges)), n)
	m := &memory{table: t, invalid: make([][]dataset.Invalid, len(t.Columns))}
	for i := range cuts {
		first, end := i*n/cuts, (i+1)*n/cuts
		m.ranges = append(m.ranges, dataset.Range{
			Index: int(i), Path: "memory", Offset: first, Length: end - first, FirstRow: first, Rows: end - first,
		})
	}
	for j := range t.Columns {
		m.invalid[j] = slices.Clone(t.Columns[j].Invalid)
		slices.SortStableFunc(m.invalid[j], func(a, b dataset.Invalid) int { return cmp.Compare(a.Row, b.Row) })
	}
	return m
}

type memory struct {
	table   *dataset.Table
	ranges  []dataset.Range
	invalid [][]dataset.Invalid // by column, ascending
}

func (m *memory) Schema() *dataset.Schema     { return m.table.Schema }
func (m *memory) Ranges() []dataset.Range     { return m.ranges }
func (m *memory) Findings() []dataset.Finding { return nil }
func (m *memory) Close() error                { return nil }

func (m *memory) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	for first, end := int(r.FirstRow), int(r.FirstRow+r.Rows); first < end; first += memoryBatch {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := yield(m.batch(first, min(first+memoryBatch, end))); err != nil {
			return err
		}
	}
	return nil
}

// batch returns rows first to end-1.
func (m *memory) batch(first, end int) *dataset.Batch {
	b := &dataset.Batch{FirstRow: int64(first), Rows: end - first, Columns: make([]dataset.Vector, len(m.table.Columns))}
	for j := range m.table.Columns {
		from, to := &m.table.Columns[j], &b.Columns[j]
		to.Null = from.Null[first:end]
		if from.Floats != nil {
			to.Floats = from.Floats[first:end]
		}
		if from.Strings != nil {
			to.Strings = from.Strings[first:end]
		}
		at, _ := slices.BinarySearchFunc(m.invalid[j], first, func(x dataset.Invalid, row int) int { return cmp.Compare(x.Row, row) })
		for _, x := range m.invalid[j][at:] {
			if x.Row >= end {
				break
			}
			to.Invalid = append(to.Invalid, dataset.Invalid{Row: x.Row - first, Text: x.Text})
		}
	}
	return b
}
