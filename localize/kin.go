package localize

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"synthos/dataset"
	"synthos/scan"

	"golang.org/x/sync/errgroup"
)

const (
	kinRows  = 1 << 17 // rows that are kept to be compared, about, at most
	kinCells = 1 << 23 // the same of cells
	kinBytes = 1 << 27 // and of what is in them
	kinEach  = 8       // rows that one is compared with, at most
	fewKin   = 500     // of so many rows, one at least must share the key of a block: fewer do by chance
)

// kin are the rows of the whole file that are alike in most columns, as far as the keys of
// blocks show it, but not equal.
type kin struct {
	rows     *rows              // in order; equal ones stand once
	partners map[uint64][]int32 // by hash of a row: places in rows
	total    int64              // rows of the file
}

// findKin reads src once more for the rows whose keys were counted several times. It
// returns nil if there are next to none.
func findKin(ctx context.Context, e scan.Engine, src dataset.Source, counted *counter) (*kin, error) {
	v := counted.view
	shared, n := counted.shared()
	if n == 0 || int64(n) < counted.counts.total/fewKin {
		return nil, nil
	}
	fresh := func() scan.Accumulator { return &kinCollector{view: v, blocks: counted.blocks, shared: shared} }
	merged, err := e.Aggregate(ctx, src, fresh, nil)
	if err != nil {
		return nil, err
	}
	a, ok := merged.(*kinCollector)
	if !ok {
		return nil, fmt.Errorf("localize: the engine returned a %T", merged)
	}
	if len(a.parts) == 0 { // there was no room for the keys that are shared
		return nil, nil
	}
	return newKin(v, counted, shared, a.table()), nil
}

// shared returns the keys of each block that several rows have, as many as there is room
// for, and how many rows have those of the block where they are most.
func (a *counter) shared() (keys []map[uint32]bool, rows int) {
	lists, counts := make([][]uint32, len(a.keys)), make([]int, len(a.keys))
	var g errgroup.Group
	g.SetLimit(a.view.in.Jobs)
	for k, c := range a.keys {
		g.Go(func() error {
			lists[k], counts[k] = c.shared()
			return nil
		})
	}
	g.Wait() // none errs
	sum, limit := 0, uint64(1<<32)
	for k, c := range a.keys {
		sum, limit = sum+counts[k], min(limit, c.limit)
		rows = max(rows, int(float64(counts[k])*float64(uint64(1)<<32)/float64(max(1, c.limit))))
	}
	// About half of the rows are counted in two blocks or more.
	if room := a.view.kinRoom(); sum/2 > room {
		limit = uint64(float64(limit) * float64(room) / float64(sum/2))
	} else {
		limit = 1 << 32
	}
	for _, list := range lists {
		below := map[uint32]bool{}
		for _, key := range list {
			if uint64(key) < limit {
				below[key] = true
			}
		}
		keys = append(keys, below)
	}
	return keys, rows
}

// kinRoom returns how many rows there is room for.
func (v *view) kinRoom() int {
	bytes := 0
	for _, c := range v.data.columns {
		for _, s := range c.Strings {
			bytes += len(s)
		}
	}
	each := float64(bytes)/float64(v.data.n()) + 16*float64(len(v.names))
	return min(kinRows, kinCells/len(v.names), int(kinBytes/each))
}

// newKin finds out which rows of t, in order, share keys.
func newKin(v *view, counted *counter, shared []map[uint32]bool, t *dataset.Table) *kin {
	hashes, keys := counted.blocks.keys(t)
	seen, once := map[uint64]bool{}, []int(nil)
	for i, h := range hashes {
		if !seen[h] {
			seen[h] = true
			once = append(once, i)
		}
	}
	var pairs []uint64 // of places in once, a pair once for each block
	for b := range keys {
		groups := map[uint32][]uint64{}
		for n, i := range once {
			if key := keys[b][i]; shared[b][key] {
				for _, other := range groups[key] {
					pairs = append(pairs, uint64(n)<<32|other, other<<32|uint64(n))
				}
				groups[key] = append(groups[key], uint64(n))
			}
		}
	}
	slices.Sort(pairs)
	k := &kin{rows: v.rowsOf(t.Take(once)), partners: map[uint64][]int32{}, total: counted.counts.total}
	own := k.rows.hash()
	for at := 0; at < len(pairs); {
		place, from := pairs[at]>>32, at
		for at < len(pairs) && pairs[at]>>32 == place {
			at++
		}
		if alike := k.alike(int(place), mostShared(pairs[from:at])); len(alike) > 0 {
			k.partners[own[place]] = alike
		}
	}
	return k
}

// alike returns those of the partners of a row that are alike in most columns.
func (k *kin) alike(place int, partners []int32) []int32 {
	pairs := make([]pair, len(partners))
	for n, p := range partners {
		pairs[n] = pair{place, int(p)}
	}
	found := k.rows.view.usual.among(k.rows.columns, k.rows.columns, pairs)
	out, columns := partners[:0], len(k.rows.view.near.Columns)
	for n, p := range partners {
		if float64(found[n].equal) >= alikeShare*float64(columns) {
			out = append(out, p)
		}
	}
	return out
}

// mostShared returns the partners of the ascending pairs of one row: those that stand most
// often, of equal ones the first ones.
func mostShared(pairs []uint64) []int32 {
	type partner struct {
		at    int32
		times int
	}
	var all []partner
	for _, p := range pairs {
		if n := len(all); n > 0 && all[n-1].at == int32(p) {
			all[n-1].times++
		} else {
			all = append(all, partner{int32(p), 1})
		}
	}
	slices.SortStableFunc(all, func(a, b partner) int { return cmp.Compare(b.times, a.times) })
	out := make([]int32, min(len(all), kinEach))
	for i := range out {
		out[i] = all[i].at
	}
	return out
}

// mark marks the rows of r that have partners.
func (k *kin) mark(r *rows, mark []bool) {
	if k == nil {
		return
	}
	for i, h := range r.hash() {
		mark[i] = mark[i] || k.partners[h] != nil
	}
}

// improve adds partners to the best matches of the rows of r at the given places, which stem
// from an index of n rows. Among more rows there are better matches by chance: if half of the information in
// the columns is independent, by twice the logarithm of how many times as many there are.
func (k *kin) improve(r *rows, at []int, best []found, n int) error {
	if k == nil {
		return nil
	}
	chance := 2 * math.Log(max(1, float64(k.total)/float64(max(1, n))))
	hashes := r.hash()
	return r.view.parallel(len(at), func(lo, hi int) {
		var pairs []pair
		ends := make([]int, 0, hi-lo)
		for _, i := range at[lo:hi] {
			for _, p := range k.partners[hashes[i]] {
				pairs = append(pairs, pair{i, int(p)})
			}
			ends = append(ends, len(pairs))
		}
		alike, next := r.view.usual.among(r.columns, k.rows.columns, pairs), 0
		for n, end := range ends {
			f := &best[lo+n]
			matches := slices.Clone(f.matches)
			for ; next < end; next++ {
				m := match{k.rows, pairs[next].k, alike[next]}
				m.nats -= chance
				known := slices.ContainsFunc(f.matches, func(o match) bool { return o.id() == m.id() })
				if m.nats > 0 && !known {
					matches = append(matches, m)
				}
			}
			if len(matches) > len(f.matches) {
				f.keep(matches)
			}
		}
	})
}
