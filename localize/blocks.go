package localize

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"synthos/dataset"
	"synthos/sketch"
)

const (
	blocksEach   = 5     // blocks of equal cells, and as many of close ones
	blockChance  = 0.001 // share of the rows that may agree with another in a block though they are unlike
	blockUseless = 0.1   // the same, from which a block is not worth having
	blockPairs   = 50000 // pairs of rows that are looked at, at most, to tell the alike from the unlike
	blockTells   = 0.2   // share of pairs of rows that agree in a column that tells little
	fewUnlike    = 10    // fewer pairs than that do not tell a chance
	gridQuarters = 4     // cells of a grid between the quartiles of a column
)

// blocks are the blocking keys of record linkage: rows that agree in the few columns of
// a block are compared. Each has as few columns as tell unlike rows apart in a file
// of the size of the data, so that rows which differ in other columns, or which differ a
// little, agree in some block.
//
// Source: Fellegi & Sunter, A theory for record linkage, JASA 64(328), 1969.
type blocks struct {
	view *view
	n    int     // how many there are
	uses [][]use // by column of the space: the blocks that it is in
}

// use is a column in a block. Its cells agree if they are equal, or if they lie in one
// cell of the grid.
type use struct {
	block int
	grid  grid
}

// grid has cells of one width; of width 0 it is none.
type grid struct{ width, shift float64 }

// of returns the hash of the grid's cell that x lies in.
func (g grid) of(x float64) uint64 {
	return math.Float64bits(math.Floor(float64(x/g.width)+g.shift) + 0) // -0 becomes 0
}

// join joins what must agree of the cells of v to the sums; cells are the hashes of v's.
func (g grid) join(v *dataset.Vector, cells, sums []uint64) {
	if g.width == 0 || v.Floats == nil {
		for i, h := range cells {
			sums[i] = joined(sums[i], h)
		}
		return
	}
	for i, h := range cells {
		if !v.Null[i] {
			h = g.of(v.Floats[i])
		}
		sums[i] = joined(sums[i], h)
	}
}

// fitBlocks chooses blocks for a file of total rows. There are none if the witnesses'
// rows are all rows anyway, and if rows that are unlike agree in any block.
func fitBlocks(v *view, total int64) *blocks {
	b := &blocks{view: v, uses: make([][]use, len(v.names))}
	if total <= int64(min(v.data.n(), indexLimit(total))) {
		return b
	}
	c := newBlockChooser(v)
	for _, loose := range []bool{false, true} {
		for range blocksEach {
			columns, shift := c.choose(loose, float64(total))
			for k, j := range columns {
				g := grid{}
				if loose {
					g = grid{c.width[j], shift[k]}
				}
				b.uses[j] = append(b.uses[j], use{b.n, g})
			}
			if columns != nil {
				b.n++
			}
		}
	}
	return b
}

// keys returns the hashes of the modelled cells of the rows of t, and for each block
// the keys of the rows.
func (b *blocks) keys(t *dataset.Table) (rows []uint64, keys [][]uint32) {
	sums := make([][]uint64, b.n)
	for k := range sums {
		sums[k] = make([]uint64, t.Rows())
	}
	rows = hashColumns(t, b.view.names, func(j int, v *dataset.Vector, cells []uint64) {
		for _, u := range b.uses[j] {
			u.grid.join(v, cells, sums[u.block])
		}
	})
	keys = make([][]uint32, b.n)
	for k, sum := range sums {
		keys[k] = make([]uint32, t.Rows())
		for i, h := range sum {
			keys[k][i] = uint32(sketch.Mix(h) >> 32)
		}
	}
	return rows, keys
}

// blockChooser chooses the columns of blocks by how often rows that are known to be
// good agree.
type blockChooser struct {
	rng    *rand.Rand
	rows   int
	looked []int         // columns of the space
	width  []float64     // by column: of a grid
	cells  [2][][]uint64 // by column: the cells, and the cells of a grid
	same   [2][]float64  // by column: the share of pairs of rows that agree in them
	used   [2][]int      // by column: in how many blocks it is
}

func newBlockChooser(v *view) *blockChooser {
	base := v.base()
	c := &blockChooser{rng: rand.New(rand.NewPCG(v.in.Seed, 0xb10c)), rows: base.n(), width: make([]float64, len(v.names))}
	for k := range c.cells {
		c.cells[k], c.same[k], c.used[k] = make([][]uint64, len(v.names)), make([]float64, len(v.names)), make([]int, len(v.names))
	}
	for j, compared := range v.compared() {
		if !compared {
			continue
		}
		column := base.columns[j]
		c.looked = append(c.looked, j)
		if !v.space.Columns[j].Nominal() {
			c.width[j] = quartileWidth(column) / gridQuarters
		}
		for k, g := range []grid{{}, {width: c.width[j]}} {
			cells := make([]uint64, c.rows)
			hashCells(column, cells)
			c.cells[k][j] = make([]uint64, c.rows)
			g.join(column, cells, c.cells[k][j])
			one := newClasses(c.rows)
			one.refine(c.cells[k][j])
			c.same[k][j] = float64(one.pairs()) / c.pairs()
		}
	}
	slices.SortFunc(c.looked, func(a, b int) int { return cmp.Compare(v.names[a], v.names[b]) }) // for any order of columns
	return c
}

// quartileWidth returns the distance of the quartiles of a column of numbers, else 0.
func quartileWidth(v *dataset.Vector) float64 {
	var known []float64
	for i, x := range v.Floats {
		if !v.Null[i] {
			known = append(known, x)
		}
	}
	if len(known) == 0 {
		return 0
	}
	slices.Sort(known)
	if w := known[len(known)*3/4] - known[len(known)/4]; !math.IsInf(w, 0) {
		return w
	}
	return 0
}

// pairs returns how many pairs of rows there are, at least 1.
func (c *blockChooser) pairs() float64 { return max(1, float64(c.rows)*float64(c.rows-1)/2) }

// choose returns the columns of a block for a file of total rows, and by how much
// their grids are shifted; nil if rows that are unlike agree in all of them too often.
//
// Columns are added until few enough do. Where that is too rare to be measured, each
// further column is taken to tell half as much as it does by itself.
func (c *blockChooser) choose(loose bool, total float64) (columns []int, shift []float64) {
	kind := 0
	if loose {
		kind = 1
	}
	order := slices.Clone(c.looked)
	c.rng.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
	slices.SortStableFunc(order, func(a, b int) int { return c.used[kind][a] - c.used[kind][b] })
	slices.SortStableFunc(order, func(a, b int) int { return c.little(kind, a) - c.little(kind, b) })
	tells := newClasses(c.rows)
	chance, measured := 1.0, true
	for _, j := range order {
		columns, shift = append(columns, j), append(shift, c.rng.Float64())
		tells.refine(c.cells[kind][j])
		unlike := float64(c.unlike(tells))
		switch {
		case measured && unlike >= fewUnlike:
			chance = unlike / c.pairs()
		case measured:
			chance, measured = min(chance, fewUnlike/c.pairs()), false
		default:
			chance *= math.Sqrt(c.same[kind][j])
		}
		if chance*total <= blockChance {
			break
		}
	}
	if chance*total > blockUseless || !loose && len(columns) == len(c.looked) {
		return nil, nil
	}
	for _, j := range columns {
		c.used[kind][j]++
	}
	return columns, shift
}

// little returns 1 if a column tells so little that it is only taken where others do not suffice.
func (c *blockChooser) little(kind, j int) int {
	if c.same[kind][j] > blockTells {
		return 1
	}
	return 0
}

// unlike returns how many pairs of rows of one class are far from each other in more than a few
// columns; if there are too many pairs to look at, it returns all.
func (c *blockChooser) unlike(tells *classes) int {
	n := tells.pairs()
	if n > blockPairs {
		return n
	}
	for _, rows := range tells.members() {
		for a, i := range rows {
			for _, k := range rows[:a] {
				equal := 0
				for _, j := range c.looked {
					if c.cells[1][j][i] == c.cells[1][j][k] {
						equal++
					}
				}
				if float64(equal) >= alikeShare*float64(len(c.looked)) {
					n--
				}
			}
		}
	}
	return n
}

// classes are rows that agree in what they were refined by.
type classes struct {
	of    []int // by row
	sizes []int
}

func newClasses(rows int) *classes { return &classes{make([]int, rows), []int{rows}} }

// refine parts rows whose cells differ.
func (c *classes) refine(cells []uint64) {
	type part struct {
		class int
		cell  uint64
	}
	parts := map[part]int{}
	c.sizes = c.sizes[:0]
	for i, cell := range cells {
		key := part{c.of[i], cell}
		class, known := parts[key]
		if !known {
			class = len(parts)
			parts[key] = class
			c.sizes = append(c.sizes, 0)
		}
		c.of[i] = class
		c.sizes[class]++
	}
}

// pairs returns how many pairs of rows are of one class.
func (c *classes) pairs() int {
	n := 0
	for _, size := range c.sizes {
		n += size * (size - 1) / 2
	}
	return n
}

// members returns the rows of each class of more than one.
func (c *classes) members() [][]int {
	out := make([][]int, len(c.sizes))
	for i, class := range c.of {
		if c.sizes[class] > 1 {
			out[class] = append(out[class], i)
		}
	}
	return slices.DeleteFunc(out, func(rows []int) bool { return rows == nil })
}
