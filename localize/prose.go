package localize

import (
	"fmt"
	"math"
	"slices"

	"synthos/dataset"
	"synthos/text"
)

const maxTexts = 4 // text columns that are looked at

// prose is the witness of free text: near duplicates and templates among the
// texts of a column, copies of the reference's, fields that have nothing to do with
// each other, and texts that are odd on the surface.
type prose struct {
	view  *view
	texts []proseColumn
	pairs []prosePair
	list  []*channel
}

// proseColumn is a text column.
type proseColumn struct {
	column  int // of the space
	data    *passages
	good    *passages // nil in self mode
	surface *surfaces
	at      int // its first channel
}

// prosePair is two text columns whose texts belong together.
type prosePair struct {
	a, b    int // indices into prose.texts
	related *related
	at      int // its channel
}

// The channels of a text column, from proseColumn.at on; the last one needs a reference.
const (
	proseTwin = iota
	proseTemplate
	proseSurface
	proseCopy
)

func fitProse(v *view) (*prose, error) {
	w := &prose{view: v}
	for j := range v.space.Columns {
		if c := &v.space.Columns[j]; c.Text() && len(w.texts) < maxTexts {
			w.texts = append(w.texts, proseColumn{column: j})
		}
	}
	base := v.base()
	docs := w.tokens(base)
	for k := range w.texts {
		t := &w.texts[k]
		t.at = len(w.list)
		w.list = append(w.list,
			&channel{name: "near duplicate text", dimension: "pattern_repetition"},
			&channel{name: "text from a template", dimension: "pattern_repetition"},
			&channel{name: "odd text", dimension: "quality_degradation"})
		if v.good != nil {
			w.list = append(w.list, &channel{name: "copied text", dimension: "memorization"})
		}
		t.surface = fitSurfaces(cellTexts(base.columns[t.column]), docs[k])
	}
	for a := range w.texts {
		for b := range a {
			w.pairs = append(w.pairs, prosePair{a: b, b: a, related: fitRelated(docs[b], docs[a]), at: len(w.list)})
			w.list = append(w.list, &channel{name: "unrelated texts", dimension: "quality_degradation", vague: true})
		}
	}
	w.fitPassages(docs)
	if v.good != nil {
		w.fitNulls(docs)
	}
	return w, v.ctx.Err()
}

// cellTexts returns the cells of v, "" for nulls.
func cellTexts(v *dataset.Vector) []string {
	out := slices.Clone(v.Strings)
	for i, null := range v.Null {
		if null {
			out[i] = ""
		}
	}
	return out
}

// tokens returns the hashed words of each text column, none for nulls.
func (w *prose) tokens(r *rows) [][][]uint64 {
	out := make([][][]uint64, len(w.texts))
	for k := range w.texts {
		out[k] = make([][]uint64, r.n())
		for i, s := range cellTexts(r.columns[w.texts[k].column]) {
			out[k][i] = text.Hashes(s)
		}
	}
	return out
}

func (w *prose) fitPassages(good [][][]uint64) {
	v := w.view
	data := good
	if v.good != nil {
		data = w.tokens(v.data)
	}
	for k := range w.texts {
		t := &w.texts[k]
		t.data = newPassages(data[k], v.data.table.RowIDs)
		if v.good != nil {
			t.good = newPassages(good[k], v.good.table.RowIDs)
		}
	}
}

// fitNulls measures the good rows: by themselves what rests on one row, playing the
// data what rests on others.
func (w *prose) fitNulls(docs [][][]uint64) {
	v := w.view
	others := make([][]float64, len(w.list))
	for _, roles := range cast(v.in.Seed, v.good.n(), v.data.n(), v.good.n()) {
		for k := range w.texts {
			t := w.texts[k]
			t.data = newPassages(pick(docs[k], roles.data), pick(v.good.table.RowIDs, roles.data))
			t.good = newPassages(pick(docs[k], roles.good), pick(v.good.table.RowIDs, roles.good))
			s := zeros(len(w.list), len(roles.data))
			v.parallel(len(roles.data), func(lo, hi int) {
				for n := lo; n < hi; n++ {
					i := roles.data[n]
					t.compare(docs[k][i], v.good.table.RowIDs[i], func(channel int, strength float64) { s[channel][n] = strength })
				}
			})
			for c := t.at; c <= t.at+proseCopy; c++ {
				others[c] = append(others[c], s[c]...)
			}
		}
	}
	alone := zeros(len(w.list), v.good.n())
	w.alone(v.good, docs, true, alone)
	for c := range w.list {
		switch {
		case !w.restsOnOthers(c):
			w.list[c].null = among(alone[c])
		case len(others[c]) == 0:
			w.list[c].null = anything
		default:
			w.list[c].null = among(others[c])
		}
	}
}

// restsOnOthers reports whether channel c compares texts with those of other rows.
func (w *prose) restsOnOthers(c int) bool {
	if w.pairOf(c) != nil {
		return false
	}
	t, _ := w.columnOf(c)
	return c-t.at != proseSurface
}

func pick[T any](x []T, at []int) []T {
	out := make([]T, len(at))
	for i, k := range at {
		out[i] = x[k]
	}
	return out
}

func (w *prose) channels() []*channel { return w.list }

func (w *prose) hear(r *rows) (*testimony, error) {
	docs := w.tokens(r)
	s := zeros(len(w.list), r.n())
	w.alone(r, docs, false, s)
	err := w.view.parallel(r.n(), func(lo, hi int) {
		for k := range w.texts {
			for i := lo; i < hi; i++ {
				w.texts[k].compare(docs[k][i], r.table.RowIDs[i], func(channel int, strength float64) { s[channel][i] = strength })
			}
		}
	})
	if err != nil {
		return nil, err
	}
	for k := range w.texts {
		for i := range r.n() {
			if r.first(i) {
				s[w.texts[k].at+proseTwin][i], s[w.texts[k].at+proseTemplate][i] = 0, 0
			}
		}
	}
	return &testimony{
		strengths: s,
		blame: func(c, i int) []int {
			if p := w.pairOf(c); p != nil {
				return []int{w.texts[p.a].column, w.texts[p.b].column}
			}
			t, _ := w.columnOf(c)
			return []int{t.column}
		},
		say: func(c, i int) string { return w.say(r, docs, c, i) },
	}, nil
}

// compare sets the strengths of a text that rest on others; id is its row number.
// There are none if it is empty.
func (t *proseColumn) compare(doc []uint64, id int64, set func(channel int, strength float64)) {
	if len(doc) == 0 {
		return
	}
	data := t.data.find(doc, id)
	if t.good == nil {
		set(t.at+proseTwin, data.best)
		set(t.at+proseTemplate, data.group)
		return
	}
	good := t.good.find(doc, -1)
	set(t.at+proseTwin, data.best-good.best)
	set(t.at+proseTemplate, data.group-good.group)
	set(t.at+proseCopy, good.best-data.best)
}

// alone fills in the strengths that rest on the texts of one row. own says that r
// are the rows that was learned from.
func (w *prose) alone(r *rows, docs [][][]uint64, own bool, out [][]float64) {
	w.view.parallel(r.n(), func(lo, hi int) {
		for k := range w.texts {
			t := &w.texts[k]
			v := r.columns[t.column]
			for i := lo; i < hi; i++ {
				if !v.Null[i] {
					out[t.at+proseSurface][i], _ = t.surface.strength(v.Strings[i], docs[k][i], own)
				}
			}
		}
		for _, p := range w.pairs {
			for i := lo; i < hi; i++ {
				if x := p.related.between(docs[p.a][i], docs[p.b][i], own); !math.IsNaN(x) {
					out[p.at][i] = 1 - x
				}
			}
		}
	})
}

func (w *prose) pairOf(c int) *prosePair {
	for k := range w.pairs {
		if w.pairs[k].at == c {
			return &w.pairs[k]
		}
	}
	return nil
}

// columnOf returns the text column that channel c is of, and its index.
func (w *prose) columnOf(c int) (*proseColumn, int) {
	k := len(w.texts) - 1
	for w.texts[k].at > c {
		k--
	}
	return &w.texts[k], k
}

func (w *prose) say(r *rows, docs [][][]uint64, c, i int) string {
	if p := w.pairOf(c); p != nil {
		return fmt.Sprintf("%s and %s have nothing to do with each other", w.view.names[w.texts[p.a].column], w.view.names[w.texts[p.b].column])
	}
	t, k := w.columnOf(c)
	name, cell := w.view.names[t.column], r.columns[t.column].Strings[i]
	switch c - t.at {
	case proseSurface:
		_, oddest := t.surface.strength(cell, docs[k][i], false)
		return fmt.Sprintf("%s %s: %s", name, surfaceWords[oddest], quote(cell))
	case proseCopy:
		f := t.good.find(docs[k][i], -1)
		return fmt.Sprintf("%s copies that of reference row %d (%.0f %% of the phrases)", name, w.view.good.table.RowIDs[f.at], 100*f.best)
	}
	f := t.data.find(docs[k][i], r.table.RowIDs[i])
	other := w.view.data.table.RowIDs[f.at]
	if c-t.at == proseTemplate {
		return fmt.Sprintf("%s follows a template, like row %d (%.0f %% of the phrases)", name, other, 100*f.best)
	}
	return fmt.Sprintf("%s nearly repeats row %d (%.0f %% of the phrases)", name, other, 100*f.best)
}

// screen marks all rows if a channel accuses anybody: to read a text is what takes
// the time.
func (w *prose) screen(_ *rows, mark []bool) error {
	if accuses(w.list) {
		all(mark)
	}
	return nil
}
