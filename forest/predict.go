package forest

// PredictClasses fills out, N*k row-major, with the probability of each class
// for each row of d: the mean over trees of the leaves' smoothed frequencies,
// which sum to 1 and are never 0. d has the columns of the training data; the
// column that was left out is not looked at. PredictClasses panics if lengths do
// not fit. O(N * Trees * MaxDepth) time.
func (f *Forest) PredictClasses(d Data, out []float32) {
	f.fits(d, len(out))
	sum := make([]float64, len(out))
	f.predict(d, sum, nil)
	for i, v := range sum {
		out[i] = float32(v)
	}
}

// PredictValues fills out, one number a row, with the prediction for each row of
// d. It is PredictClasses for a forest trained on values.
func (f *Forest) PredictValues(d Data, out []float64) {
	f.fits(d, len(out))
	f.predict(d, out, nil)
}

// OutOfBagClasses is PredictClasses for the training data itself, in the same
// order, where each row is predicted only by the trees that did not see it: as
// honest as a cross-validation, without the price. A row that every tree saw
// (one in 60,000 with 24 trees) gets the frequency of the classes.
func (f *Forest) OutOfBagClasses(d Data, out []float32) {
	f.fits(d, len(out))
	sum := make([]float64, len(out))
	f.outOfBag(d, sum)
	for i, v := range sum {
		out[i] = float32(v)
	}
}

// OutOfBagValues is OutOfBagClasses for a forest trained on values; a row that
// every tree saw gets the mean.
func (f *Forest) OutOfBagValues(d Data, out []float64) {
	f.fits(d, len(out))
	f.outOfBag(d, out)
}

func (f *Forest) outOfBag(d Data, out []float64) {
	if d.N != f.rows {
		panic("forest: out-of-bag rows are those of the training")
	}
	f.predict(d, out, make([]int32, d.N))
}

func (f *Forest) fits(d Data, n int) {
	if d.D != f.columns || len(d.Codes) != d.N*d.D {
		panic("forest: the columns are not those of the training")
	}
	if n != d.N*f.outputs {
		panic("forest: the output has the wrong length")
	}
}

// predict fills out with the mean over trees. With weights, as scratch of one
// number a row, it leaves out the trees that a row was trained on.
func (f *Forest) predict(d Data, out []float64, weights []int32) {
	clear(out)
	k, count := f.outputs, make([]int32, d.N)
	w := f.walker(d)
	rows := make([]int32, d.N)
	for i := range rows {
		rows[i] = int32(i)
	}
	for t := range f.roots {
		if weights != nil {
			bag(weights, f.seed, t)
			rows = rows[:0]
			for i, n := range weights {
				if n == 0 {
					rows = append(rows, int32(i))
				}
			}
		}
		for n, at := range w.leaves(t, rows) {
			i := int(rows[n])
			count[i]++
			for o, v := range f.values[at : int(at)+k] {
				out[i*k+o] += v
			}
		}
	}
	for i, n := range count {
		row := out[i*k : (i+1)*k]
		if n == 0 {
			copy(row, f.prior)
		}
		for o := range row {
			row[o] /= float64(max(1, n))
		}
	}
}
