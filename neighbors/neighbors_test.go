package neighbors

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// brute finds neighbours by sorting all distances, each computed by
// differences in float64: the definition, written down.
func brute(q []float32, nq int, x []float32, nx, d, k int, selfSame bool) (idx []int32, dist []float32) {
	for i := range nq {
		type pair struct {
			squared float64
			row     int32
		}
		var all []pair
		for r := range nx {
			if selfSame && r == i {
				continue
			}
			all = append(all, pair{squaredDistance(q[i*d:(i+1)*d], x[r*d:(r+1)*d]), int32(r)})
		}
		slices.SortStableFunc(all, func(a, b pair) int {
			switch {
			case a.squared < b.squared:
				return -1
			case a.squared > b.squared:
				return 1
			}
			return 0
		})
		for r := range k {
			if r < len(all) {
				idx, dist = append(idx, all[r].row), append(dist, float32(math.Sqrt(all[r].squared)))
			} else {
				idx, dist = append(idx, -1), append(dist, float32(math.Inf(1)))
			}
		}
	}
	return idx, dist
}

// normals returns n*d standard normal numbers times scale plus offset.
func normals(n, d int, scale, offset float64) []float32 {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(d)))
	x := make([]float32, n*d)
	for i := range x {
		x[i] = float32(rng.NormFloat64()*scale + offset)
	}
	return x
}

// rounded returns x with every number rounded to a whole one, for many ties.
func rounded(x []float32) []float32 {
	for i, v := range x {
		x[i] = float32(math.Round(float64(v)))
	}
	return x
}

// repeated returns n rows that are all one of the first few of x.
func repeated(x []float32, n, d, distinct int) []float32 {
	out := make([]float32, 0, n*d)
	for i := range n {
		r := i * i % distinct
		out = append(out, x[r*d:(r+1)*d]...)
	}
	return out
}

// spiked puts one number far outside.
func spiked(x []float32, v float32) []float32 {
	x[len(x)/2] = v
	return x
}

func TestNearestIsBruteForce(t *testing.T) {
	tests := []struct {
		name, reason string
		q            []float32
		nq           int
		x            []float32
		nx, d, k     int
		selfSame     bool
	}{
		{"normal", "the plain case, over several blocks with a remainder", normals(150, 7, 1, 0), 150, normals(603, 7, 1, 0), 603, 7, 5, false},
		{"self", "a row is not its own neighbour", normals(300, 16, 1, 0), 300, normals(300, 16, 1, 0), 300, 16, 3, true},
		{"self allowed", "without selfSame the nearest of a row is itself, at 0", normals(70, 4, 1, 0), 70, normals(70, 4, 1, 0), 70, 4, 1, false},
		{"ties", "equal distances come in the order of the index", rounded(normals(130, 3, 1, 0)), 130, rounded(normals(700, 3, 1, 0)), 700, 3, 9, false},
		{"duplicates", "most distances are 0; float32 products alone would give noise", repeated(normals(5, 8, 1, 0), 300, 8, 5), 300, repeated(normals(5, 8, 1, 0), 300, 8, 5), 300, 8, 4, true},
		{"far from zero", "norms of 1e12 hide distances of 1e-3 unless rows are moved first", normals(100, 5, 1e-2, 1e3), 100, normals(300, 5, 1e-2, 1e3), 300, 5, 3, false},
		{"close pairs beside an outlier", "one huge number makes all others look equal in float32", spiked(normals(100, 5, 1e-3, 0), 1e9), 100, spiked(normals(300, 5, 1e-3, 0), 1e9), 300, 5, 3, false},
		{"huge", "squares of 1e30 do not fit float32", normals(80, 5, 1e30, 0), 80, normals(90, 5, 1e30, 0), 90, 5, 3, false},
		{"tiny", "squares of 1e-30 vanish in float32", normals(80, 5, 1e-30, 0), 80, normals(90, 5, 1e-30, 0), 90, 5, 3, false},
		{"all scales", "squares of ordinary numbers vanish beside 1e30", spiked(normals(80, 5, 1, 0), 1e30), 80, normals(90, 5, 1, 0), 90, 5, 3, false},
		{"query far away", "the origin is that of x, not of q", normals(40, 5, 1, 1e6), 40, normals(90, 5, 1, 0), 90, 5, 3, false},
		{"one dimension", "a matrix of one column", normals(65, 1, 1, 0), 65, normals(257, 1, 1, 0), 257, 1, 2, false},
		{"wide", "more columns than a block of the kernel", normals(5, 700, 1, 0), 5, normals(9, 700, 1, 0), 9, 700, 2, false},
		{"more neighbours than rows", "what is not there is -1 at +Inf", normals(3, 2, 1, 0), 3, normals(3, 2, 1, 0), 3, 2, 4, true},
		{"all equal to k", "a heap that is never full", normals(4, 2, 1, 0), 4, normals(6, 2, 1, 0), 6, 2, 6, false},
		{"no rows", "nothing to find", normals(2, 3, 1, 0), 2, nil, 0, 3, 1, false},
		{"no queries", "nobody asks", nil, 0, normals(2, 3, 1, 0), 2, 3, 1, false},
		{"no columns", "all rows are equal", nil, 3, nil, 4, 0, 2, false},
		{"constant", "all distances are 0", make([]float32, 20), 10, make([]float32, 20), 10, 2, 2, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantIdx, wantDist := brute(test.q, test.nq, test.x, test.nx, test.d, test.k, test.selfSame)
			for _, jobs := range []int{0, 1, 3} {
				idx, dist := Nearest(t.Context(), test.q, test.nq, test.x, test.nx, test.d, test.k, test.selfSame, jobs)
				if len(idx) == 0 && len(wantIdx) == 0 {
					continue
				}
				if diff := cmp.Diff(wantIdx, idx); diff != "" {
					t.Fatalf("%s: idx at %d jobs (-want +got)\n%s", test.reason, jobs, diff)
				}
				if diff := cmp.Diff(wantDist, dist); diff != "" {
					t.Fatalf("%s: dist at %d jobs (-want +got)\n%s", test.reason, jobs, diff)
				}
			}
		})
	}
}

// The filter may pass a row too many, never one too few: its bound must hold
// for every pair, however close.
func TestFilterBound(t *testing.T) {
	for _, d := range []int{1, 3, 64, 300} {
		q, x := normals(20, d, 1, 5), normals(40, d, 1, 5)
		copy(x, q[:5*d]) // equal rows, where everything cancels
		f := newFilter(q, 20, x, 40, d)
		passed := 0
		for i := range 20 {
			for r := range 40 {
				var p float32
				for j := range f.width {
					p += f.scaledQ[i*f.width+j] * f.scaledX[j*40+r]
				}
				exact := squaredDistance(q[i*d:(i+1)*d], x[r*d:(r+1)*d])
				if p < f.least(i, exact) {
					t.Errorf("d=%d: rows %d and %d at squared distance %g are ruled out", d, i, r, exact)
				} else if p >= f.least(i, exact*0.9) {
					passed++
				}
			}
		}
		if passed > 20*40/4 {
			t.Errorf("d=%d: %d of 800 pairs pass although they are a tenth too far: the bound is useless", d, passed)
		}
	}
}

func TestNearestStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	x := normals(500, 4, 1, 0)
	if idx, dist := Nearest(ctx, x, 500, x, 500, 4, 2, true, 2); idx != nil || dist != nil {
		t.Error("a search whose context ended gave a result")
	}
}

func TestNearestPanics(t *testing.T) {
	x := normals(4, 2, 1, 0)
	tests := []struct {
		name, reason string
		call         func()
	}{
		{"lengths", "a matrix shorter than it is said to be", func() { Nearest(t.Context(), x, 5, x, 4, 2, 1, false, 1) }},
		{"self", "matrices of different sizes do not hold the same rows", func() { Nearest(t.Context(), x[:4], 2, x, 4, 2, 1, true, 1) }},
		{"k", "no neighbour is asked for", func() { Nearest(t.Context(), x, 4, x, 4, 2, 0, false, 1) }},
		{"NaN", "NaN has no distance", func() {
			Nearest(t.Context(), spiked(normals(4, 2, 1, 0), float32(math.NaN())), 4, x, 4, 2, 1, false, 1)
		}},
		{"infinity", "infinity has no distance", func() {
			Nearest(t.Context(), x, 4, spiked(normals(4, 2, 1, 0), float32(math.Inf(-1))), 4, 2, 1, false, 1)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic: " + test.reason)
				}
			}()
			test.call()
		})
	}
}
