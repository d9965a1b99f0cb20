package recommend

import (
	"cmp"
	"slices"

	"synthos/stats"
)

const (
	maxKinds    = 32
	rowsPerKind = 40 // reference rows, on average
)

// kinds are micro-clusters of the reference.
type kinds struct {
	n         int
	data      []float64 // share of each in the pool
	centroids []float32
}

func (v *view) kinds() *kinds {
	if v.kindsM == nil {
		v.kindsM = v.findKinds()
	}
	return v.kindsM
}

func (v *view) findKinds() *kinds {
	r, d := v.encoded().Features(v.judges), v.space.Features(v.pool)
	k := max(2, min(maxKinds, r.N/rowsPerKind))
	centroids, _ := stats.KMeans(r.Data, r.N, r.D, k, v.in.Seed, 8)
	out := &kinds{n: len(centroids) / r.D, centroids: centroids}
	out.data = make([]float64, out.n)
	for _, c := range stats.NearestCentroid(d.Data, d.N, d.D, centroids) {
		out.data[c] += 1 / float64(d.N)
	}
	return out
}

// descending returns the indices of x, largest value first, ties by index.
func descending(x []float64) []int {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[b], x[a]) })
	return order
}
