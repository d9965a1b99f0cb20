package load

import (
	"fmt"
	"maps"
	"slices"

	"synthos/dataset"
)

// Seen is what a read of all rows has shown of a column.
type Seen struct {
	Name            string
	Values, Invalid int64           // cells with a value that could and could not be read as the column's type
	Sample          *dataset.Vector // a sample of its cells
}

// Misjudged reports whether src, which has been read from end to end, should be
// opened again with Options.Whole: it decided its columns from a sample of the
// rows, and the others have shown otherwise. Columns whose type was given are left
// as they are.
func Misjudged(src dataset.Source, given map[string]dataset.Type, columns []Seen) bool {
	j, ok := src.(judge)
	if !ok {
		return false
	}
	if j.lost() {
		return true
	}
	if !j.judgedByPart() {
		return false
	}
	for _, c := range columns {
		_, isGiven := given[c.Name]
		all := float64(c.Values + c.Invalid)
		switch {
		case isGiven || all == 0:
		case float64(c.Invalid) > (1-mostly)*all,
			c.Invalid > 0 && j.guessed(c.Name),
			float64(j.paddedCells(c.Name)) >= anyCodes*all,
			c.Invalid > 0 && codeShare(c.Sample) >= anyCodes:
			return true
		}
	}
	return false
}

// Written returns how the cells of src are written, by column, as Options.Prefer takes
// it: files that are compared with src are read like it where they leave that open.
func Written(src dataset.Source) map[string]string {
	out := map[string]string{}
	if j, ok := src.(judge); ok {
		maps.Copy(out, j.layouts())
	}
	return out
}

// codeShare returns the share of codes (isCode) among what could not be read, in
// all cells with a value.
func codeShare(v *dataset.Vector) float64 {
	if v == nil {
		return 0
	}
	codes, values := 0, len(v.Invalid)
	for _, bad := range v.Invalid {
		if isCode([]byte(bad.Text)) {
			codes++
		}
	}
	for _, null := range v.Null {
		if !null {
			values++
		}
	}
	return float64(codes) / float64(max(1, values))
}

// judge is a source that decides the types of its columns by what is in them.
type judge interface {
	judgedByPart() bool              // not all rows were looked at
	lost() bool                      // members or characters were left out, or comments taken for rows
	guessed(column string) bool      // the layout of the column's cells is a guess
	layouts() map[string]string      // of the cells, by column, as our readers know them
	paddedCells(column string) int64 // cells of a numerical column that have leading zeros
}

// judgedByPart implements judge.
func (s *textSource) judgedByPart() bool { return s.partial }

// guessed implements judge.
func (s *textSource) guessed(column string) bool { return s.doubtful[column] }

// layouts implements judge.
func (s *textSource) layouts() map[string]string { return layoutsOf(s.schema) }

// layoutsOf returns the layouts of the columns that have one.
func layoutsOf(schema *dataset.Schema) map[string]string {
	layouts := map[string]string{}
	for _, f := range schema.Fields {
		if f.Layout != "" {
			layouts[f.Name] = f.Layout
		}
	}
	return layouts
}

// lost implements judge.
func (s *textSource) lost() bool {
	n, _ := s.notes.count(noteUnknownKey, noteNoObject, noteMaybeComment)
	return n > 0 || s.foreign.Load()
}

// paddedCells implements judge.
func (s *textSource) paddedCells(column string) int64 {
	n, _ := s.notes.count(notePadded(column))
	return n
}

// judgedByPart implements judge.
func (s *excelSource) judgedByPart() bool { return s.partial }

// guessed implements judge.
func (s *excelSource) guessed(column string) bool { return s.doubtful[column] }

// layouts implements judge.
func (s *excelSource) layouts() map[string]string { return layoutsOf(&s.schema) }

// lost implements judge.
func (s *excelSource) lost() bool { return false }

// paddedCells implements judge.
func (s *excelSource) paddedCells(column string) int64 {
	n, _ := s.notes.count(notePadded(column))
	return n
}

// judgedByPart implements judge.
func (s *partsSource) judgedByPart() bool { return s.any(judge.judgedByPart) }

// lost implements judge.
func (s *partsSource) lost() bool { return s.any(judge.lost) }

// guessed implements judge.
func (s *partsSource) guessed(column string) bool {
	return s.any(func(j judge) bool { return j.guessed(column) })
}

// layouts implements judge.
func (s *partsSource) layouts() map[string]string { return layoutsOf(&s.schema) }

// any reports whether what ask asks is so of a file.
func (s *partsSource) any(ask func(judge) bool) bool {
	return slices.ContainsFunc(s.parts, func(p *openPart) bool { return judges(p.source, ask) })
}

// judges reports whether src is a judge and what ask asks is so of it.
func judges(src dataset.Source, ask func(judge) bool) bool {
	j, ok := src.(judge)
	return ok && ask(j)
}

// paddedCells implements judge.
func (s *partsSource) paddedCells(column string) (n int64) {
	for _, p := range s.parts {
		if j, ok := p.source.(judge); ok {
			n += j.paddedCells(column)
		}
	}
	return n
}

// notePadded is the kind of notes about numbers with leading zeros.
func notePadded(column string) string {
	return fmt.Sprintf("cells of %q with leading zeros", column)
}

// padded counts the cells of a column that were read as numbers and have leading
// zeros, which numbers do not keep.
type padded struct {
	rows  []int   // in the batch being built
	first []int64 // data rows
	n     int64
}

// endBatch counts those of a batch whose first row is the given one.
func (p *padded) endBatch(firstRow int64) {
	for _, row := range p.rows {
		if len(p.first) < keptNotes {
			p.first = append(p.first, firstRow+int64(row))
		}
	}
	p.n += int64(len(p.rows))
	p.rows = p.rows[:0]
}

// notePadded adds notes about numbers with leading zeros, except in columns whose
// type was given.
func (b *builder) notePadded(notes tallies, schema *dataset.Schema, given map[string]dataset.Type) {
	for i := range b.columns {
		p := &b.columns[i].padded
		name := schema.Fields[i].Name
		if _, is := given[name]; is || p.n == 0 {
			continue
		}
		kind := notePadded(name)
		for _, row := range p.first {
			notes.add(kind, row, name, "a number with leading zeros, which are lost; if these are names, say so with a schema")
		}
		notes[kind].count = p.n
	}
}
