// Package outliers holds the detectors of abnormal rows that synthos is compared
// with: an isolation forest and the distance to the nearest rows.
package outliers

import (
	"math"
	"math/rand/v2"

	"synthos/encode"
)

const (
	isolationTrees = 100
	isolationRows  = 256 // of a tree
)

// Isolation returns how abnormal an isolation forest finds each row, 0-1.
//
// Source: Liu, Ting & Zhou, Isolation forest, ICDM 2008.
func Isolation(f *encode.Features, seed uint64) []float64 {
	depth := make([]float64, f.N)
	n := min(isolationRows, f.N)
	limit := int(math.Ceil(math.Log2(float64(n))))
	for tree := range isolationTrees {
		rng := rand.New(rand.NewPCG(seed, uint64(tree)))
		root := isolate(f, rng.Perm(f.N)[:n], limit, rng)
		for i := range depth {
			depth[i] += root.path(f.Row(i), 0) / isolationTrees
		}
	}
	for i, d := range depth {
		depth[i] = math.Exp2(-d / usualPath(n))
	}
	return depth
}

// isolated is a node of an isolation tree.
type isolated struct {
	column      int
	at          float32
	left, right *isolated // nil in a leaf
	rows        int
}

// isolate cuts rows at random values of random columns that vary.
func isolate(f *encode.Features, rows []int, levels int, rng *rand.Rand) *isolated {
	node := &isolated{rows: len(rows)}
	if levels == 0 || len(rows) < 2 {
		return node
	}
	for _, column := range rng.Perm(f.D) {
		lo, hi := f.Row(rows[0])[column], f.Row(rows[0])[column]
		for _, i := range rows {
			lo, hi = min(lo, f.Row(i)[column]), max(hi, f.Row(i)[column])
		}
		if lo == hi {
			continue
		}
		node.column, node.at = column, lo+(hi-lo)*rng.Float32()
		var left, right []int
		for _, i := range rows {
			if f.Row(i)[column] < node.at {
				left = append(left, i)
			} else {
				right = append(right, i)
			}
		}
		node.left, node.right = isolate(f, left, levels-1, rng), isolate(f, right, levels-1, rng)
		return node
	}
	return node
}

func (n *isolated) path(row []float32, depth float64) float64 {
	switch {
	case n.left == nil:
		return depth + usualPath(n.rows)
	case row[n.column] < n.at:
		return n.left.path(row, depth+1)
	}
	return n.right.path(row, depth+1)
}

// usualPath is the mean depth of a search that fails in a binary tree of n rows.
func usualPath(n int) float64 {
	if n < 2 {
		return 0
	}
	m := float64(n - 1)
	return 2*(math.Log(m)+0.5772156649015329) - 2*m/float64(n)
}
