package collapse

import (
	"synthos/text"
)

// corpus is the free text of the rows: every text column by itself, and the
// texts of a row joined.
type corpus struct {
	columns []int // indices into view.space.Columns
	data    texts
	ref     texts
}

// texts are the hashed tokens and the surface of the text cells of rows.
type texts struct {
	docs     [][]uint64       // a row's texts, joined
	fields   [][][]uint64     // per column of the corpus
	words    [][]string       // the longest field of each row, as words
	surfaces [][]text.Surface // per column of the corpus
}

// corpus returns the texts; nil if no column holds free text, or the rows are codes only.
func (v *view) corpus() *corpus {
	c, _ := v.texts.get(func() (*corpus, error) { return v.readCorpus(), nil })
	return c
}

func (v *view) readCorpus() *corpus {
	if v.data.table == nil {
		return nil // rows drawn from networks have no text
	}
	c := &corpus{}
	for i := range v.space.Columns {
		if v.space.Columns[i].Text() {
			c.columns = append(c.columns, i)
		}
	}
	if len(c.columns) == 0 {
		return nil
	}
	c.data, c.ref = v.readTexts(v.data, c.columns), v.readTexts(v.ref, c.columns)
	return c
}

func (v *view) readTexts(p *part, columns []int) texts {
	out := texts{docs: make([][]uint64, p.n()), words: make([][]string, p.n())}
	for _, k := range columns {
		cells := v.cells(p, k)
		field := make([][]uint64, p.n())
		surface := make([]text.Surface, p.n())
		for i, s := range cells.Strings {
			if cells.Null[i] {
				continue
			}
			words := text.Tokens(s, nil)
			field[i] = make([]uint64, len(words))
			for j, w := range words {
				field[i][j] = text.Hash(w)
			}
			out.docs[i] = append(out.docs[i], field[i]...)
			if len(words) > len(out.words[i]) {
				out.words[i] = words
			}
			surface[i] = text.Inspect(s)
		}
		out.fields = append(out.fields, field)
		out.surfaces = append(out.surfaces, surface)
	}
	return out
}

func pick[T any](x []T, rows []int) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = x[r]
	}
	return out
}
