package recommend

import (
	"synthos/dataset"
	"synthos/text"
)

const (
	nearText     = 0.5 // Jaccard index of word 3-shingles from which texts are near duplicates
	templateRows = 10  // rows that a template may keep, and has at least
)

// thinTexts drops all but the first of nearly equal texts, and what templates
// have beyond a few rows, unless real texts repeat as much.
func (v *view) thinTexts(t *thinning) {
	words := v.words(v.pool)
	if words == nil {
		return
	}
	var natural, naturalForms float64
	if v.judges != nil {
		real := v.words(v.judges)
		natural = inGroups(text.NearDuplicates(hashed(real), nearText), len(real))
		naturalForms = templated(real)
	}
	near := text.NearDuplicates(hashed(words), nearText)
	if inGroups(near, len(words))-natural >= nearAllowed {
		for _, group := range near {
			for _, i := range group[1:] {
				t.rows[v.pool.RowIDs[i]] = true
				t.texts++
			}
		}
	}
	if templated(words)-naturalForms < nearAllowed {
		return
	}
	_, forms := text.Templates(words, minTemplate(len(words)))
	for _, form := range forms {
		if t.form == "" {
			t.form = form.Form
		}
		for _, i := range form.Rows[min(len(form.Rows), templateRows):] {
			t.rows[v.pool.RowIDs[i]] = true
			t.templates++
		}
	}
}

func minTemplate(rows int) int { return max(templateRows, rows/200) }

// templated returns the share of texts that fill in a template.
func templated(words [][]string) float64 {
	ids, _ := text.Templates(words, minTemplate(len(words)))
	n := 0
	for _, id := range ids {
		if id >= 0 {
			n++
		}
	}
	return float64(n) / float64(max(1, len(ids)))
}

func inGroups(groups [][]int, rows int) float64 {
	n := 0
	for _, g := range groups {
		n += len(g)
	}
	return float64(n) / float64(max(1, rows))
}

// words returns the tokens of the longest text of each row; nil without text.
func (v *view) words(t *dataset.Table) [][]string {
	var out [][]string
	for k := range v.space.Columns {
		c := &v.space.Columns[k]
		if !c.Text() {
			continue
		}
		if out == nil {
			out = make([][]string, t.Rows())
		}
		cells := &t.Columns[t.Schema.Index(c.Field.Name)]
		for i, null := range cells.Null {
			if null {
				continue
			}
			if w := text.Tokens(cells.Strings[i], nil); len(w) > len(out[i]) {
				out[i] = w
			}
		}
	}
	return out
}

func hashed(words [][]string) [][]uint64 {
	out := make([][]uint64, len(words))
	for i, doc := range words {
		for _, w := range doc {
			out[i] = append(out[i], text.Hash(w))
		}
	}
	return out
}
