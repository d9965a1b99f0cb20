package diversity

import (
	"math"

	"synthos/encode"
	"synthos/stats"
)

const (
	maxKinds    = 32
	lloydRounds = 6
)

// clusters is the effective number of kinds of rows: exp of the entropy of the
// shares that the rows have in micro-clusters of the yardstick.
var clusters = statistic{
	name: "effective_clusters", aspect: structural, what: "effective number of kinds of rows (micro-clusters)",
	source: "k-means++, Arthur & Vassilvitskii 2007; exp of Shannon entropy, Hill 1973",
	reference: func(v *view, s *split) (float64, float64) {
		c := s.kinds()
		return effective(s.data.features, c), effective(s.fresh.features, c)
	},
	self: func(v *view, s *split) float64 {
		f := s.data.features
		return effective(f, kinds(f, v.in.Seed)) / float64(kindsWanted(f.N))
	},
	scale: 0.20, tolerance: 0.05, norm: 0.60, below: 0.25,
}

// keptKinds is the share of the yardstick's mass in micro-clusters that the data
// have too: one minus the total variation distance.
var keptKinds = statistic{
	name: "kinds_kept", aspect: structural, what: "kinds of rows in the proportions of the reference",
	source: "overlap of bin shares, as in NDB, Richardson & Weiss 2018, NeurIPS",
	reference: func(v *view, s *split) (float64, float64) {
		c := s.kinds()
		q := kindShares(s.yard.features, c)
		return 1 - stats.TVD(kindShares(s.data.features, c), q), 1 - stats.TVD(kindShares(s.fresh.features, c), q)
	},
	scale: 0.20, tolerance: 0.05,
}

// kindsWanted returns how many micro-clusters n rows are cut into: about sqrt(n).
func kindsWanted(n int) int { return max(2, min(maxKinds, int(math.Sqrt(float64(n))))) }

// kinds returns the centroids of the micro-clusters of f; fewer than wanted if f
// has fewer different rows.
func kinds(f *encode.Features, seed uint64) []float32 {
	centroids, _ := stats.KMeans(f.Data, f.N, f.D, kindsWanted(f.N), seed, lloydRounds)
	return centroids
}

// effective returns the effective number of clusters that the rows fall into.
func effective(f *encode.Features, centroids []float32) float64 {
	return math.Exp(stats.Entropy(kindShares(f, centroids)))
}

// kindShares returns the share of the rows in each cluster.
func kindShares(f *encode.Features, centroids []float32) []float64 {
	p := make([]float64, len(centroids)/f.D)
	for _, c := range stats.NearestCentroid(f.Data, f.N, f.D, centroids) {
		p[c] += 1 / float64(f.N)
	}
	return p
}
