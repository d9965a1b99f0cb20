package forest

// Screen finds the rows whose class a forest trained on classes may find
// improbable. It may be used by several goroutines at once.
type Screen struct {
	forest *Forest
	limit  []float64 // one a class
	// parts holds for each leaf and class, like Forest.values, how much of a sum over
	// trees that is beyond the limit the leaf brings: in parts of whole, rounded down. A byte
	// each instead of eight: the leaves of a forest stay in the cache.
	parts []uint8
}

// whole is a sum over trees that is beyond the limit.
const whole = 255

// Screen returns a screen for limits of the probability, one a class, 0 or more.
// It panics if their number is not that of the classes.
func (f *Forest) Screen(limit []float64) *Screen {
	if len(limit) != f.outputs {
		panic("forest: one limit a class is needed")
	}
	s := &Screen{forest: f, limit: limit, parts: make([]uint8, len(f.values))}
	for class, p := range limit {
		enough := p * float64(len(f.roots)) * (1 + 1e-6) // more than rounding takes away
		for at := class; at < len(f.values); at += f.outputs {
			s.parts[at] = uint8(min(whole, whole*(f.values[at]/enough)))
		}
	}
	return s
}

// Improbable returns rows of d, ascending: all for which the forest gives the class
// y[i] of row i a probability of at most the limit of that class, and none for which
// it gives more than the limit and a part in 255 of it for each tree.
//
// A row is left alone as soon as the trees asked so far make its class more
// probable than that, whatever the others say; of rows that are mostly as expected few
// trees are asked. A row whose y is negative is not asked about. Improbable
// panics if lengths do not fit or a class is none of the forest's.
func (s *Screen) Improbable(d Data, y []int32) []int {
	f := s.forest
	f.fits(d, d.N*f.outputs)
	if len(y) != d.N {
		panic("forest: one class a row is needed")
	}
	open := make([]int32, 0, d.N)
	for i, class := range y {
		if int(class) >= f.outputs {
			panic("forest: class outside 0 to k-1")
		}
		if class >= 0 && (len(f.roots) > 0 || f.prior[class] <= s.limit[class]) {
			open = append(open, int32(i))
		}
	}
	sum := make([]uint16, d.N)
	w := f.walker(d)
	for t := range f.roots {
		open = rest(open, w.leaves(t, open), s.parts, y, sum)
	}
	out := make([]int, len(open))
	for n, i := range open {
		out[n] = int(i)
	}
	return out
}

// rest adds what the leaves at at bring to the sums of the rows, and returns in
// place of rows those that stay below whole.
func rest(rows, at []int32, parts []uint8, y []int32, sum []uint16) []int32 {
	n := 0
	for k, i := range rows {
		total := sum[i] + uint16(parts[at[k]+y[i]])
		sum[i], rows[n] = total, i
		if total < whole { // no branch: the processor could not foresee it
			n++
		}
	}
	return rows[:n]
}
