package recommend

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"synthos/stats"
)

const (
	maxKinds    = 32
	rowsPerKind = 40  // reference rows, on average
	tooMany     = 1.5 // times its usual share that a kind of rows may have
)

// thinKinds samples micro-clusters down that have more than tooMany times the
// share that the reference gives them, relative to what is usual: the median over
// the reference's rows, since lost kinds raise the share of all others.
func (v *view) thinKinds(t *thinning) {
	if v.judges == nil {
		return
	}
	k := v.kinds()
	over := make([]float64, k.n)
	var each []float64
	for c := range over {
		if k.real[c] == 0 {
			continue
		}
		over[c] = k.data[c] / k.real[c]
		for range int(k.real[c]*float64(v.judges.Rows()) + 0.5) {
			each = append(each, over[c])
		}
	}
	usually := max(1, stats.Quantile(each, 0.5))
	rng := rand.New(rand.NewPCG(v.in.Seed, 0x7417))
	keep := make([]float64, k.n)
	for c := range keep {
		keep[c] = 1
		// Chance may make a kind of 20 rows half again as large as it should be.
		if k.real[c] > 0 && over[c] > tooMany*usually && k.data[c]*float64(v.pool.Rows()) >= 20 {
			keep[c] = usually / over[c]
			t.kindsOf++
		}
	}
	for i, c := range k.of {
		if rng.Float64() >= keep[c] && !t.rows[v.pool.RowIDs[i]] {
			t.rows[v.pool.RowIDs[i]] = true
			t.kinds++
		}
	}
}

// kinds are micro-clusters of the reference.
type kinds struct {
	n          int
	data, real []float64 // share of each in the pool and in the reference's half
	of         []int32   // of each row of the pool
	centroids  []float32
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
	centroids, of := stats.KMeans(r.Data, r.N, r.D, k, v.in.Seed, 8)
	out := &kinds{n: len(centroids) / r.D, centroids: centroids, of: stats.NearestCentroid(d.Data, d.N, d.D, centroids)}
	out.data, out.real = make([]float64, out.n), make([]float64, out.n)
	for _, c := range out.of {
		out.data[c] += 1 / float64(d.N)
	}
	for _, c := range of {
		out.real[c] += 1 / float64(r.N)
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
