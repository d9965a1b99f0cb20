package localize

import (
	"fmt"
	"math"
	"strings"
	"synthos/dataset"
	"synthos/encode"
)

func (w *cells) say(r *rows, c, i int) string {
	odd := w.odd(r, c, i)
	if len(odd) == 0 {
		return ""
	}
	j := odd[0].column
	v, d := r.columns[j], &w.domains[j]
	var s string
	switch c {
	case cellInvalid:
		s = fmt.Sprintf("%s in %s cannot be read as a %s", quote(r.invalid[j][i]), d.name, typeName(d.field.Type))
	case cellBroken:
		s = fmt.Sprintf("%s holds broken characters: %s", d.name, quote(v.Strings[i]))
	case cellLevel:
		s = fmt.Sprintf("%s is %s, a level that the reference does not have", d.name, quote(encode.Cell(v, i)))
	case cellRange:
		s = w.sayBeyond(d, v.Floats[i])
	case cellNull:
		return w.sayNulls(r, odd)
	}
	if more := len(odd) - 1; more > 0 {
		s += fmt.Sprintf(" (and %d more such %s)", more, plural(more, "cell"))
	}
	return s
}

func (w *cells) sayBeyond(d *domain, x float64) string {
	edge, word := d.sorted[len(d.sorted)-1], "largest"
	if x < d.median() {
		edge, word = d.sorted[0], "smallest"
	}
	if w.view.good == nil {
		m, t := len(d.sorted), d.high
		edge = d.sorted[max(0, t.usual-1)]
		if x < d.median() {
			t = d.low
			edge = d.sorted[min(m-1, m-t.usual)]
		}
		return fmt.Sprintf("%s is %s, far from what is usual (%.0f %% end at %s)", d.name, show(d.field, x), 100*float64(t.usual)/float64(m), show(d.field, edge))
	}
	if ratio := x / edge; d.field.Type != dataset.Time && edge > 0 && ratio >= 2 && !math.IsInf(ratio, 0) {
		return fmt.Sprintf("%s is %s, %.3gx the %s seen", d.name, show(d.field, x), ratio, word)
	}
	return fmt.Sprintf("%s is %s, beyond the %s seen, %s", d.name, show(d.field, x), word, show(d.field, edge))
}

func (w *cells) sayNulls(r *rows, odd []oddCell) string {
	var names []string
	for _, x := range odd[:min(3, len(odd))] {
		names = append(names, w.domains[x.column].name)
	}
	list := strings.Join(names, ", ")
	if more := len(odd) - len(names); more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	if w.lacks != nil {
		return w.lacks.say(list, len(odd), len(r.columns))
	}
	if len(odd) <= w.nulls {
		return fmt.Sprintf("null in %s, which hardly ever is in the %s", list, w.view.yardstick())
	}
	return fmt.Sprintf("null in %d of %d columns: %s; 99 %% of the %s rows have at most %d", len(odd), len(r.columns), list, w.view.yardstick(), w.nulls)
}
