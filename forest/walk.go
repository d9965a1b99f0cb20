package forest

// short is a node of a forest all of whose codes are below 64: a split holds which
// of them go left. A leaf sends every row to itself, so that rows which have
// arrived wait there for the others.
type short struct {
	goesLeft uint64 // bit c is set if code c goes left
	column   int32
	left     int32 // the child to the left; the other is left+1
}

const shortCodes = 64

// areShort reports whether all codes that the forest looks at are below 64.
func (f *Forest) areShort(cards []int) bool {
	for j, card := range cards {
		if card > shortCodes && j != f.skip {
			return false
		}
	}
	return true
}

// shorten makes the nodes' short form.
func (f *Forest) shorten() {
	f.short, f.stops = make([]short, len(f.nodes)), make([]int32, len(f.nodes))
	out := f.short
	for i := range f.nodes {
		f.stops[i] = f.nodes[i].at
		switch n := &f.nodes[i]; {
		case n.column < 0:
			out[i] = short{goesLeft: ^uint64(0), left: int32(i)}
		case n.words == 0:
			out[i] = short{goesLeft: ^uint64(0) >> (shortCodes - 1 - min(n.code, shortCodes-1)), column: n.column, left: n.left}
		default:
			out[i] = short{goesLeft: f.levels[n.at], column: n.column, left: n.left}
		}
	}
}

// walker sends rows of d down the trees.
type walker struct {
	*Forest
	d     Data
	short bool
	at    []int32
}

func (f *Forest) walker(d Data) *walker {
	return &walker{Forest: f, d: d, short: f.short != nil && f.areShort(d.Cards), at: make([]int32, d.N)}
}

// leaves returns where the values of the leaves start that the given rows reach in
// tree t. It holds until the next call.
func (w *walker) leaves(t int, rows []int32) []int32 {
	out := w.at[:len(rows)]
	n := 0
	if w.short {
		// Four rows go side by side: the processor looks at one while it waits for another.
		for ; n+4 <= len(rows); n += 4 {
			w.four(t, rows[n:n+4], out[n:n+4])
		}
	}
	for ; n < len(rows); n++ {
		out[n] = w.leaf(w.roots[t], w.row(rows[n]))
	}
	return out
}

func (w *walker) row(i int32) []uint16 { return w.d.Codes[int(i)*w.d.D : (int(i)+1)*w.d.D] }

func (w *walker) four(t int, rows, out []int32) {
	nodes := w.Forest.short
	r0, r1, r2, r3 := w.row(rows[0]), w.row(rows[1]), w.row(rows[2]), w.row(rows[3])
	a := w.roots[t]
	b, c, d := a, a, a
	for range w.depths[t] {
		a = nodes[a].next(r0)
		b = nodes[b].next(r1)
		c = nodes[c].next(r2)
		d = nodes[d].next(r3)
	}
	out[0], out[1], out[2], out[3] = w.stops[a], w.stops[b], w.stops[c], w.stops[d]
}

func (n *short) next(row []uint16) int32 {
	return n.left + int32(^n.goesLeft>>(row[n.column]%shortCodes)&1)
}

// leaf returns where the values of the leaf of a row start.
func (f *Forest) leaf(root int32, row []uint16) int32 {
	nodes := f.nodes
	at := root
	for {
		n := &nodes[at]
		if n.column < 0 {
			return n.at
		}
		code := row[n.column]
		right := int32(0)
		if n.words == 0 {
			if code > n.code { // no branch: the compiler sets a flag
				right = 1
			}
		} else if !f.goesLeft(n, code) {
			right = 1
		}
		at = n.left + right
	}
}
