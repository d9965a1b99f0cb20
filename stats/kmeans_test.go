package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// blobs returns n rows around k centres that are far apart, row i near centre i%k.
func blobs(n, d, k int, offset float64) []float32 {
	rng := rand.New(rand.NewPCG(5, 6))
	centres := make([]float64, k*d)
	for i := range centres {
		centres[i] = 100*rng.NormFloat64() + offset
	}
	x := make([]float32, n*d)
	for i := range x {
		x[i] = float32(centres[i/d%k*d+i%d] + rng.NormFloat64())
	}
	return x
}

func TestKMeansFindsBlobs(t *testing.T) {
	const n, d, k = 900, 5, 9
	for _, offset := range []float64{0, 1e4} { // far from zero, float32 has little left for distances
		x := blobs(n, d, k, offset)
		centroids, assignment := KMeans(x, n, d, k, 1, 10)
		if len(centroids) != k*d {
			t.Fatalf("offset %g: %d centroids, want %d", offset, len(centroids)/d, k)
		}
		for i := range n {
			if assignment[i] != assignment[i%k] {
				t.Fatalf("offset %g: rows %d and %d are of one blob but in clusters %d and %d", offset, i, i%k, assignment[i], assignment[i%k])
			}
		}
		for c := range k {
			for j := range d {
				sum := 0.0
				for i := c; i < n; i += k {
					sum += float64(x[i*d+j])
				}
				got, want := float64(centroids[int(assignment[c])*d+j]), sum/(n/k)
				if math.Abs(got-want) > 1e-6*math.Abs(want) {
					t.Errorf("offset %g: centroid of blob %d has %g at %d, its mean is %g", offset, c, got, j, want)
				}
			}
		}
	}
}

func TestKMeansRepeats(t *testing.T) {
	const n, d, k = 400, 7, 30
	x := blobs(n, d, 50, 0)
	c1, a1 := KMeans(slices.Clone(x), n, d, k, 3, 5)
	c2, a2 := KMeans(x, n, d, k, 3, 5)
	if diff := cmp.Diff([]any{c1, a1}, []any{c2, a2}); diff != "" {
		t.Errorf("the same seed gave other bits\n%s", diff)
	}
	if diff := cmp.Diff(a1, NearestCentroid(x, n, d, c1)); diff != "" {
		t.Errorf("the assignment is not to the nearest centroid (-assigned +nearest)\n%s", diff)
	}
}

// Lloyd's rounds may only bring rows and centroids closer.
func TestKMeansImproves(t *testing.T) {
	const n, d, k = 500, 4, 12
	rng := rand.New(rand.NewPCG(9, 9))
	x := make([]float32, n*d)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	before := math.Inf(1)
	for rounds := range 6 {
		centroids, assignment := KMeans(x, n, d, k, 1, rounds)
		sum := 0.0
		for i, c := range assignment {
			sum += float64(squaredDistance(x[i*d:(i+1)*d], centroids[int(c)*d:(int(c)+1)*d]))
		}
		if sum >= before {
			t.Errorf("round %d: squared distances rose from %g to %g", rounds, before, sum)
		}
		before = sum
	}
}

func TestKMeansEdges(t *testing.T) {
	tests := []struct {
		name, reason     string
		x                []float32
		n, d, k          int
		wantK            int
		wantDistinctRows bool // rows that differ are in different clusters
	}{
		{"fewer distinct rows than k", "a centroid for each distinct row and no more", []float32{1, 2, 1, 2, 3, 1}, 6, 1, 5, 3, true},
		{"one row", "it is its own centroid", []float32{4, 5}, 1, 2, 3, 1, true},
		{"no rows", "nothing to place", nil, 0, 3, 2, 0, true},
		{"no columns", "all rows are equal", nil, 3, 0, 2, 0, false},
		{"k of one", "the mean", []float32{1, 2, 6}, 3, 1, 1, 1, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			centroids, assignment := KMeans(test.x, test.n, test.d, test.k, 1, 5)
			if len(centroids) != test.wantK*test.d || len(assignment) != test.n {
				t.Fatalf("%s: %d numbers in centroids, %d assignments", test.reason, len(centroids), len(assignment))
			}
			for i := range test.n {
				for j := range i {
					same := slices.Equal(test.x[i*test.d:(i+1)*test.d], test.x[j*test.d:(j+1)*test.d])
					if test.wantDistinctRows && same != (assignment[i] == assignment[j]) {
						t.Errorf("%s: rows %d and %d", test.reason, i, j)
					}
				}
			}
		})
	}
}

// A cluster that nothing is nearest to starts again at the row farthest from its centroid.
func TestEmptyClusterRestarts(t *testing.T) {
	x := []float32{0, 1, 2, 10}
	centroids := []float32{1, 99}
	assignment, distance := nearest(x, 4, 1, centroids)
	moveCentroids(x, 4, 1, centroids, assignment, distance)
	if diff := cmp.Diff([]float32{3.25, 10}, centroids); diff != "" {
		t.Errorf("centroids (-want +got)\n%s", diff)
	}
}
