package resonance

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"

	"synthos/linalg"
)

func TestCount(t *testing.T) {
	for _, s := range shapes {
		if got, want := Count(s.config), New(s.config).Parameters(); got != want {
			t.Errorf("%s: Count %d, Parameters %d", s.name, got, want)
		}
	}
	// By hand: 2 columns of 3 and 5 bins, d = 16, e = 64, k = 4, one block:
	// embeddings 10*16, head 16*8 + 8, block 2*16*64 + 2*4 + 3*16 + 64, norm 2*16.
	c := Config{Cards: []int{3, 5}, Width: 16, Modes: 4, Blocks: 1, Expansion: 4}
	if got, want := Count(c), 160+136+2168+32; got != want {
		t.Errorf("Count = %d, want %d", got, want)
	}
	large := Config{Cards: make([]int, 50), Width: 2048, Modes: 64, Blocks: 20, Expansion: 4}
	for i := range large.Cards {
		large.Cards[i] = 32
	}
	if n := testing.AllocsPerRun(5, func() { Count(large) }); n != 0 {
		t.Errorf("Count allocates %g times", n)
	}
}

func TestBadShapesPanic(t *testing.T) {
	cases := []struct {
		name, reason string
		change       func(c *Config)
	}{
		{"no columns", "nothing to model", func(c *Config) { c.Cards = nil }},
		{"no bins", "a column has at least one", func(c *Config) { c.Cards = []int{3, 0} }},
		{"width 20", "kernels work on 16 lanes", func(c *Config) { c.Width = 20 }},
		{"10 modes of 16", "a real transform of 16 has 9", func(c *Config) { c.Modes = 10 }},
		{"no expansion", "a block has a hidden layer", func(c *Config) { c.Expansion = 0 }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			config := Config{Cards: []int{3}, Width: 16, Modes: 4, Blocks: 1, Expansion: 4}
			c.change(&config)
			defer func() {
				if recover() == nil {
					t.Errorf("no panic (%s)", c.reason)
				}
			}()
			New(config)
		})
	}
}

// TestSpectrum compares S, folded, with a discrete Fourier transform by the
// definition, in complex128.
func TestSpectrum(t *testing.T) {
	const d, k = 32, 17
	r := rand.New(rand.NewPCG(2, 3))
	b := blockWeights{w1: make([]float32, d*d), magnitude: make([]float32, k), phase: make([]float32, k)}
	for i := range d {
		b.w1[i*d+i] = 1
	}
	for j := range k {
		b.magnitude[j], b.phase[j] = float32(1+0.5*r.NormFloat64()), float32(r.NormFloat64())
	}
	spectrum := newSpectrum(d, k)
	f := newFold(d, d, spectrum.k)
	f.update(linalg.Best(), spectrum, &b, d) // S times the identity
	x := make([]float64, d)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	want := make([]float64, d)
	for j := range d {
		var c complex128
		for i := range d {
			c += complex(x[i], 0) * cmplx.Exp(complex(0, -2*math.Pi*float64(i*j)/d))
		}
		low := min(j, d-j)
		w := cmplx.Rect(float64(b.magnitude[low]), float64(b.phase[low]))
		if low == 0 || 2*low == d {
			w = complex(real(w), 0) // the transform of a real row is real there
		}
		if j > d/2 {
			w = cmplx.Conj(w)
		}
		for i := range d {
			want[i] += real(w * c * cmplx.Exp(complex(0, 2*math.Pi*float64(i*j)/d)) / d)
		}
	}
	for i := range d {
		var got float64
		for j := range d {
			got += x[j] * float64(f.product[j*d+i])
		}
		if math.Abs(got-want[i]) > 1e-5 {
			t.Errorf("S x [%d] = %g, want %g", i, got, want[i])
		}
	}
}

// TestLosses checks that a network made by hand gives the entropy in closed
// form: a fresh network with marginals predicts them, up to its small heads.
func TestLosses(t *testing.T) {
	c := Config{Cards: []int{2, 4}, Width: 16, Modes: 4, Blocks: 1, Expansion: 4, Seed: 1}
	n := New(c)
	clear(n.weights.head)
	n.SetMarginals([]float32{0.25, 0.75, 0.1, 0.2, 0.3, 0.4})
	for _, table := range linalg.All() {
		ev := NewEvaluator(n, table, 4)
		losses := make([]float32, 4)
		ev.Losses([]uint16{0, 3, 1, 2}, []bool{true, true, false, true}, 2, losses, nil)
		for i, want := range []float64{-math.Log(0.25), -math.Log(0.4), 0, -math.Log(0.3)} {
			if math.Abs(float64(losses[i])-want) > 1e-6 {
				t.Errorf("%s: loss of cell %d is %g, want %g", table.Name, i, losses[i], want)
			}
		}
		out := make([]float32, 2*6)
		ev.Probabilities([]uint16{0, 3, 1, 2}, []bool{true, true, false, true}, []bool{true, false, false, true}, 2, out)
		want := []float32{0.25, 0.75, 0, 0, 0, 0, 0, 0, 0.1, 0.2, 0.3, 0.4}
		for i := range out {
			if math.Abs(float64(out[i]-want[i])) > 1e-6 {
				t.Errorf("%s: probabilities %v, want %v", table.Name, out, want)
				break
			}
		}
	}
}

// TestRowsDoNotDependOnTheBatch checks that losses, norms and hidden states of a
// row are the same bits alone and among others.
func TestRowsDoNotDependOnTheBatch(t *testing.T) {
	for _, table := range linalg.All() {
		for _, s := range shapes {
			n := roughNetwork(s.config)
			const b = 21
			codes, masked := randomRows(s.config, b, 6)
			columns, d := n.Columns(), n.Width()
			ev := NewEvaluator(n, table, b)
			losses, norms, hidden := make([]float32, b*columns), make([]float32, b), make([]float32, b*d)
			ev.Losses(codes, masked, b, losses, norms)
			ev.Hidden(codes, masked, b, hidden)
			one := NewEvaluator(n, table, 1)
			for i := range b {
				l, m, h := make([]float32, columns), make([]float32, 1), make([]float32, d)
				one.Losses(codes[i*columns:], masked[i*columns:], 1, l, m)
				one.Hidden(codes[i*columns:], masked[i*columns:], 1, h)
				if !slices.Equal(l, losses[i*columns:(i+1)*columns]) || m[0] != norms[i] || !slices.Equal(h, hidden[i*d:(i+1)*d]) {
					t.Errorf("%s/%s: row %d alone differs from row %d in a batch", table.Name, s.name, i, i)
					break
				}
			}
		}
	}
}

// TestSample checks the draw against the distribution it is from.
func TestSample(t *testing.T) {
	n := roughNetwork(Config{Cards: []int{3, 5}, Width: 16, Modes: 4, Blocks: 1, Expansion: 4, Seed: 3})
	ev := NewEvaluator(n, linalg.Best(), 1000)
	const b = 1000
	codes, masked, want, uniform := make([]uint16, 2*b), make([]bool, 2*b), make([]bool, 2*b), make([]float32, 2*b)
	for i := range b {
		codes[2*i] = 2
		masked[2*i+1], want[2*i+1] = true, true
		uniform[2*i+1] = (float32(i) + 0.5) / b
	}
	p := make([]float32, 8*b)
	ev.Probabilities(codes, masked, want, b, p)
	ev.Sample(codes, masked, want, b, uniform)
	var counts [5]float64
	for i := range b {
		if codes[2*i] != 2 {
			t.Fatal("a cell that was not wanted changed")
		}
		counts[codes[2*i+1]]++
	}
	for v, c := range counts {
		if math.Abs(c/b-float64(p[3+v])) > 2.0/b {
			t.Errorf("bin %d was drawn %g times of %d, probability %g", v, c, b, p[3+v])
		}
	}
}

// TestLearns checks that a network learns a column that is a function of two
// others, and that the same seed gives the same bits.
func TestLearns(t *testing.T) {
	for _, table := range linalg.All() {
		train := func() (*Network, float64) {
			n := New(Config{Cards: []int{4, 4, 4}, Width: 16, Modes: 5, Blocks: 2, Expansion: 4, Seed: 5})
			tr := NewTrainer(n, table, 64)
			r := rand.New(rand.NewPCG(1, 1))
			codes, masked := make([]uint16, 64*3), make([]bool, 64*3)
			last := 0.0
			for step := range 400 {
				for i := range 64 {
					x, y := uint16(r.IntN(4)), uint16(r.IntN(4))
					codes[3*i], codes[3*i+1], codes[3*i+2] = x, y, (x+y)%4
					masked[3*i+2] = true
				}
				loss, _ := tr.Step(codes, masked, 64, 1e-2*float32(1-float64(step)/400), nil)
				last = loss
			}
			return n, last
		}
		a, loss := train()
		if loss > 0.02 {
			t.Errorf("%s: the loss of x+y mod 4 is %g after 400 steps", table.Name, loss)
		}
		b, _ := train()
		if !slices.Equal(a.flat, b.flat) {
			t.Errorf("%s: the same seed gave other parameters", table.Name)
		}
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	c := shapes[0].config
	codes, masked := randomRows(c, 32, 5)
	for _, table := range linalg.All() {
		tr := NewTrainer(New(c), table, 32)
		norms := make([]float32, 32)
		if n := testing.AllocsPerRun(10, func() { tr.Step(codes, masked, 32, 1e-3, norms) }); n != 0 {
			t.Errorf("%s: a step allocates %g times", table.Name, n)
		}
	}
}

// TestGradientsDoNotStay checks that nothing of a batch's gradient is left in the
// next: a column that no row masks has no gradient.
func TestGradientsDoNotStay(t *testing.T) {
	for _, s := range shapes {
		tr, fresh := NewTrainer(New(s.config), linalg.Best(), 16), NewTrainer(New(s.config), linalg.Best(), 16)
		columns := len(s.config.Cards)
		codes, masked := randomRows(s.config, 16, 5)
		tr.GradientNorms(codes, masked, 16, make([]float32, 16))
		for i := range masked {
			masked[i] = i%columns == 0
		}
		tr.GradientNorms(codes, masked, 16, make([]float32, 16))
		fresh.GradientNorms(codes, masked, 16, make([]float32, 16))
		if !slices.Equal(tr.flat, fresh.flat) {
			t.Errorf("%v: the gradient depends on the batch before", s.config)
		}
	}
}

// TestNotFinite checks that a step with a broken gradient leaves the parameters.
func TestNotFinite(t *testing.T) {
	c := shapes[0].config
	n := New(c)
	tr := NewTrainer(n, linalg.Best(), 8)
	codes, masked := randomRows(c, 8, 5)
	n.weights.blocks[1].w2[3] = float32(math.NaN())
	n.changes++
	before := n.Values(nil)
	if _, norm := tr.Step(codes, masked, 8, 1e-3, nil); !math.IsNaN(norm) {
		t.Errorf("norm %g, want NaN", norm)
	}
	for i, x := range n.Values(nil) {
		if math.Float32bits(x) != math.Float32bits(before[i]) {
			t.Fatal("parameters changed")
		}
	}
	masked = make([]bool, len(masked))
	n.SetValues(New(c).Values(nil))
	if loss, norm := tr.Step(codes, masked, 8, 1e-3, nil); loss != 0 || norm != 0 {
		t.Errorf("without masked cells: loss %g, norm %g, want 0", loss, norm)
	}
}

// TestKernelsGiveTheSameBits checks the assembly tables against each other over
// a training.
func TestKernelsGiveTheSameBits(t *testing.T) {
	for _, s := range shapes {
		var first []float32
		for _, table := range linalg.All() {
			if table.Name == "go" {
				continue
			}
			n := New(s.config)
			tr := NewTrainer(n, table, 40)
			codes, masked := randomRows(s.config, 40, 5)
			for range 5 {
				tr.Step(codes, masked, 40, 1e-3, nil)
			}
			if first == nil {
				first = n.flat
			} else if !slices.Equal(first, n.flat) {
				t.Errorf("%s: %s gives other bits", s.name, table.Name)
			}
		}
	}
}

func TestCodesAreChecked(t *testing.T) {
	ev := NewEvaluator(New(shapes[0].config), linalg.Best(), 2)
	defer func() {
		if recover() == nil {
			t.Error("a code that is not a bin does not panic")
		}
	}()
	ev.Losses([]uint16{0, 0, 2, 0}, make([]bool, 4), 1, make([]float32, 4), nil)
}

// BenchmarkStep trains the tiny and the base shape of the cascade on 15 columns
// of 22 bins, 30 % of the cells masked.
func BenchmarkStep(b *testing.B) {
	for _, s := range []struct {
		name         string
		width, batch int
	}{{"tiny", 32, 32}, {"base", 128, 64}} {
		c := Config{Cards: slices.Repeat([]int{22}, 15), Width: s.width, Modes: s.width / 4, Blocks: 1, Expansion: 4}
		codes, masked := randomRows(c, s.batch, 1)
		for _, table := range linalg.All() {
			b.Run(s.name+"/"+table.Name, func(b *testing.B) {
				tr := NewTrainer(New(c), table, s.batch)
				for b.Loop() {
					tr.Step(codes, masked, s.batch, 1e-3, nil)
				}
				b.ReportMetric(float64(b.N*s.batch)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}

// TestFolding checks that S folded and S row by row are the same network: losses
// and gradients agree to rounding.
func TestFolding(t *testing.T) {
	config := Config{Cards: []int{3, 17, 2, 40}, Width: 32, Modes: 7, Blocks: 2, Expansion: 4, Seed: 7}
	n := roughNetwork(config)
	const b = 9
	codes, masked := randomRows(config, b, 3)
	for _, table := range linalg.All() {
		rows, folded := NewTrainer(n, table, b), NewTrainer(n, table, foldRows*config.Width)
		if rows.folding || !folded.folding {
			t.Fatalf("folding %v for %d rows, %v for %d", rows.folding, b, folded.folding, foldRows*config.Width)
		}
		x, y := rows.backward(codes, masked, b, nil), folded.backward(codes, masked, b, nil)
		if math.Abs(x-y) > 1e-5 {
			t.Errorf("%s: loss %g row by row, %g folded", table.Name, x, y)
		}
		for i := range rows.flat {
			if d := math.Abs(float64(rows.flat[i] - folded.flat[i])); d > 1e-5 {
				t.Errorf("%s: gradient [%d] %g row by row, %g folded", table.Name, i, rows.flat[i], folded.flat[i])
				break
			}
		}
	}
}
