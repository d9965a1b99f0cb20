package localize

import (
	"math"
	"slices"

	"synthos/dataset"
	"synthos/encode"
	"synthos/text"
)

// cells is the witness of single cells: unreadable, broken characters, outside
// the domain, null.
type cells struct {
	view    *view
	domains []domain // of the columns of the space
	list    []*channel
	nulls   int    // 99 in 100 usual rows have at most this many
	lacks   *lacks // judges nulls in self mode; nil with a reference
}

// The channels of cells.
const (
	cellInvalid = iota
	cellBroken
	cellLevel
	cellRange
	cellNull
	cellChannels
)

// trimmed is the share at either end of a column that is not trusted in self mode.
const trimmed = 0.01

func fitCells(v *view) *cells {
	w := &cells{view: v, list: []*channel{
		{name: "unreadable", dimension: "quality_degradation", null: never},
		{name: "broken characters", dimension: "quality_degradation", null: never},
		{name: "unknown level", dimension: "quality_degradation", null: never},
		{name: "out of range", dimension: "quality_degradation"},
		{name: "nulls", dimension: "quality_degradation"},
	}}
	base, trim := v.base(), 0.0
	if v.good == nil {
		trim = trimmed
	}
	for i := range v.space.Columns {
		w.domains = append(w.domains, fitDomain(&v.space.Columns[i], base.columns[i], trim))
	}
	w.nulls = usualNulls(base)
	if v.good == nil {
		w.list[cellRange].null = byTheory(2*len(w.domains), 1)
		w.list[cellNull].null = besides(severityLow, byTheory(1, 1)) // healthy data lack as much
		w.lacks = fitLacks(base)
		return w
	}
	good := w.strengths(base, true)
	for c, s := range good {
		if c >= cellLevel || slices.Max(s) > 0 {
			w.list[c].null = amongWithTail(s)
		}
	}
	return w
}

func usualNulls(r *rows) int {
	counts := make([]int, r.n())
	for _, v := range r.columns {
		for i, null := range v.Null {
			if null {
				counts[i]++
			}
		}
	}
	slices.Sort(counts)
	return counts[len(counts)*99/100]
}

func (w *cells) channels() []*channel { return w.list }

func (w *cells) hear(r *rows) (*testimony, error) {
	return &testimony{
		strengths: w.strengths(r, false),
		blame: func(c, i int) []int {
			var out []int
			for _, x := range w.odd(r, c, i) {
				out = append(out, x.column)
			}
			return out
		},
		say: func(c, i int) string { return w.say(r, c, i) },
	}, nil
}

// strengths returns what the cells of each row show: of unknown levels
// and numbers out of range the worst one, of the others the sum. own says that r are the rows
// that the domains were fitted on.
func (w *cells) strengths(r *rows, own bool) [][]float64 {
	out := zeros(cellChannels, r.n())
	for j := range w.domains {
		v := r.columns[j]
		for _, bad := range v.Invalid {
			out[cellInvalid][bad.Row]++
		}
		for i := range v.Null {
			out[cellBroken][i] += broken(v, i)
			out[cellLevel][i] = max(out[cellLevel][i], w.level(j, v, i, own))
			out[cellRange][i] = max(out[cellRange][i], w.beyond(j, v, i, own))
		}
	}
	w.nullStrengths(r, out[cellNull])
	return out
}

// nullStrengths writes what the null cells of each row show to out, which is 0.
func (w *cells) nullStrengths(r *rows, out []float64) {
	if w.lacks != nil {
		w.lacks.strengths(r, out)
		return
	}
	for j, v := range r.columns {
		weight := w.domains[j].null()
		for i, null := range v.Null {
			if null {
				out[i] += weight
			}
		}
		for _, bad := range v.Invalid {
			out[bad.Row] -= weight // it is there, if unreadable
		}
	}
}

func (w *cells) null(j int, v *dataset.Vector, i int) float64 {
	if !v.Null[i] {
		return 0
	}
	return w.domains[j].null()
}

// screen marks the rows with a cell that a channel may find suspicious.
func (w *cells) screen(r *rows, mark []bool) error {
	var from [cellChannels]float64
	for c := range from {
		if from[c] = w.list[c].from(); from[c] <= 0 {
			all(mark)
			return nil
		}
	}
	asks := func(c int) bool { return !math.IsInf(from[c], 1) }
	for j := range w.domains {
		v, d := r.columns[j], &w.domains[j]
		if asks(cellInvalid) {
			for _, bad := range v.Invalid {
				mark[bad.Row] = true
			}
		}
		if asks(cellBroken) {
			for i, s := range v.Strings {
				if !mark[i] && !text.ASCII(s) && broken(v, i) > 0 {
					mark[i] = true
				}
			}
		}
		if asks(cellLevel) && w.view.good != nil && d.counts != nil {
			for i, null := range v.Null {
				if !null && !mark[i] && !d.knows(v, i) {
					mark[i] = true
				}
			}
		}
		if asks(cellRange) && d.counts == nil {
			lo, hi := d.within(from[cellRange])
			for i, x := range v.Floats {
				if (x < lo || x > hi) && !v.Null[i] {
					mark[i] = true
				}
			}
		}
	}
	if !asks(cellNull) {
		return nil
	}
	nulls := make([]float64, r.n())
	w.nullStrengths(r, nulls)
	for i, s := range nulls {
		if s >= from[cellNull] {
			mark[i] = true
		}
	}
	return nil
}

// level returns the strength of a level that the reference does not have. Without
// one a rare level is as good as any.
func (w *cells) level(j int, v *dataset.Vector, i int, own bool) float64 {
	if v.Null[i] || w.view.good == nil || !w.view.space.Columns[j].Nominal() {
		return 0
	}
	return w.domains[j].level(encode.Cell(v, i), own)
}

// beyond returns the strength of a number beyond the usual ones.
func (w *cells) beyond(j int, v *dataset.Vector, i int, own bool) float64 {
	if v.Null[i] || v.Floats == nil || w.view.space.Columns[j].Nominal() {
		return 0
	}
	return w.domains[j].value(v.Floats[i], own)
}

// broken returns the share of the characters of a cell that are broken, or
// stand for others.
func broken(v *dataset.Vector, i int) float64 {
	if v.Strings == nil || v.Null[i] || text.ASCII(v.Strings[i]) {
		return 0
	}
	s := text.Inspect(v.Strings[i])
	return s.Broken + s.Mojibake
}

// oddCell is a cell that a channel of cells rests on.
type oddCell struct {
	column   int
	strength float64
}

// odd returns the cells of row i of r that channel c rests on, strongest first.
func (w *cells) odd(r *rows, c, i int) []oddCell {
	var out []oddCell
	for j, v := range r.columns {
		s := 0.0
		_, bad := r.invalid[j][i]
		switch {
		case c == cellInvalid && bad:
			s = 1
		case c == cellBroken:
			s = broken(v, i)
		case c == cellLevel:
			s = w.level(j, v, i, false)
		case c == cellRange:
			s = w.beyond(j, v, i, false)
		case c == cellNull && !bad:
			s = w.null(j, v, i)
		}
		if s > 0 {
			out = append(out, oddCell{j, s})
		}
	}
	slices.SortStableFunc(out, func(a, b oddCell) int {
		switch {
		case a.strength > b.strength:
			return -1
		case a.strength < b.strength:
			return 1
		}
		return 0
	})
	return out
}
