package outliers

import (
	"context"

	"synthos/encode"
	"synthos/neighbors"
)

const nearest = 5

// Nearest returns the mean distance of each row to the five rows nearest to it.
// It is cut short if ctx ends.
//
// Source: the k-nearest-neighbour outlier score of Angiulli & Pizzuti, Fast
// outlier detection in high dimensional spaces, PKDD 2002.
func Nearest(ctx context.Context, f *encode.Features, jobs int) []float64 {
	_, dist := neighbors.Nearest(ctx, f.Data, f.N, f.Data, f.N, f.D, nearest, true, max(1, jobs))
	far := make([]float64, f.N)
	for i := range far {
		for _, d := range dist[i*nearest : (i+1)*nearest] {
			far[i] += float64(d) / nearest
		}
	}
	return far
}
