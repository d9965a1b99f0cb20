package mend

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"synthos/dataset"
	"synthos/load"
	"synthos/recommend"
	"synthos/scan"
)

// relabel reads the flagged rows, and plans another level for a cell of those
// of which the reference is sure. These rows stay.
func (m *maker) relabel(ctx context.Context, e scan.Engine) error {
	if m.in.Reference == nil || len(m.in.Flagged) == 0 || len(m.in.Labels) == 0 {
		return nil
	}
	m.repairs.Relabel(m.in.Data.Take(nil), m.in.Labels) // learns once, before many goroutines ask
	merged, err := e.Aggregate(ctx, m.in.Source, func() scan.Accumulator {
		return &relabeler{repairs: m.repairs, schema: m.in.Data.Schema, columns: m.in.Labels, flagged: m.in.Flagged}
	}, nil)
	if err != nil {
		return err
	}
	found, ok := merged.(*relabeler)
	if !ok {
		return fmt.Errorf("mend: the engine returned a %T", merged)
	}
	m.labels = found.sorted()
	return nil
}

// label plans the relabellings.
func (m *maker) label(s *Step) {
	s.Detail = "give them the level that their other cells call for"
	for _, x := range m.labels {
		if _, gone := m.drop[x.row]; gone {
			continue
		}
		if m.plan.Edit.Cells == nil {
			m.plan.Edit.Cells = map[load.Place]load.Value{}
		}
		if m.plan.Edit.Noted == nil {
			m.plan.Edit.Noted = map[int64]string{}
		}
		v, now := load.Value{Number: x.Number}, fmt.Sprint(x.Number)
		if x.text {
			v, now = load.Value{Text: &x.Text}, x.Text
		}
		m.plan.Edit.Cells[load.Place{Row: x.row, Column: x.Column}] = v
		m.plan.Edit.Noted[x.row] = fmt.Sprintf("relabelled: %s is %s now, it was %s", x.Column, now, x.Was)
		s.Rows++
		s.Cells++
		if !slices.Contains(s.Columns, x.Column) {
			s.Columns = append(s.Columns, x.Column)
		}
	}
	slices.Sort(s.Columns)
}

// relabelling is one of a row of the file.
type relabelling struct {
	recommend.Relabelling
	row  int64
	text bool
}

// relabeler is the accumulator of relabel.
type relabeler struct {
	repairs *recommend.Repairs
	schema  *dataset.Schema // kinds decided
	columns []string
	flagged map[int64]string
	found   []relabelling
}

// AddBatch implements scan.Accumulator.
func (a *relabeler) AddBatch(b *dataset.Batch) error {
	var at []int
	for i := range b.Rows {
		if _, ok := a.flagged[b.FirstRow+int64(i)]; ok {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	t := b.Table(a.schema).Take(at)
	for _, x := range a.repairs.Relabel(t, a.columns) {
		text := !a.schema.Fields[a.schema.Index(x.Column)].Type.Numeric()
		a.found = append(a.found, relabelling{x, t.RowIDs[x.At], text})
	}
	return nil
}

// Merge implements scan.Accumulator.
func (a *relabeler) Merge(o scan.Accumulator) error {
	b, ok := o.(*relabeler)
	if !ok {
		return fmt.Errorf("mend: cannot merge a %T", o)
	}
	a.found = append(a.found, b.found...)
	return nil
}

// sorted returns what was found, by row.
func (a *relabeler) sorted() []relabelling {
	slices.SortFunc(a.found, func(x, y relabelling) int { return cmp.Compare(x.row, y.row) })
	return a.found
}

// MarshalBinary returns the rows that get another level.
func (a *relabeler) MarshalBinary() ([]byte, error) {
	var out []byte
	for _, x := range a.sorted() {
		out = binary.LittleEndian.AppendUint64(out, uint64(x.row))
	}
	return out, nil
}
