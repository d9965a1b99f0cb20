// Package neighbors finds the exact nearest neighbours of rows by brute force,
// as fast as matrix products are.
package neighbors

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"synthos/linalg"
)

// Blocks of rows whose products are computed at once; they fit in the cache. Of each
// group of products only the largest is looked at first.
const (
	blockQ = 64
	blockX = 256
	group  = 64
)

// Nearest returns the k rows of x nearest to each row of q, by Euclidean
// distance, nearest first, the lower index first among equals. idx[i*k+r] is the
// row of x that is the r-th nearest to row i of q, dist[i*k+r] its distance.
// Where x has fewer than k rows to offer, idx is -1 and dist +Inf.
//
// q is nq*d and x is nx*d, both row-major float32; all numbers must be finite.
// With selfSame, q and x hold the same rows, and row i is no neighbour of row i
// (an equal row at another index is). At most jobs goroutines work at once; the
// result has the same bits for any number of them and on any machine. Nearest
// panics if lengths do not fit, k < 1 or a number is not finite, and returns
// nil, nil if ctx ended. O(nq*nx*d) time, O((nq+nx)*d) memory.
//
// Method: |q-x|^2 = |q|^2 + |x|^2 - 2 q.x in float32, by blocks, only rules out
// rows, with a bound on its rounding error; the distance of every row that is
// left is computed in float64 from differences, so that the neighbours are
// exact, and the distance of equal rows is 0.
func Nearest(ctx context.Context, q []float32, nq int, x []float32, nx, d, k int, selfSame bool, jobs int) (idx []int32, dist []float32) {
	if len(q) != nq*d || len(x) != nx*d || selfSame && nq != nx {
		panic("neighbors: the lengths of the matrices do not fit")
	}
	if k < 1 {
		panic("neighbors: k below 1")
	}
	f := newFilter(q, nq, x, nx, d)
	s := &search{filter: f, q: q, x: x, nq: nq, nx: nx, d: d, k: k, selfSame: selfSame,
		idx: make([]int32, nq*k), dist: make([]float32, nq*k)}
	var next atomic.Int64
	var wait sync.WaitGroup
	for range max(1, min(jobs, (nq+blockQ-1)/blockQ)) {
		wait.Go(func() {
			w := s.worker()
			for ctx.Err() == nil {
				lo := int(next.Add(blockQ)) - blockQ
				if lo >= nq {
					return
				}
				w.block(ctx, lo, min(nq, lo+blockQ))
			}
		})
	}
	wait.Wait()
	if ctx.Err() != nil {
		return nil, nil
	}
	return s.idx, s.dist
}

// search is one call of Nearest.
type search struct {
	*filter
	q, x         []float32
	nq, nx, d, k int
	selfSame     bool
	idx          []int32
	dist         []float32
}

// worker holds the scratch of one goroutine.
type worker struct {
	*search
	kernels  *linalg.Kernels
	products []float32    // blockQ*blockX
	most     []float32    // of each group of products the largest
	best     [][]neighbor // at most k nearest so far of each row of the block, nearest first
}

// neighbor is a row of x and its squared distance.
type neighbor struct {
	squared float64
	row     int32
}

func (s *search) worker() *worker {
	w := &worker{search: s, kernels: linalg.Best(), products: make([]float32, blockQ*blockX), most: make([]float32, blockQ*blockX/group), best: make([][]neighbor, blockQ)}
	for i := range w.best {
		w.best[i] = make([]neighbor, 0, s.k+1)
	}
	return w
}

// block finds the neighbours of rows lo to hi of q.
func (w *worker) block(ctx context.Context, lo, hi int) {
	for i := range w.best {
		w.best[i] = w.best[i][:0]
	}
	for from := 0; from < w.nx; from += blockX {
		if ctx.Err() != nil {
			return
		}
		n := min(w.nx-from, blockX)
		if n < blockX { // what is left over in a row must not be larger than what is new
			for i := range w.products {
				w.products[i] = -math.MaxFloat32
			}
		}
		w.kernels.NN(hi-lo, n, w.width, w.scaledQ[lo*w.width:hi*w.width], w.width, w.scaledX[from*w.width:(from+n)*w.width], n, w.products, blockX, false)
		w.kernels.RowMax(w.products, w.most, (hi-lo)*blockX/group, group)
		for i := lo; i < hi; i++ {
			w.sift(i, i-lo, from, n)
		}
	}
	for i := lo; i < hi; i++ {
		best := w.best[i-lo]
		for r := range w.k {
			at := i*w.k + r
			if r < len(best) {
				w.idx[at], w.dist[at] = best[r].row, float32(math.Sqrt(best[r].squared))
			} else {
				w.idx[at], w.dist[at] = -1, float32(math.Inf(1))
			}
		}
	}
}

// sift goes through the products of row i of q with the n rows of x from one on,
// which are row at of the block, and takes up those that are nearer than its best so far.
func (w *worker) sift(i, at, from, n int) {
	best := &w.best[at]
	least := w.least(i, w.worst(*best))
	for lo := 0; lo < n; lo += group {
		if w.most[(at*blockX+lo)/group] < least {
			continue
		}
		for j, p := range w.products[at*blockX+lo : at*blockX+min(lo+group, n)] {
			if p >= least && w.take(i, best, from+lo+j) {
				least = w.least(i, w.worst(*best))
			}
		}
	}
}

// take puts a row of x among the best of row i of q, if it is nearer than one of them.
func (w *worker) take(i int, best *[]neighbor, row int) bool {
	if w.selfSame && row == i {
		return false
	}
	squared := squaredDistance(w.q[i*w.d:(i+1)*w.d], w.x[row*w.d:(row+1)*w.d])
	if squared >= w.worst(*best) { // rows come in ascending order: the lower index stays
		return false
	}
	at, _ := slices.BinarySearchFunc(*best, squared, func(n neighbor, v float64) int {
		if n.squared <= v {
			return -1
		}
		return 1
	})
	*best = slices.Insert(*best, at, neighbor{squared, int32(row)})
	*best = (*best)[:min(len(*best), w.k)]
	return true
}

// worst returns the squared distance that a row must be below to be taken up.
func (w *worker) worst(best []neighbor) float64 {
	if len(best) < w.k {
		return math.Inf(1)
	}
	return best[w.k-1].squared
}

// squaredDistance sums the squared differences of two rows in float64. The
// conversions keep compilers from fusing, so that the bits are the same everywhere.
func squaredDistance(a, b []float32) float64 {
	b = b[:len(a)]
	var even, odd float64
	j := 0
	for ; j+1 < len(a); j += 2 {
		u, v := float64(a[j])-float64(b[j]), float64(a[j+1])-float64(b[j+1])
		even += float64(u * u)
		odd += float64(v * v)
	}
	if j < len(a) {
		u := float64(a[j]) - float64(b[j])
		even += float64(u * u)
	}
	return even + odd
}
