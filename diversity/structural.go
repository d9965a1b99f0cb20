package diversity

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"synthos/encode"
	"synthos/neighbors"
	"synthos/stats"
)

// distinctRows is the share of rows that are not the repetition of another.
var distinctRows = statistic{
	name: "distinct_rows", aspect: structural, what: "different rows", splits: 1, counted: math.MaxInt,
	source: "rows that stood before, on equally many rows",
	reference: func(v *view, s *split) (float64, float64) {
		n := min(len(v.dataHash), len(v.otherHash))
		rng := rand.New(rand.NewPCG(v.in.Seed, 0xd0b1e))
		return distinct(v.dataHash, choose(rng, len(v.dataHash), n)), distinct(v.otherHash, choose(rng, len(v.otherHash), n))
	},
	self: func(v *view, s *split) float64 {
		if v.fewLevels() {
			return nan // rows repeat by nature
		}
		return float64(count(v.dataHash)) / float64(count(v.otherHash))
	},
	scale: 0.12, tolerance: 0.01, norm: 0.90, below: 0.15,
}

// jointEntropy is the entropy of the rows as a share of that of rows whose columns were shuffled,
// where few levels make rows repeat by nature, so that so many rows tell it: what columns have to
// do with each other takes a part of it, and a few rows that stand for all take most.
var jointEntropy = statistic{
	name: "joint_entropy", aspect: structural, what: "combinations of levels",
	source: "Shannon 1948; entropy of rows of few levels, against that of shuffled columns",
	self: func(v *view, s *split) float64 {
		if !v.fewLevels() {
			return nan
		}
		return entropyOf(v.dataHash) / entropyOf(v.otherHash)
	},
	norm: 0.70, below: 0.12,
}

// entropyOf returns the entropy of the shares of equal hashes, in nats.
func entropyOf(hashes []uint64) float64 {
	counts := map[uint64]float64{}
	for _, h := range hashes {
		counts[h]++
	}
	// Summed in the order of the counts, so that the bits are the same every time.
	sizes := slices.Sorted(maps.Values(counts))
	sum, n := 0.0, float64(len(hashes))
	for _, c := range sizes {
		sum -= c / n * math.Log(c/n)
	}
	return sum
}

// fewLevels reports whether a tenth of the rows repeat even if each column is shuffled.
func (v *view) fewLevels() bool {
	return float64(count(v.otherHash)) < 0.9*float64(len(v.otherHash))
}

// distinct returns the share of different hashes among those of rows.
func distinct(hashes []uint64, rows []int) float64 {
	of := make([]uint64, len(rows))
	for i, r := range rows {
		of[i] = hashes[r]
	}
	return float64(count(of)) / float64(len(rows))
}

// count returns how many different numbers there are.
func count(hashes []uint64) int {
	seen := make(map[uint64]struct{}, len(hashes))
	for _, h := range hashes {
		seen[h] = struct{}{}
	}
	return len(seen)
}

const nearQueries = 1000 // rows that are looked up among all others

// unrepeatedRows is one minus the share of rows that are near duplicates of
// another row.
var unrepeatedRows = statistic{
	name: "rows_without_near_duplicate", aspect: structural, what: "rows without a near duplicate", splits: 1, counted: nearQueries,
	source: "nearest-neighbour distances that pile up near 0, in units of the reference's (or the shuffled rows') median",
	reference: func(v *view, s *split) (float64, float64) {
		n := min(v.data.n(), v.other.n())
		rng := rand.New(rand.NewPCG(v.in.Seed, 0x4ea4))
		d := nearestOther(v.data.features.Take(choose(rng, v.data.n(), n)))
		r := nearestOther(v.other.features.Take(choose(rng, v.other.n(), n)))
		unit := medianPositive(r)
		return 1 - spike(d, unit), 1 - spike(r, unit)
	},
	self: func(v *view, s *split) float64 {
		if v.fewLevels() {
			return nan
		}
		d, r := nearestOther(v.data.features), nearestOther(v.other.features)
		unit := medianPositive(r) // that of the data is tiny if most of them are copies
		return 1 - max(0, spike(d, unit)-spike(r, unit))
	},
	scale: 0.40, tolerance: 0.02, norm: 0.90, below: 0.25,
}

// nearestOther returns the distance from some rows of f to the nearest other row.
func nearestOther(f *encode.Features) []float32 {
	m := min(f.N, nearQueries)
	rows := make([]int, m)
	for i := range rows {
		rows[i] = i * f.N / m
	}
	q := f.Take(rows)
	idx, dist := neighbors.Nearest(context.Background(), q.Data, q.N, f.Data, f.N, f.D, 2, false, 1)
	out := make([]float32, m)
	for i, r := range rows {
		out[i] = dist[2*i]
		if int(idx[2*i]) == r { // itself
			out[i] = dist[2*i+1]
		}
	}
	return out
}

// spikes are the widths at which spike looks.
var spikes = []float64{0.02, 0.05, 0.1}

// spike returns how much mass of x lies at and close above 0 beyond a smooth
// density, in units of unit: the most of P(x < t) - P(t <= x < 2t). Copies,
// exact or with a little noise, make a spike; a dense region does not.
func spike(x []float32, unit float64) float64 {
	most := 0.0
	for _, t := range spikes {
		inner, next := 0, 0
		for _, d := range x {
			switch {
			case float64(d) <= t*unit:
				inner++
			case float64(d) < 2*t*unit:
				next++
			}
		}
		most = max(most, float64(inner-next)/float64(len(x)))
	}
	return most
}

// medianPositive returns the median of the distances that are not 0, or 0.
func medianPositive(x []float32) float64 {
	var p []float64
	for _, d := range x {
		if d > 0 {
			p = append(p, float64(d))
		}
	}
	if len(p) == 0 {
		return 0
	}
	return stats.Quantile(p, 0.5)
}
