package collapse

import (
	"math/rand/v2"

	"synthos/cache"
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
}

func (v *view) nearest() (*nearest, error) {
	return v.near.get(v.findNearest)
}

func (v *view) findNearest() (*nearest, error) {
	rng := rand.New(rand.NewPCG(v.in.Seed, 0xd157))
	n := min(v.data.n(), v.ref.n(), v.effort.nearest)
	w := &nearest{}
	var err error
	if w.refRef, w.refNext, w.refPair, err = v.within(v.ref.features, choose(rng, v.ref.n(), n), v.known); err != nil {
		return nil, err
	}
	if w.dataData, w.dataNext, w.dataPair, err = v.within(v.data.features, choose(rng, v.data.n(), n), v.lookUp); err != nil {
		return nil, err
	}
	return w, nil
}

// finder looks up the k nearest rows of x for each row of q; with same, q is x and a row
// does not find itself.
type finder func(q, x *encode.Features, k int, same bool) ([]int32, []float32, error)

func (v *view) lookUp(q, x *encode.Features, k int, same bool) ([]int32, []float32, error) {
	idx, dist := neighbors.Nearest(v.ctx, q.Data, q.N, x.Data, x.N, x.D, k, same, v.in.Jobs)
	return idx, dist, v.ctx.Err()
}

// known is lookUp of rows that say nothing of the data: what is found is kept.
func (v *view) known(q, x *encode.Features, k int, same bool) ([]int32, []float32, error) {
	type found struct {
		idx  []int32
		dist []float32
	}
	key := func() *cache.Key {
		key := cache.NewContentKey("nearest")
		for _, n := range []int{q.N, x.N, x.D, k} {
			key.Number(uint64(n))
		}
		key.Floats(q.Data)
		if !same {
			key.Floats(x.Data)
		}
		return key
	}
	f, err := cache.Recall(v.in.Memory, key, func() (f found, err error) {
		f.idx, f.dist, err = v.lookUp(q, x, k, same)
		return f, err
	})
	return f.idx, f.dist, err
}

// within returns the distance from each of the rows of f to its nearest other
// among them and to the second nearest, and the nearest pair.
func (v *view) within(f *encode.Features, rows []int, lookUp finder) (first, second []float32, pairs [][2]int, err error) {
	some := f.Take(rows)
	idx, dist, err := lookUp(some, some, 2, true)
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

// distancesTell reports whether distances to single rows say something: among many more
// features than rows, all are nearly equal, and that the scales of the features come from
// one side of a comparison makes more of a difference than the rows do.
func (v *view) distancesTell() bool { return v.space.Width <= 10*v.rows() }

// neighbourhoods returns the distances of each row of a split's a to its
// recallNeighbors nearest other rows of a, nearest first.
func (v *view) neighbourhoods(k int) ([]float32, error) {
	return v.around[k].get(func() ([]float32, error) {
		fa := v.ref.features.Take(v.splits[k].a)
		_, dist, err := v.known(fa, fa, recallNeighbors, true)
		return dist, err
	})
}
