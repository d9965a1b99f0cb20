package diversity

import (
	"context"
	"math/rand/v2"

	"synthos/encode"
	"synthos/neighbors"
)

const (
	tupleSets    = 32 // sets of columns whose value tuples are counted
	tupleColumns = 3  // columns of a set
)

// tuples is the share of the yardstick's combinations of values, in sets of three
// columns, that occur in the data.
var tuples = statistic{
	name: "value_tuples", aspect: structural, what: "combinations of values that occur",
	source: "share of rows whose bins in three columns occur, as recall; without a reference distinct ones",
	reference: func(v *view, s *split) (float64, float64) {
		return combinations(v, s.data, s.yard), combinations(v, s.fresh, s.yard)
	},
	self: func(v *view, s *split) float64 {
		return distinctTuples(v, s.data) / distinctTuples(v, s.yard)
	},
	scale: 0.12, tolerance: 0.02, norm: 0.35, below: 0.20,
}

// eachSet calls f with the tuples of both samples in each of tupleSets sets of columns.
func (v *view) eachSet(f func(key func(row []uint16) uint64)) {
	rng := rand.New(rand.NewPCG(v.in.Seed, 0x7091e5))
	for range tupleSets {
		set := choose(rng, len(v.slots), tupleColumns)
		f(func(row []uint16) uint64 {
			key := uint64(0)
			for _, j := range set {
				key = key<<16 | uint64(row[j])
			}
			return key
		})
	}
}

func tuplesOf(x *sample, key func(row []uint16) uint64) map[uint64]int {
	seen := map[uint64]int{}
	for i := range x.n() {
		seen[key(x.codes.Row(i))]++
	}
	return seen
}

// combinations returns the share of the rows of a whose tuple occurs in x, averaged
// over the sets.
func combinations(v *view, x, a *sample) float64 {
	n := 0
	v.eachSet(func(key func(row []uint16) uint64) {
		seen := tuplesOf(x, key)
		for i := range a.n() {
			if seen[key(a.codes.Row(i))] > 0 {
				n++
			}
		}
	})
	return float64(n) / float64(tupleSets*a.n())
}

// distinctTuples returns the mean number of different tuples of x per row.
func distinctTuples(v *view, x *sample) float64 {
	n := 0
	v.eachSet(func(key func(row []uint16) uint64) { n += len(tuplesOf(x, key)) })
	return float64(n) / float64(tupleSets*x.n())
}

const coverageNeighbors = 5 // k of coverage

// coverage is the share of reference rows with a row of the data in their
// neighbourhood, the ball to their k-th nearest reference row.
var coverage = statistic{
	name: "coverage", aspect: structural, what: "reference rows with a counterpart", splits: 2,
	source: "coverage, Naeem et al. 2020, ICML, k = 5",
	reference: func(v *view, s *split) (float64, float64) {
		return covered(s.yard.features, s.data.features, s.fresh.features)
	},
	scale: 0.25, tolerance: 0.03,
}

// covered returns the coverage of yard by data and by fresh.
func covered(yard, data, fresh *encode.Features) (ofData, ofFresh float64) {
	_, radius := nearest(yard, yard, coverageNeighbors, true)
	by := func(x *encode.Features) float64 {
		_, dist := nearest(yard, x, 1, false)
		n := 0
		for i := range dist {
			if dist[i] <= radius[(i+1)*coverageNeighbors-1] {
				n++
			}
		}
		return float64(n) / float64(len(dist))
	}
	return by(data), by(fresh)
}

func nearest(q, x *encode.Features, k int, same bool) ([]int32, []float32) {
	k = min(k, max(1, x.N-1))
	return neighbors.Nearest(context.Background(), q.Data, q.N, x.Data, x.N, x.D, k, same, 1)
}
