package localize

import (
	"fmt"
	"math"

	"synthos/dataset"
)

// repeats is the witness of exact repetition: rows that stood before in the data,
// and copies of reference rows.
type repeats struct {
	view   *view
	counts *repeatCounts
	good   map[uint64]int64 // row number of the first reference row of each hash
	equal  map[uint64]int   // self mode: how often rows stand in the sample, by hash
	list   []*channel
}

// The channels of repeats; the second needs a reference.
const (
	repeatsData = iota
	repeatsCopy
)

func fitRepeats(v *view) *repeats {
	w := &repeats{view: v, counts: v.counts, list: []*channel{{name: "repeated row", dimension: "pattern_repetition"}}}
	if v.good == nil {
		w.equal = map[uint64]int{}
		for _, h := range v.data.hash() {
			w.equal[h]++
		}
		w.list[repeatsData].null = byTheory(1, 1)
		return w
	}
	w.list = append(w.list, &channel{name: "copied row", dimension: "memorization"})
	w.fitReference(v.in.Reference)
	return w
}

// fitReference learns the rows of t, and which of those that are encoded repeat
// others. The chance of a twin grows with the number of rows among which to find one.
func (w *repeats) fitReference(t *dataset.Table) {
	hashes := hashRows(t, w.view.names)
	n := map[uint64]int{}
	w.good = make(map[uint64]int64, len(hashes))
	for i, h := range hashes {
		if n[h]++; n[h] == 1 {
			w.good[h] = t.RowIDs[i]
		}
	}
	r := w.view.good
	again, twin := make([]float64, r.n()), make([]float64, r.n())
	for i, h := range r.hash() {
		if n[h] < 2 {
			continue
		}
		twin[i] = w.surprise(r, i, len(hashes))
		if w.good[h] != r.table.RowIDs[i] {
			again[i] = twin[i]
		}
	}
	chance := max(1, float64(w.counts.total)/float64(len(hashes)))
	w.list[repeatsData].null = scaled(amongWithTail(again), chance)
	w.list[repeatsCopy].null = amongWithTail(twin)
}

func (w *repeats) channels() []*channel { return w.list }

func (w *repeats) hear(r *rows) (*testimony, error) {
	out := zeros(len(w.list), r.n())
	for i, h := range r.hash() {
		if c := w.counts.rows[h]; c.count > 1 && c.first != r.table.RowIDs[i] { // the first is innocent
			out[repeatsData][i] = w.surprise(r, i, int(w.counts.total))
		}
		if _, copied := w.good[h]; copied {
			out[repeatsCopy][i] = w.surprise(r, i, len(w.good))
		}
	}
	return &testimony{strengths: out, say: func(c, i int) string { return w.say(r, c, i) }}, nil
}

// screen marks rows that stood before, and copies.
func (w *repeats) screen(r *rows, mark []bool) error {
	again := accuses(w.list[:1])
	copied := len(w.list) > repeatsCopy && accuses(w.list[repeatsCopy:])
	if !again && !copied {
		return nil
	}
	for i, h := range r.hash() {
		if again {
			c := w.counts.rows[h]
			mark[i] = c.count > 1 && c.first != r.table.RowIDs[i]
		}
		if copied && !mark[i] {
			_, mark[i] = w.good[h]
		}
	}
	return nil
}

// surprise returns the strength of a twin of row i of r among n rows: minus the
// logarithm of how many there are to expect by chance, if half of the information
// in the columns is independent; at least a little, since there is one.
func (w *repeats) surprise(r *rows, i, n int) float64 {
	return max(0.01, w.view.usual.repeated(r.columns, i, w.equal[r.hash()[i]])/2-math.Log(float64(n)))
}

func (w *repeats) say(r *rows, c, i int) string {
	if c == repeatsCopy {
		return fmt.Sprintf("copy of reference row %d in all %d columns", w.good[r.hash()[i]], len(r.columns))
	}
	x := w.counts.rows[r.hash()[i]]
	return fmt.Sprintf("repeats row %d exactly (%d rows alike)", x.first, x.count)
}
