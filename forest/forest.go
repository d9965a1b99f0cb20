// Package forest trains random forests on binned columns: small, fast and
// repeatable, to say how well one column can be told from the others.
//
// Source: Breiman, Random Forests, Machine Learning 45(1), 2001. Splits are
// found by histograms of the codes, as in LightGBM (Ke et al., NeurIPS 2017).
package forest

import (
	"context"
	"math"
)

// Config says how to grow a forest. The zero value of a field is its default.
type Config struct {
	Trees    int    // number of trees; default 24
	MaxDepth int    // splits from the root to a leaf; default 10
	MinLeaf  int    // least (resampled) rows in a leaf; default 1 for classes, 5 for values
	Features int    // columns tried per split; default sqrt(d) for classes, d/3 for values
	Seed     uint64 // same seed, same bits
}

// Data is a table of codes.
//
// Codes is N*D row-major: Codes[i*D+j] is the code of column j of row i,
// 0 <= code < Cards[j]. Codes of an ordered column are compared by size; those of
// a nominal one (Nominal[j]) are names.
type Data struct {
	N, D    int
	Codes   []uint16
	Cards   []int
	Nominal []bool
}

// Forest is a trained forest. It may be used by several goroutines at once.
type Forest struct {
	nodes   []node    // of all trees
	roots   []int32   // where each tree starts
	depths  []int     // the most splits from the root to a leaf of each tree
	short   []short   // of all trees, if every code of the training is below 64
	stops   []int32   // with short: where the values of each node, if it is a leaf, start
	skip    int       // the column that was left out, -1 if none
	values  []float64 // of all leaves, outputs numbers each
	levels  []uint64  // of all nominal splits: bit c is set if code c goes left
	columns int       // D of the data it was trained on
	rows    int       // N of the data it was trained on
	outputs int       // numbers a leaf holds: k class probabilities or one mean
	prior   []float64 // the prediction without a tree
	seed    uint64
}

// node is a split or a leaf.
type node struct {
	column int32  // the column to look at; -1 in a leaf
	left   int32  // the child to the left; the other is left+1
	at     int32  // leaf: start in values; nominal split: start in levels
	words  uint16 // nominal split: length in levels; 0 in an ordered split
	code   uint16 // ordered split: codes up to this one go left
	heavy  bool   // nominal split: where codes beyond the levels go, true is left
}

// TrainClasses grows a forest that predicts the class y[i] of row i, 0 <= y[i] < k.
//
// Column skip, usually the one that y was made from, is left out; -1 leaves
// none out. Splits minimise the Gini impurity. Training runs on the calling
// goroutine and stops between trees when ctx ends: the forest then has the trees
// grown so far, and without any predicts how often each class occurs.
// TrainClasses panics if d, y and k contradict each other.
// O(Trees * N * MaxDepth * Features) time.
func TrainClasses(ctx context.Context, d Data, y []int, k int, skip int, c Config) *Forest {
	d.check(skip)
	if len(y) != d.N {
		panic("forest: one class a row is needed")
	}
	if k < 1 {
		panic("forest: no classes")
	}
	target, prior := make([]int32, d.N), make([]float64, k)
	for i, class := range y {
		if class < 0 || class >= k {
			panic("forest: class outside 0 to k-1")
		}
		target[i] = int32(class)
		prior[class]++
	}
	for class, n := range prior {
		prior[class] = (n + 1) / float64(d.N+k)
	}
	f := &Forest{columns: d.D, skip: skip, rows: d.N, outputs: k, prior: prior, seed: c.Seed}
	f.grow(ctx, d, skip, c.defaults(d.D, skip, math.Sqrt, 1), newGini(target, prior))
	return f
}

// TrainValues grows a forest that predicts the value y[i] of row i.
//
// It is TrainClasses for real values: splits minimise the squared error, leaves
// hold means, and a forest without trees predicts the mean of y. TrainValues
// panics if d and y contradict each other or a value is not finite.
func TrainValues(ctx context.Context, d Data, y []float64, skip int, c Config) *Forest {
	d.check(skip)
	if len(y) != d.N {
		panic("forest: one value a row is needed")
	}
	mean := 0.0
	for i, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			panic("forest: value is not finite")
		}
		mean += (v - mean) / float64(i+1)
	}
	f := &Forest{columns: d.D, skip: skip, rows: d.N, outputs: 1, prior: []float64{mean}, seed: c.Seed}
	f.grow(ctx, d, skip, c.defaults(d.D, skip, func(n float64) float64 { return min(mostFeatures, n/3) }, 5), newSquares(y, mean))
	return f
}

// mostFeatures is how many columns a split of values looks at unless it is told: with
// thousands of columns a third of them would take minutes and tell no more.
const mostFeatures = 100

// defaults fills in what was left zero.
func (c Config) defaults(columns, skip int, features func(float64) float64, minLeaf int) Config {
	if skip >= 0 {
		columns--
	}
	def := func(v *int, otherwise int) {
		if *v <= 0 {
			*v = otherwise
		}
	}
	def(&c.Trees, 24)
	def(&c.MaxDepth, 10)
	def(&c.MinLeaf, minLeaf)
	def(&c.Features, max(1, int(math.Round(features(float64(columns))))))
	return c
}

// check panics if d contradicts itself or has no column skip.
func (d *Data) check(skip int) {
	if skip >= d.D {
		panic("forest: the column to skip is not there")
	}
	if len(d.Codes) != d.N*d.D || len(d.Cards) != d.D || len(d.Nominal) != d.D {
		panic("forest: the lengths of Data do not fit N and D")
	}
	for i := range d.N {
		for j, c := range d.Codes[i*d.D : (i+1)*d.D] {
			if int(c) >= d.Cards[j] {
				panic("forest: code outside its column's range")
			}
		}
	}
}
