package demo

import (
	"fmt"
	"math"
	"math/rand/v2"

	"synthos/dataset"
)

// temperature sharpens what a Generator has learned: a choice seen with
// probability p is made in proportion to p^(1/temperature). Below 1, as most
// people sample, the frequent becomes more frequent and the rare dies out.
const temperature = 0.8

// minCell is the number of rows that a combination of parents must have been
// seen in before its own frequencies are trusted.
const minCell = 8

// Generator is a small model of a table, good enough to pass for real at first
// sight: every column is drawn given the two earlier columns that tell most
// about it. Numbers are binned, text is a bag of sentences.
//
// It is a chain of conditional frequency tables, a simple Bayesian network in
// the sense of Chow and Liu (IEEE Trans. Inf. Theory 14(3), 1968) with two
// parents in a fixed order. It stands for any generator that is sampled at a
// low temperature; what matters here is what it does to its own output.
type Generator struct {
	fields []dataset.Field
	nodes  []node
}

// node is the model of one column.
type node struct {
	codec   codec
	parents []int // earlier columns, the most telling first, at most two
	tables  []frequencies
	phrases []phraseTable // text: one for each code of the first parent, or one
}

// frequencies holds how often a column has each code given those of its first
// parents.
type frequencies struct {
	width   int       // codes of the column
	weights []float64 // [key*width+code], counts sharpened
	rows    []int     // [key], the sum of the counts over the codes
}

// Collapse returns as many rows as t has, after the given number of
// generations: each fits a Generator to the rows of the generation before, t at
// first, and samples it.
func Collapse(t *dataset.Table, generations int, seed uint64) *dataset.Table {
	for g := range generations {
		t = Fit(t).Sample(t.Rows(), seed+uint64(g))
	}
	return t
}

// Fit learns t, which must have at least one row. Columns of kind ID are not
// learned. O(rows * columns^2) time.
func Fit(t *dataset.Table) *Generator {
	if t.Rows() == 0 {
		panic("demo: no rows to fit")
	}
	g := &Generator{fields: t.Schema.Fields, nodes: make([]node, len(t.Columns))}
	codes := make([][]int, len(t.Columns))
	for j := range t.Columns {
		f, v := g.fields[j], &t.Columns[j]
		if f.Kind == dataset.ID {
			continue
		}
		n := &g.nodes[j]
		n.codec = newCodec(f, v)
		codes[j] = n.codec.encode(v)
		n.parents = parents(codes[:j], codes[j])
		for k := range len(n.parents) + 1 {
			n.tables = append(n.tables, g.count(n, codes, j, k))
		}
		if f.Kind == dataset.Text {
			n.phrases = g.countPhrases(n, codes, v)
			codes[j] = nil // the sentences vary, so no column may depend on the code
		}
	}
	return g
}

// count counts the codes of column j given its first k parents.
func (g *Generator) count(n *node, codes [][]int, j, k int) frequencies {
	keys := 1
	for _, p := range n.parents[:k] {
		keys *= g.nodes[p].codec.size()
	}
	f := frequencies{width: n.codec.size()}
	f.weights = make([]float64, keys*f.width)
	f.rows = make([]int, keys)
	for i, c := range codes[j] {
		key := g.key(n, k, func(p int) int { return codes[p][i] })
		f.weights[key*f.width+c]++
		f.rows[key]++
	}
	for i, count := range f.weights {
		f.weights[i] = sharpen(count)
	}
	return f
}

// key numbers the combinations of codes that the first k parents of n can have.
func (g *Generator) key(n *node, k int, code func(column int) int) int {
	key := 0
	for _, p := range n.parents[:k] {
		key = key*g.nodes[p].codec.size() + code(p)
	}
	return key
}

// parents returns the up to two columns of earlier that share most information
// with column, the first such column if several do.
func parents(earlier [][]int, column []int) []int {
	var best []int
	for range 2 {
		top, most := -1, 0.01 // nats; less is chance
		for p := range earlier {
			if earlier[p] == nil || len(best) == 1 && p == best[0] {
				continue
			}
			if mi := mutualInformation(earlier[p], column); mi > most {
				top, most = p, mi
			}
		}
		if top < 0 {
			break
		}
		best = append(best, top)
	}
	return best
}

// Sample returns n new rows, numbered from 0, drawn from seed. IDs are new
// names that no fitted table holds.
func (g *Generator) Sample(n int, seed uint64) *dataset.Table {
	rng := rand.New(rand.NewPCG(seed, 0x9e4))
	t := newTable(g.fields, n)
	codes := make([]int, len(g.nodes))
	for i := range n {
		for j := range g.nodes {
			v := &t.Columns[j]
			if g.fields[j].Kind == dataset.ID {
				v.Strings[i] = fmt.Sprintf("S-%d-%08d", seed, i)
				continue
			}
			node := &g.nodes[j]
			codes[j] = node.draw(rng, g, codes)
			node.codec.decode(rng, codes[j], v, i)
			if node.phrases != nil && !v.Null[i] {
				table := 0
				if len(node.parents) > 0 {
					table = codes[node.parents[0]]
				}
				v.Strings[i] = node.phrases[table].draw(rng)
			}
		}
	}
	return t
}

// draw returns a code of the column, given the codes of the columns before it:
// from the most specific table that has seen this combination often enough.
func (n *node) draw(rng *rand.Rand, g *Generator, codes []int) int {
	for k := len(n.parents); ; k-- {
		f := &n.tables[k]
		key := g.key(n, k, func(p int) int { return codes[p] })
		if k == 0 || f.rows[key] >= minCell {
			row := f.weights[key*f.width:][:f.width]
			return drawIndex(rng, f.width, func(c int) float64 { return row[c] })
		}
	}
}

// sharpen turns a count into a weight at the temperature.
func sharpen(count float64) float64 {
	if count == 0 {
		return 0
	}
	return math.Pow(count, 1/temperature)
}

// mutualInformation returns the plug-in mutual information of two columns of
// codes, in nats. It is biased upwards by about (a-1)(b-1)/2n for a and b codes.
func mutualInformation(x, y []int) float64 {
	a, b := 0, 0
	for i := range x {
		a, b = max(a, x[i]+1), max(b, y[i]+1)
	}
	joint, px, py := make([]float64, a*b), make([]float64, a), make([]float64, b)
	for i := range x {
		joint[x[i]*b+y[i]]++
		px[x[i]]++
		py[y[i]]++
	}
	n := float64(len(x))
	sum := 0.0
	for i := range a {
		for j := range b {
			if c := joint[i*b+j]; c > 0 {
				sum += c / n * math.Log(c*n/(px[i]*py[j]))
			}
		}
	}
	return sum
}
