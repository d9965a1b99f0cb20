package load

import (
	"fmt"
	"slices"
	"strings"

	"synthos/dataset"
)

const noteTotal = "last rows that look like totals"

// totalWords begin the label of a row of sums, in lower case.
func totalWords() []string {
	return []string{"total", "totals", "grand total", "subtotal", "sum", "overall", "gesamt", "gesamtsumme", "summe", "somme", "totale", "suma", "totaal", "合計", "总计", "合计", "итого", "всего"}
}

// noteTotalRow notes if the last row of a file looks like the sums of the rows above
// it: one cell is a word for that, and there is a number. It stays a row: only its
// reader knows. The word may be an Invalid cell of a column of numbers.
func noteTotalRow(notes tallies, schema *dataset.Schema, b *dataset.Batch) {
	i := b.Rows - 1
	if i < 0 || b.FirstRow+int64(i) < 2 {
		return
	}
	column, text, number := "", "", false
	look := func(name, cell string) {
		label := strings.ToLower(strings.Trim(cell, " \t:.*"))
		if column == "" && slices.Contains(totalWords(), label) {
			column, text = name, cell
		}
	}
	for j, f := range schema.Fields {
		v := &b.Columns[j]
		switch {
		case v.Null[i]:
			for _, bad := range v.Invalid {
				if bad.Row == i {
					look(f.Name, bad.Text)
				}
			}
		case f.Type == dataset.String:
			look(f.Name, v.Strings[i])
		case f.Type == dataset.Float:
			number = true
		}
	}
	if column != "" && number {
		notes.add(noteTotal, b.FirstRow+int64(i), column, fmt.Sprintf("the last row says %q: if it holds the sums of the others, it is no row like them; take it out of the file", text))
	}
}
