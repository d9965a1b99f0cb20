package localize

import (
	"slices"
	"strings"
	"unicode/utf8"

	"synthos/dataset"
	"synthos/verdict"
)

const (
	quotedRows  = 100 // of the worst rows, so many are reported with cells
	quotedCells = 12  // of a row, at most
	quotedText  = 64  // characters of a cell
)

// cells returns cells of a row as they are reported: those of the columns to
// blame first, then others in the order of the file.
func (h *hearing) cells(row int, blamed []string) []verdict.Cell {
	t := h.rows.table
	var out []verdict.Cell
	add := func(j int, guilty bool) {
		if len(out) < quotedCells {
			out = append(out, cellOf(t.Schema.Fields[j], &t.Columns[j], row, guilty))
		}
	}
	for _, name := range blamed {
		if j := t.Schema.Index(name); j >= 0 {
			add(j, true)
		}
	}
	for j := range t.Schema.Fields {
		if len(out) == quotedCells {
			break
		}
		if !slices.Contains(blamed, t.Schema.Fields[j].Name) {
			add(j, false)
		}
	}
	return out
}

// cellOf returns one cell. What stands there but could not be read is shown as
// it stands.
func cellOf(f dataset.Field, v *dataset.Vector, row int, blamed bool) verdict.Cell {
	c := verdict.Cell{Column: f.Name, Blamed: blamed}
	switch {
	case v.Null[row]:
		c.Null = true
		for _, bad := range v.Invalid {
			if bad.Row == row {
				c.Null, c.Value = false, bad.Text
			}
		}
	case v.Strings != nil:
		c.Value = v.Strings[row]
	default:
		c.Value = showCell(f, v, row)
	}
	if utf8.RuneCountInString(c.Value) > quotedText {
		c.Value = string([]rune(c.Value)[:quotedText-1]) + "…"
	}
	c.Value = strings.Clone(c.Value) // a batch is valid only during the call
	return c
}

// quoteWorst leaves cells with the worst rows only.
func quoteWorst(rows []verdict.Row) []verdict.Row {
	for i := quotedRows; i < len(rows); i++ {
		rows[i].Cells = nil
	}
	return rows
}
