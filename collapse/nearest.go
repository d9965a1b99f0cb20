package collapse

import (
	"math/rand/v2"

	"synthos/encode"
	"synthos/neighbors"
)

// nearest holds distances to nearest neighbours in the encoded space.
type nearest struct {
	// Within each side, equally many rows of both, so that the distances compare.
	dataData []float32 // from each row of the data to its nearest other row
	refRef   []float32 // the same in the reference
	dataPair [][2]int  // the rows that dataData is between: indices into view.data
	refPair  [][2]int  // the same in the reference
	dataNext []float32 // from each row of the data to its second nearest
	refNext  []float32 // the same in the reference

	// From rows to the reference.
	d           []int     // rows of the data: indices into view.data
	dataRef     []float32 // from each to its nearest reference row
	match       []int     // that reference row, an index into view.ref
	dataMatch   []float32 // from that reference row to its nearest other reference row
	refOther    []float32 // from each reference row to its nearest other one
	refOtherToo []float32 // from that one to its nearest, the first left out
}

func (v *view) nearest() (*nearest, error) {
	return v.near.get(v.findNearest)
}

func (v *view) findNearest() (*nearest, error) {
	rng := rand.New(rand.NewPCG(v.in.Seed, 0xd157))
	w := &nearest{d: choose(rng, v.data.n(), min(v.data.n(), v.effort.nearest))}
	rRows := choose(rng, v.ref.n(), min(v.ref.n(), v.effort.among))
	d, r := v.data.features.Take(w.d), v.ref.features.Take(rRows)

	refIdx, refDist, err := v.lookUp(r, r, 2, true)
	if err != nil {
		return nil, err
	}
	for i := range r.N {
		other := int(refIdx[2*i])
		w.refOther = append(w.refOther, refDist[2*i])
		if int(refIdx[2*other]) == i {
			w.refOtherToo = append(w.refOtherToo, refDist[2*other+1])
		} else {
			w.refOtherToo = append(w.refOtherToo, refDist[2*other])
		}
	}
	var idx []int32
	if idx, w.dataRef, err = v.lookUp(d, r, 1, false); err != nil {
		return nil, err
	}
	for _, j := range idx {
		w.match = append(w.match, rRows[j])
		w.dataMatch = append(w.dataMatch, w.refOther[j])
	}

	n := min(d.N, r.N)
	if n == r.N {
		w.refRef, w.refNext, w.refPair = firstTwo(refIdx, refDist, rRows)
	} else if w.refRef, w.refNext, w.refPair, err = v.within(r, rRows, n, rng); err != nil {
		return nil, err
	}
	if w.dataData, w.dataNext, w.dataPair, err = v.within(d, w.d, n, rng); err != nil {
		return nil, err
	}
	return w, nil
}

func (v *view) lookUp(q, x *encode.Features, k int, same bool) ([]int32, []float32, error) {
	idx, dist := neighbors.Nearest(v.ctx, q.Data, q.N, x.Data, x.N, x.D, k, same, v.in.Jobs)
	return idx, dist, v.ctx.Err()
}

// within returns the distance from each of n of the rows to its nearest other
// among them and to the second nearest, and the nearest pair. f holds the
// features of the rows.
func (v *view) within(f *encode.Features, rows []int, n int, rng *rand.Rand) (first, second []float32, pairs [][2]int, err error) {
	if n < f.N {
		some := choose(rng, f.N, n)
		f, rows = f.Take(some), pick(rows, some)
	}
	idx, dist, err := v.lookUp(f, f, 2, true)
	if err != nil {
		return nil, nil, nil, err
	}
	first, second, pairs = firstTwo(idx, dist, rows)
	return first, second, pairs, nil
}

// firstTwo takes the results of lookUp for two neighbours apart: the distances to
// the nearest and to the second nearest row, and the nearest pair, named by rows.
func firstTwo(idx []int32, dist []float32, rows []int) (first, second []float32, pairs [][2]int) {
	for i := range len(dist) / 2 {
		first, second = append(first, dist[2*i]), append(second, dist[2*i+1])
		pairs = append(pairs, [2]int{rows[i], rows[idx[2*i]]})
	}
	return first, second, pairs
}

// neighbourhoods returns the distances of each row of a split's a to its
// recallNeighbors nearest other rows of a, nearest first.
func (v *view) neighbourhoods(k int) ([]float32, error) {
	return v.around[k].get(func() ([]float32, error) {
		fa := v.ref.features.Take(v.splits[k].a)
		_, dist, err := v.lookUp(fa, fa, recallNeighbors, true)
		return dist, err
	})
}
