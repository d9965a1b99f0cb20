package stats

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// KMeans returns k centroids of the rows of x, and for each row the index of the
// nearest one. There are fewer than k centroids if x has fewer distinct rows:
// len(centroids)/d of them.
//
// x is n*d row-major float32, x[i*d+j] is feature j of row i; it must be finite.
// centroids is k*d row-major, assignment has n entries. Lloyd's algorithm runs
// for at most iterations rounds, less if no row moves; a cluster that loses all
// its rows starts again at the row farthest from its centroid. O(n*k*d) time a
// round. The same seed gives the same bits.
//
// Sources: Lloyd, IEEE Trans. Inf. Theory 28(2), 1982; seeds by Arthur &
// Vassilvitskii, k-means++, SODA 2007, on an even subsample of the rows.
func KMeans(x []float32, n, d, k int, seed uint64, iterations int) (centroids []float32, assignment []int32) {
	sameLength(len(x), n*d)
	if n == 0 || d == 0 || k < 1 {
		return nil, make([]int32, n)
	}
	centroids = seeds(x, n, d, k, rand.New(rand.NewPCG(seed, uint64(k))))
	assignment, distance := nearest(x, n, d, centroids)
	for range iterations {
		moveCentroids(x, n, d, centroids, assignment, distance)
		next, nextDistance := nearest(x, n, d, centroids)
		same := slices.Equal(next, assignment)
		assignment, distance = next, nextDistance
		if same {
			break
		}
	}
	return centroids, assignment
}

// NearestCentroid returns for each row of x the index of the nearest centroid,
// the lower one of equals. x is n*d row-major, centroids k*d.
func NearestCentroid(x []float32, n, d int, centroids []float32) []int32 {
	sameLength(len(x), n*d)
	assignment, _ := nearest(x, n, d, centroids)
	return assignment
}

// seeds draws rows to start from, each with probability proportional to the
// squared distance from those drawn before.
func seeds(x []float32, n, d, k int, rng *rand.Rand) []float32 {
	m := min(n, max(256, 8*k))
	row := func(s int) []float32 { i := s * n / m; return x[i*d : (i+1)*d] }
	distance := make([]float64, m)
	for s := range distance {
		distance[s] = math.Inf(1)
	}
	var centroids []float32
	pick := rng.IntN(m)
	for {
		centroids = append(centroids, row(pick)...)
		if len(centroids) >= k*d {
			return centroids
		}
		total := 0.0
		for s := range distance {
			distance[s] = min(distance[s], float64(squaredDistance(row(s), row(pick))))
			total += distance[s]
		}
		if total == 0 {
			return centroids
		}
		left := rng.Float64() * total
		for s, v := range distance {
			if v == 0 {
				continue
			}
			pick = s
			if left -= v; left < 0 {
				break
			}
		}
	}
}

func squaredDistance(a, b []float32) float32 {
	var s0, s1 float32
	b = b[:len(a)]
	j := 0
	for ; j+1 < len(a); j += 2 {
		u, v := a[j]-b[j], a[j+1]-b[j+1]
		s0 += u * u
		s1 += v * v
	}
	if j < len(a) {
		u := a[j] - b[j]
		s0 += u * u
	}
	return s0 + s1
}

// nearest returns the nearest centroid of each row, the lower one of equals, and
// the squared distance to it.
func nearest(x []float32, n, d int, centroids []float32) (assignment []int32, distance []float32) {
	assignment, distance = make([]int32, n), make([]float32, n)
	if n == 0 || d == 0 || len(centroids) == 0 {
		return assignment, distance
	}
	k := len(centroids) / d
	// |x-c|^2 = |x|^2 + |c|^2 - 2 x.c, with the origin moved to the middle of the
	// centroids, where the terms are smallest and cancel least. The products of a
	// few rows at a time are one matrix product.
	origin := middle(centroids, k, d)
	transposed, norm := make([]float32, d*k), make([]float32, k)
	for c := range k {
		for j, v := range centroids[c*d : (c+1)*d] {
			v -= origin[j]
			transposed[j*k+c] = v
			norm[c] += v * v
		}
	}
	const chunk = 64
	shifted, products := make([]float32, chunk*d), make([]float32, chunk*k)
	for lo := 0; lo < n; lo += chunk {
		rows := min(chunk, n-lo)
		for i := range rows {
			for j, v := range x[(lo+i)*d : (lo+i+1)*d] {
				shifted[i*d+j] = v - origin[j]
			}
		}
		blas32.Gemm(blas.NoTrans, blas.NoTrans, -2,
			blas32.General{Rows: rows, Cols: d, Stride: d, Data: shifted},
			blas32.General{Rows: d, Cols: k, Stride: k, Data: transposed},
			0, blas32.General{Rows: rows, Cols: k, Stride: k, Data: products})
		for i := range rows {
			best, at := float32(math.Inf(1)), 0
			for c, v := range products[i*k : (i+1)*k] {
				if v += norm[c]; v < best {
					best, at = v, c
				}
			}
			for _, v := range shifted[i*d : (i+1)*d] {
				best += v * v
			}
			assignment[lo+i], distance[lo+i] = int32(at), max(0, best)
		}
	}
	return assignment, distance
}

// middle returns the mean of k rows.
func middle(rows []float32, k, d int) []float32 {
	sum := make([]float64, d)
	for i, v := range rows {
		sum[i%d] += float64(v)
	}
	mean := make([]float32, d)
	for j := range mean {
		mean[j] = float32(sum[j] / float64(k))
	}
	return mean
}

// moveCentroids puts each centroid into the mean of its rows, summed in float64.
func moveCentroids(x []float32, n, d int, centroids []float32, assignment []int32, distance []float32) {
	k := len(centroids) / d
	sums, counts := make([]float64, len(centroids)), make([]int, k)
	for i := range n {
		c := int(assignment[i])
		counts[c]++
		sum := sums[c*d : (c+1)*d]
		for j, v := range x[i*d : (i+1)*d] {
			sum[j] += float64(v)
		}
	}
	var taken []int // rows already used to restart an empty cluster
	for c, count := range counts {
		if count == 0 {
			i := farthest(distance, taken)
			taken = append(taken, i)
			copy(centroids[c*d:(c+1)*d], x[i*d:(i+1)*d])
			continue
		}
		for j := range d {
			centroids[c*d+j] = float32(sums[c*d+j] / float64(count))
		}
	}
}

// farthest returns the row farthest from its centroid, leaving out those taken.
func farthest(distance []float32, taken []int) int {
	best, at := float32(-1), 0
	for i, v := range distance {
		if v > best && !slices.Contains(taken, i) {
			best, at = v, i
		}
	}
	return at
}
