package forest

import (
	"context"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// criterion says what a good split is. It is told the rows of a node once and
// then asked for the best split of several columns.
type criterion interface {
	// enter looks at the rows of a node, each counted weights[row] times. It
	// reports whether they are all alike, so that there is nothing to split.
	enter(rows []int32, weights []int32) (alike bool)
	// split returns the best split of a column: codes[i] < card is the code of row
	// i of the node, present holds the codes that occur, at least two, ascending;
	// it is reordered if the column is nominal. Rows whose code is among the first
	// left of present go left, which is the heavier side if heavyLeft. score is
	// larger for better splits and comparable within the node. left is 0 if no
	// split leaves minLeaf rows on both sides.
	split(codes []uint16, card int, nominal bool, present []uint16, minLeaf int) (score float64, left int, heavyLeft bool)
	// leaf appends the prediction of the node to values.
	leaf(values []float64) []float64
}

// grower holds what the trees of a forest share, and the node at hand.
type grower struct {
	forest    *Forest
	config    Config
	criterion criterion
	columns   [][]uint16 // codes by column
	cards     []int
	nominal   []bool
	tried     []int // the columns that may be used, in the order of the last draw

	weights []int32  // how often each row is in the tree's sample
	rows    []int32  // the rows of the sample; those of a node are consecutive
	scratch []int32  // for the partition
	codes   []uint16 // of one column, in the order of the node's rows
	present []uint16 // codes that occur in the node
	seen    []uint64 // one bit a code
	best    []uint16 // present, of the best column so far
}

// part is a node that waits to be split: rows lo to hi of the grower.
type part struct {
	node, lo, hi, depth int
}

// grow adds trees to f.
func (f *Forest) grow(ctx context.Context, d Data, skip int, c Config, by criterion) {
	if d.N == 0 {
		return
	}
	g := &grower{
		forest: f, config: c, criterion: by,
		columns: make([][]uint16, d.D), cards: d.Cards, nominal: d.Nominal,
		weights: make([]int32, d.N), scratch: make([]int32, d.N), codes: make([]uint16, d.N),
		seen: make([]uint64, 1<<16/64),
	}
	for j := range d.D {
		if j == skip {
			continue
		}
		g.tried = append(g.tried, j)
		column := make([]uint16, d.N)
		for i := range column {
			column[i] = d.Codes[i*d.D+j]
		}
		g.columns[j] = column
	}
	order := slices.Clone(g.tried)
	for t := range c.Trees {
		if ctx.Err() != nil {
			return
		}
		copy(g.tried, order)
		bag(g.weights, f.seed, t)
		g.tree(rand.New(rand.NewPCG(f.seed, 2*uint64(t)+1)))
	}
	if f.areShort(d.Cards) {
		f.shorten()
	}
}

// bag draws the bootstrap sample of tree t: how often each row is in it.
func bag(weights []int32, seed uint64, t int) {
	clear(weights)
	rng := rand.New(rand.NewPCG(seed, 2*uint64(t)))
	for range weights {
		weights[rng.IntN(len(weights))]++
	}
}

// tree grows one tree on the rows with a weight, depth first.
func (g *grower) tree(rng *rand.Rand) {
	f := g.forest
	g.rows = g.rows[:0]
	for i, w := range g.weights {
		if w > 0 {
			g.rows = append(g.rows, int32(i))
		}
	}
	root := len(f.nodes)
	f.roots = append(f.roots, int32(root))
	depth := 0
	f.nodes = append(f.nodes, node{})
	waiting := []part{{node: root, lo: 0, hi: len(g.rows)}}
	for len(waiting) > 0 {
		p := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		rows := g.rows[p.lo:p.hi]
		alike := g.criterion.enter(rows, g.weights)
		depth = max(depth, p.depth)
		if alike || p.depth == g.config.MaxDepth || !g.splitNode(p.node, rows, rng) {
			f.nodes[p.node] = node{column: -1, at: int32(len(f.values))}
			f.values = g.criterion.leaf(f.values)
			continue
		}
		left := len(f.nodes)
		f.nodes[p.node].left = int32(left)
		f.nodes = append(f.nodes, node{}, node{})
		middle := p.lo + g.partition(rows, f.nodes[p.node])
		waiting = append(waiting,
			part{left + 1, middle, p.hi, p.depth + 1},
			part{left, p.lo, middle, p.depth + 1})
	}
	f.depths = append(f.depths, depth)
}

// mostDrawn is how many columns are drawn for a split at most. Of thousands that are
// constant in a node, or nearly, most would be looked at for nothing.
const mostDrawn = 1000

// splitNode fills in the best split of the given rows among the columns drawn
// for it. It returns false if there is none. Columns that are constant here are
// drawn but not counted, so that a split is found if there is one among the
// first mostDrawn.
func (g *grower) splitNode(at int, rows []int32, rng *rand.Rand) bool {
	best, column, left, heavy := math.Inf(-1), -1, 0, false
	counted, few := 0, g.tooFew(rows)
	for drawn := 0; drawn < min(mostDrawn, len(g.tried)) && counted < g.config.Features; drawn++ {
		next := drawn + rng.IntN(len(g.tried)-drawn)
		g.tried[drawn], g.tried[next] = g.tried[next], g.tried[drawn]
		if few { // no column can split these; they are drawn so that what is drawn later does not depend on it
			continue
		}
		j := g.tried[drawn]
		g.gather(j, rows)
		if len(g.present) < 2 {
			continue
		}
		score, n, heavyLeft := g.criterion.split(g.codes[:len(rows)], g.cards[j], g.nominal[j], g.present, g.config.MinLeaf)
		if n == 0 {
			continue
		}
		counted++
		if score > best {
			best, column, left, heavy = score, j, n, heavyLeft
			g.present, g.best = g.best, g.present
		}
	}
	if column < 0 {
		return false
	}
	n := node{column: int32(column), heavy: heavy}
	if g.nominal[column] {
		n.at, n.words = g.forest.addLevels(g.best, left, heavy, g.cards[column])
	} else {
		n.code = uint16((int(g.best[left-1]) + int(g.best[left]) - 1) / 2)
	}
	g.forest.nodes[at] = n
	return true
}

// tooFew reports whether the rows are too few for two leaves.
func (g *grower) tooFew(rows []int32) bool {
	n := 0
	for _, r := range rows {
		n += int(g.weights[r])
	}
	return n < 2*g.config.MinLeaf
}

// gather fills codes with the codes of column j at the given rows, and present
// with those that occur, ascending.
func (g *grower) gather(j int, rows []int32) {
	column, codes := g.columns[j], g.codes[:len(rows)]
	words := g.seen[:(g.cards[j]+63)/64]
	if len(words) == 1 { // one word stays in a register
		var seen uint64
		for i, r := range rows {
			c := column[r]
			codes[i] = c
			seen |= 1 << (c & 63)
		}
		words[0] = seen
	} else {
		for i, r := range rows {
			c := column[r]
			codes[i] = c
			words[c>>6] |= 1 << (c & 63)
		}
	}
	g.present = g.present[:0]
	for w, seen := range words {
		for ; seen != 0; seen &= seen - 1 {
			g.present = append(g.present, uint16(w<<6+bits.TrailingZeros64(seen)))
		}
		words[w] = 0
	}
}

// addLevels stores which codes go left: the first left of present, and if that
// is the heavier side, also those that do not occur here.
func (f *Forest) addLevels(present []uint16, left int, heavy bool, card int) (at int32, words uint16) {
	n := (card + 63) / 64
	at = int32(len(f.levels))
	f.levels = append(f.levels, make([]uint64, n)...)
	set := f.levels[at:]
	if heavy {
		for w := range set {
			set[w] = ^uint64(0)
		}
		for _, c := range present[left:] {
			set[c>>6] &^= 1 << (c & 63)
		}
	} else {
		for _, c := range present[:left] {
			set[c>>6] |= 1 << (c & 63)
		}
	}
	return at, uint16(n)
}

// partition moves the rows that go left before the others, keeping their order
// on both sides, and returns how many they are.
func (g *grower) partition(rows []int32, n node) int {
	column, left, right := g.columns[n.column], 0, 0
	for _, r := range rows {
		// Both sides are written and one is kept: no branch to mispredict.
		rows[left], g.scratch[right] = r, r
		step := 0
		if g.forest.goesLeft(&n, column[r]) {
			step = 1
		}
		left += step
		right += 1 - step
	}
	copy(rows[left:], g.scratch[:right])
	return left
}

func (f *Forest) goesLeft(n *node, code uint16) bool {
	if n.words == 0 {
		return code <= n.code
	}
	if code>>6 >= n.words {
		return n.heavy
	}
	return f.levels[n.at+int32(code>>6)]>>(code&63)&1 == 1
}
