// Package mend applies the fixes of a plan that change rows and columns to a
// file of any size: what to do is decided from the samples and from one pass over
// the rows, and load.Copy does it.
package mend

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"synthos/dataset"
	"synthos/load"
	"synthos/recommend"
	"synthos/scan"
)

// Kinds are the kinds of fixes that can be applied to a file, in the order in
// which they act; those of Adding need real rows.
var Kinds = []string{"repair_column", "repair_cells", "drop_duplicates", "relabel", "drop_rows", "thin_modes", "reweight", "drop_column", "restore_modes", "mix_real"}

// Input is what Plan needs to know.
type Input struct {
	Source    dataset.Source
	Data      *dataset.Table   // the sample of the source, kinds decided
	Reference *dataset.Table   // nil in self mode
	Rows      int64            // of the source
	Kinds     []string         // what to apply; others than Kinds are passed over
	Flagged   map[int64]string // the rows that localization flagged, with its sentence
	// Unreadable are those of Flagged against which nothing is held but cells of these columns
	// that cannot be read: they stay if the cells are repaired.
	Unreadable map[int64][]string
	Labels     []string // columns in which the report relabels rows
	Seed       uint64
	Real       *Real // where rows to add come from; nil = none are added
	Look       *Look // what was seen of every row; nil = the source is read for that
}

// Step is what one kind of fix does to the file.
type Step struct {
	Kind    string
	Rows    int64    // rows that it drops or changes cells of
	Cells   int64    // cells that it changes
	Added   int64    // rows that it adds
	Columns []string // columns that it changes or drops
	Detail  string   // what it does, in words
	Passed  string   // why it is not applied; "" = it is
}

// Plan is what becomes of the file.
type Plan struct {
	Edit    load.Edit
	Steps   []Step // in the order of Input.Kinds
	Dropped int64  // rows
	Added   int64  // rows
}

// Make returns the plan. It reads the source, if a fix needs to know every row and in.Look
// did not see them.
func Make(ctx context.Context, e scan.Engine, in Input, progress func(rows int64)) (*Plan, error) {
	m := &maker{in: in, repairs: recommend.NewRepairs(in.Data, in.Reference, in.Rows, in.Seed), plan: &Plan{}, drop: map[int64]string{}, adds: map[string]int64{}}
	asked := func(kind string) bool { return slices.Contains(in.Kinds, kind) }
	seen, err := in.Look.rest(ctx, e, in.Source, m.repairs.Columns(), in.Rows, asked, progress)
	if err != nil {
		return nil, err
	}
	m.seen = seen
	if err := m.choose(ctx, e, asked); err != nil {
		return nil, err
	}
	if asked("relabel") {
		if err := m.relabel(ctx, e); err != nil {
			return nil, err
		}
	}
	for _, kind := range Kinds {
		if !asked(kind) {
			continue
		}
		if kind == "reweight" {
			if err := m.sampleDown(ctx, e); err != nil {
				return nil, err
			}
		}
		m.plan.Steps = append(m.plan.Steps, m.step(kind))
	}
	drop, sampled := m.drop, m.sampled
	m.plan.Dropped, m.plan.Added = int64(len(drop))+sampled.size(), int64(len(m.added))
	m.plan.Edit.Dropped = func(row int64) (string, bool) {
		if sampled.has(row) {
			return "sampled down: one of too many rows like it", true
		}
		reason, dropped := drop[row]
		return reason, dropped
	}
	// Of rows that go there is nothing to mend.
	maps.DeleteFunc(m.plan.Edit.Cells, func(at load.Place, _ load.Value) bool { return m.gone(at.Row) })
	maps.DeleteFunc(m.plan.Edit.Noted, func(row int64, _ string) bool { return m.gone(row) })
	return m.plan, nil
}

// maker makes a plan.
type maker struct {
	in      Input
	repairs *recommend.Repairs
	seen    *seen
	plan    *Plan
	drop    map[int64]string

	labels []relabelling

	sampled    *rowSet // rows that reweight drops, none of them in drop
	sampledWhy string

	added map[int64]bool   // rows of the source of real rows
	adds  map[string]int64 // how many by kind of fix
	stood int64            // rows of that source that stand elsewhere already
}

// lose drops a row, unless another fix did, and reports whether it was new.
func (m *maker) lose(row int64, reason string) bool {
	if _, gone := m.drop[row]; gone {
		return false
	}
	m.drop[row] = reason
	return true
}

// gone reports whether a row is dropped.
func (m *maker) gone(row int64) bool {
	_, dropped := m.drop[row]
	return dropped || m.sampled.has(row)
}

// repaired reports whether a flagged row has nothing against it any more, since its cells are
// repaired.
func (m *maker) repaired(row int64) bool {
	columns := m.in.Unreadable[row]
	return len(columns) > 0 && !slices.ContainsFunc(columns, func(name string) bool {
		_, repaired := m.plan.Edit.Cells[load.Place{Row: row, Column: name}]
		return !repaired
	})
}

func (m *maker) step(kind string) Step {
	s := Step{Kind: kind}
	switch kind {
	case "repair_column":
		m.rescale(&s)
	case "repair_cells":
		m.cells(&s)
	case "drop_duplicates":
		for _, r := range m.seen.repeats() {
			if m.lose(r.row, fmt.Sprintf("repeats row %d", r.first)) {
				s.Rows++
			}
		}
		s.Detail = "keep the first of rows that are equal in all columns but ids"
	case "relabel":
		m.label(&s)
	case "drop_rows":
		stay := 0
		for row, reason := range m.in.Flagged {
			if _, mended := m.plan.Edit.Noted[row]; mended {
				continue
			}
			if m.repaired(row) {
				stay++
				continue
			}
			if m.lose(row, reason) {
				s.Rows++
			}
		}
		s.Detail = "drop the flagged rows"
		if stay > 0 {
			s.Detail += fmt.Sprintf(", but for %d of which the cells are repaired", stay)
		}
	case "thin_modes":
		rows, why, ok := m.repairs.Thinned()
		if !ok {
			s.Passed = fmt.Sprintf("of %d rows only the %d of the sample were looked at for that; validate with --sample %d and fix with the new report, or --only drop_rows for the near duplicates that are flagged", m.in.Rows, m.in.Data.Rows(), m.in.Rows)
			break
		}
		for row := range rows {
			if m.lose(row, "one of too many rows of its kind") {
				s.Rows++
			}
		}
		s.Detail = why
	case "reweight":
		s.Rows, s.Detail = m.sampled.size(), m.sampledWhy
	case "drop_column":
		s.Columns = m.repairs.Hollow()
		if len(s.Columns) > 0 && len(s.Columns) < len(m.in.Data.Schema.Fields) {
			m.plan.Edit.Without = map[string]bool{}
			for _, name := range s.Columns {
				m.plan.Edit.Without[name] = true
			}
		}
		s.Detail = "leave the columns out"
	case "restore_modes", "mix_real":
		m.add(&s)
	}
	if s.Passed == "" && s.Rows == 0 && s.Added == 0 && len(s.Columns) == 0 {
		s.Passed = "there is nothing left for it to do"
	}
	return s
}

func (m *maker) rescale(s *Step) {
	by, words := m.repairs.Rescale()
	if len(by) == 0 {
		return
	}
	m.plan.Edit.Numbers = by
	for name := range by {
		s.Columns = append(s.Columns, name)
	}
	slices.Sort(s.Columns)
	s.Rows = m.in.Rows
	for i, w := range words {
		if i > 0 {
			s.Detail += "; "
		}
		s.Detail += w
	}
}

func (m *maker) cells(s *Step) {
	rows, read := map[int64]bool{}, 0
	readers := map[string]func(string) (float64, bool){}
	for _, c := range m.seen.invalid {
		reader, known := readers[c.Column]
		if !known {
			reader = m.repairs.Cell(c.Column, m.plan.Edit.Numbers[c.Column])
			readers[c.Column] = reader
		}
		if reader == nil {
			continue
		}
		if m.plan.Edit.Cells == nil {
			m.plan.Edit.Cells = map[load.Place]load.Value{}
		}
		v := load.Value{Null: true}
		if x, ok := reader(c.text); ok {
			v = load.Value{Number: x}
			read++
		}
		m.plan.Edit.Cells[load.Place{Row: c.Row, Column: c.Column}] = v
		rows[c.Row] = true
		s.Cells++
		if !slices.Contains(s.Columns, c.Column) {
			s.Columns = append(s.Columns, c.Column)
		}
	}
	slices.Sort(s.Columns)
	s.Rows = int64(len(rows))
	s.Detail = fmt.Sprintf("%d numbers read out of what wraps them, %d cells made null", read, s.Cells-int64(read))
}
