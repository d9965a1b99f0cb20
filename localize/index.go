package localize

import (
	"cmp"
	"math"
	"slices"

	"synthos/encode"
	"synthos/neighbors"
	"synthos/sketch"
)

const (
	nearest    = 3  // neighbours by distance that are compared
	nearestOwn = 6  // the same without a reference: the matches that follow tell what is usual
	sharing    = 4  // rows that share most rare cells that are compared
	rareCell   = 16 // a cell that more rows of an index have is not rare
	groupOf    = 4  // the how manieth best match tells of a group
	manyRows   = 50_000
	indexRows  = 10_000 // rows of an index, at most
	indexLarge = 2_000  // the same for data of more than manyRows rows
)

// indexLimit returns how many rows an index of total rows has, at most.
func indexLimit(total int64) int {
	if total > manyRows {
		return indexLarge
	}
	return indexRows
}

// index finds rows that are alike. Candidates are the rows nearest in the space of
// distances, for rows that differ a little everywhere, and those that share most rare
// cells, for rows that differ a lot in few columns. The coincidence decides.
type index struct {
	view     *view
	nearest  int // neighbours by distance that are compared
	rows     *rows
	at       []int // the rows that are in the index
	features *encode.Features
	rare     map[uint64][]int32 // positions in at by cell, of rare cells
}

// match is a row that is like the one looked up.
type match struct {
	rows *rows
	at   int // of them
	alike
}

// id returns its row number.
func (m *match) id() int64 { return m.rows.table.RowIDs[m.at] }

// found is what an index has for a row.
type found struct {
	matches  []match // the best first
	distance float32 // to the nearest row
	closest  int     // that row, an index into index.rows
}

// best returns the best match; one of no nats if there is none.
func (f *found) best() match {
	if len(f.matches) == 0 {
		return match{alike: alike{differ: -1}}
	}
	return f.matches[0]
}

// group returns the nats of the match after a few better ones, or of the last one.
func (f *found) group() float64 {
	if len(f.matches) == 0 {
		return 0
	}
	return f.matches[min(groupOf, len(f.matches))-1].nats
}

// keep sorts the matches, the best first, and keeps them.
func (f *found) keep(matches []match) {
	slices.SortStableFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.nats, a.nats), cmp.Compare(a.id(), b.id()))
	})
	f.matches = matches
}

func newIndex(v *view, r *rows, at []int) *index {
	x := &index{view: v, nearest: nearest, rows: r, at: at, features: r.features().Take(at), rare: map[uint64][]int32{}}
	if v.good == nil {
		x.nearest = nearestOwn
	}
	for j := range v.usual.columns {
		if v.usual.columns[j].skip {
			continue
		}
		cells := make([]uint64, r.n())
		hashCells(r.columns[j], cells)
		for k, i := range at {
			if key := cellKey(cells[i], j); len(x.rare[key]) <= rareCell {
				x.rare[key] = append(x.rare[key], int32(k))
			}
		}
	}
	for key, list := range x.rare {
		if len(list) > rareCell {
			delete(x.rare, key)
		}
	}
	return x
}

func cellKey(cell uint64, column int) uint64 {
	return sketch.Mix(cell + uint64(column)*0x9e3779b97f4a7c15)
}

// find looks up the rows of r at the given places. With own, r is data like
// x.rows, and a row does not find itself.
func (x *index) find(r *rows, at []int, own bool) ([]found, error) {
	q := r.features()
	if len(at) < r.n() {
		q = q.Take(at)
	}
	k := x.nearest + 1
	idx, dist := neighbors.Nearest(x.view.ctx, q.Data, q.N, x.features.Data, x.features.N, q.D, k, false, x.view.in.Jobs)
	if err := x.view.ctx.Err(); err != nil {
		return nil, err
	}
	hashes := make([][]uint64, len(r.columns))
	for j := range hashes {
		if !x.view.usual.columns[j].skip {
			hashes[j] = make([]uint64, r.n())
			hashCells(r.columns[j], hashes[j])
		}
	}
	out := make([]found, len(at))
	err := x.view.parallel(len(at), func(lo, hi int) {
		counts := &tally{cells: make([]int32, len(x.at))}
		var pairs []pair // of one row after the other
		ends := make([]int, 0, hi-lo)
		for n := lo; n < hi; n++ {
			i, self := at[n], int64(-1)
			if own {
				self = r.table.RowIDs[i]
			}
			near := idx[n*k : (n+1)*k]
			for _, c := range x.candidates(self, near, x.sharing(hashes, i, counts)) {
				pairs = append(pairs, pair{i, x.at[c]})
			}
			ends = append(ends, len(pairs))
			x.closest(&out[n], self, near, dist[n*k:(n+1)*k])
		}
		matches := make([]match, len(pairs))
		for m, a := range x.view.usual.among(r.columns, x.rows.columns, pairs) {
			matches[m] = match{x.rows, pairs[m].k, a}
		}
		first := 0
		for n, end := range ends {
			out[lo+n].keep(matches[first:end:end])
			first = end
		}
	})
	return out, err
}

// tally counts how many rare cells the rows of an index share with a row. It is
// scratch of one goroutine.
type tally struct {
	cells []int32 // by position; all 0 between calls
	hit   []int32 // positions with a count
}

// sharing returns the positions of rows that share rare cells with a row, at
// most so many that candidates cannot use more: those that share most first, of
// equal ones the first ones.
func (x *index) sharing(hashes [][]uint64, i int, t *tally) []int32 {
	t.hit = t.hit[:0]
	for j, h := range hashes {
		if h == nil {
			continue
		}
		for _, k := range x.rare[cellKey(h[i], j)] {
			if t.cells[k] == 0 {
				t.hit = append(t.hit, k)
			}
			t.cells[k]++
		}
	}
	most := x.nearest + sharing + 2 // candidates passes over the row itself and over what is near
	var best []int32
	for _, k := range t.hit {
		at := len(best)
		for at > 0 && (t.cells[k] > t.cells[best[at-1]] || t.cells[k] == t.cells[best[at-1]] && k < best[at-1]) {
			at--
		}
		if at < most {
			best = slices.Insert(best, at, k)
			best = best[:min(len(best), most)]
		}
	}
	for _, k := range t.hit {
		t.cells[k] = 0
	}
	return best
}

// candidates returns the positions of the rows to compare with a row: the first
// ones of near, then of shared, but not the row itself.
func (x *index) candidates(self int64, near, shared []int32) []int32 {
	out := make([]int32, 0, x.nearest+sharing)
	take := func(from []int32, room int) {
		for _, k := range from {
			if room == 0 {
				return
			}
			if k >= 0 && x.id(k) != self && !slices.Contains(out, k) {
				out = append(out, k)
				room--
			}
		}
	}
	take(near, x.nearest)
	take(shared, sharing)
	return out
}

func (x *index) id(k int32) int64 { return x.rows.table.RowIDs[x.at[k]] }

// closest sets the distance to the nearest row but the one itself; +Inf if there is none.
func (x *index) closest(f *found, self int64, idx []int32, dist []float32) {
	f.distance = float32(math.Inf(1))
	for n, k := range idx {
		if k >= 0 && x.id(k) != self {
			f.distance, f.closest = dist[n], x.at[k]
			return
		}
	}
}
