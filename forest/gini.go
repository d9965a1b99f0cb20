package forest

import (
	"math"
	"slices"
)

// gini is the criterion for classes: the Gini impurity.
type gini struct {
	target []int32   // class of each row
	prior  []float64 // probability of each class, summing to 1, none 0
	k      int

	rows      []classWeight // of the node
	total     []int32       // weight of each class in the node
	n         int32         // weight of the node
	commonest int           // class in the node
	bins      []int32       // weight by code and class, all 0 between calls
	left      []int32       // weight of each class on the left
	ends      []int32       // by code: where its rows end in sorted, all 0 between calls
	sorted    []classWeight // rows by code
	keys      []uint64
}

type classWeight struct{ class, weight int32 }

func newGini(target []int32, prior []float64) *gini {
	k := len(prior)
	return &gini{target: target, prior: prior, k: k, total: make([]int32, k), left: make([]int32, k)}
}

func (g *gini) enter(rows []int32, weights []int32) (alike bool) {
	g.rows = slices.Grow(g.rows[:0], len(rows))[:len(rows)]
	clear(g.total)
	g.n = 0
	for i, r := range rows {
		class, w := g.target[r], weights[r]
		g.rows[i] = classWeight{class, w}
		g.total[class] += w
		g.n += w
	}
	g.commonest = 0
	for class, w := range g.total {
		if w > g.total[g.commonest] {
			g.commonest = class
		}
	}
	return g.total[g.commonest] == g.n
}

// fewRows is up to how many rows of a node are sorted by code, however few codes and
// classes there are.
const fewRows = 24

func (g *gini) split(codes []uint16, card int, nominal bool, present []uint16, minLeaf int) (score float64, left int, heavyLeft bool) {
	if !nominal && len(codes) <= max(fewRows, len(present)*g.k) { // going through the rows takes less time than through the counts
		return g.splitSparse(codes, card, present, minLeaf)
	}
	return g.splitCounted(codes, card, nominal, present, minLeaf)
}

// splitCounted counts the weight of each code and class.
func (g *gini) splitCounted(codes []uint16, card int, nominal bool, present []uint16, minLeaf int) (score float64, left int, heavyLeft bool) {
	k := g.k
	if len(g.bins) < card*k {
		g.bins = make([]int32, card*k)
	}
	bins := g.bins
	rows := g.rows[:len(codes)]
	for i, c := range codes {
		bins[int(c)*k+int(rows[i].class)] += rows[i].weight
	}
	if nominal {
		g.order(present)
	}
	// The mean impurity of two sides is least where the sums of squared class
	// weights, each divided by the side's weight, are largest. Moving one code
	// from right to left changes the two sums of squares by what follows.
	clear(g.left)
	var squaresLeft, squaresRight int64
	for _, w := range g.total {
		squaresRight += int64(w) * int64(w)
	}
	score = math.Inf(-1)
	least, onLeft := int32(minLeaf), int32(0)
	for i, c := range present {
		for class, w := range bins[int(c)*k : int(c)*k+k] {
			if w == 0 {
				continue
			}
			l := g.left[class]
			r := g.total[class] - l
			squaresLeft += int64(w) * int64(2*l+w)
			squaresRight -= int64(w) * int64(2*r-w)
			g.left[class] = l + w
			onLeft += w
		}
		clear(bins[int(c)*k : int(c)*k+k])
		onRight := g.n - onLeft
		if onLeft < least || onRight < least || onRight == 0 {
			continue
		}
		s := float64(squaresLeft)/float64(onLeft) + float64(squaresRight)/float64(onRight)
		if s > score {
			score, left, heavyLeft = s, i+1, onLeft >= onRight
		}
	}
	return score, left, heavyLeft
}

// splitSparse sorts the rows of an ordered column by code. It finds what splitCounted finds.
func (g *gini) splitSparse(codes []uint16, card int, present []uint16, minLeaf int) (score float64, left int, heavyLeft bool) {
	if len(g.ends) < card {
		g.ends = make([]int32, card)
	}
	ends := g.ends
	for _, c := range codes {
		ends[c]++
	}
	start := int32(0)
	for _, c := range present {
		start, ends[c] = start+ends[c], start
	}
	g.sorted = slices.Grow(g.sorted[:0], len(codes))[:len(codes)]
	sorted, rows := g.sorted, g.rows[:len(codes)]
	for i, c := range codes {
		sorted[ends[c]] = rows[i]
		ends[c]++
	}
	clear(g.left)
	var squaresLeft, squaresRight int64
	for _, w := range g.total {
		squaresRight += int64(w) * int64(w)
	}
	score = math.Inf(-1)
	least, onLeft, first := int32(minLeaf), int32(0), int32(0)
	for i, c := range present {
		for _, row := range sorted[first:ends[c]] {
			class, w := row.class, row.weight
			l := g.left[class]
			r := g.total[class] - l
			squaresLeft += int64(w) * int64(2*l+w)
			squaresRight -= int64(w) * int64(2*r-w)
			g.left[class] = l + w
			onLeft += w
		}
		first, ends[c] = ends[c], 0
		onRight := g.n - onLeft
		if onLeft < least || onRight < least || onRight == 0 {
			continue
		}
		s := float64(squaresLeft)/float64(onLeft) + float64(squaresRight)/float64(onRight)
		if s > score {
			score, left, heavyLeft = s, i+1, onLeft >= onRight
		}
	}
	return score, left, heavyLeft
}

// order sorts the codes by the share that the node's commonest class has in
// them. For two classes the best of all subsets is then a prefix.
//
// Source: Breiman et al., Classification and Regression Trees, 1984, th. 4.5.
// With more classes this is a heuristic, finer than one level against the rest:
// a level that stands out is at an end, and later nodes tell the others apart.
func (g *gini) order(present []uint16) {
	k := g.k
	g.keys = g.keys[:0]
	for _, c := range present {
		var n int32
		for _, w := range g.bins[int(c)*k : int(c)*k+k] {
			n += w
		}
		share := float64(g.bins[int(c)*k+g.commonest]) / float64(n)
		g.keys = append(g.keys, sortKey(share, c))
	}
	sortCodes(present, g.keys)
}

// leaf appends class probabilities that are never 0: one row's weight is spread
// over the classes as they are spread over all rows (Cestnik's m-estimate with
// m = 1, Laplace's rule with the prior in the place of the uniform one).
//
// Source: Cestnik, Estimating probabilities, ECAI 1990.
func (g *gini) leaf(values []float64) []float64 {
	for class, w := range g.total {
		values = append(values, (float64(w)+g.prior[class])/float64(g.n+1))
	}
	return values
}
