package resonance

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"synthos/linalg"
)

// shapes cover S in few and many modes, no block, one column and a column of one bin.
var shapes = []struct {
	name, reason string
	config       Config
}{
	{"two blocks", "the usual shape", Config{Cards: []int{3, 17, 2, 40}, Width: 32, Modes: 7, Blocks: 2, Expansion: 4, Seed: 7}},
	{"every mode", "mode 0 and the highest have no conjugate", Config{Cards: []int{5, 4}, Width: 16, Modes: 9, Blocks: 1, Expansion: 2, Seed: 8}},
	{"wide", "widths above 256 are never folded", Config{Cards: []int{6, 9, 3}, Width: 272, Modes: 16, Blocks: 2, Expansion: 1, Seed: 9}},
	{"no block", "heads on the sum of embeddings", Config{Cards: []int{4, 5}, Width: 16, Modes: 2, Blocks: 0, Expansion: 4, Seed: 10}},
	{"one column", "nothing to condition on", Config{Cards: []int{4}, Width: 16, Modes: 2, Blocks: 1, Expansion: 4, Seed: 11}},
	{"one bin", "a constant column costs nothing", Config{Cards: []int{1, 6}, Width: 16, Modes: 4, Blocks: 1, Expansion: 4, Seed: 12}},
}

// eachTrainer runs a test on every table and shape, with S folded and not; a
// trainer folds if its batches are large.
func eachTrainer(t *testing.T, test func(t *testing.T, tr *Trainer, table *linalg.Kernels, reason string)) {
	for _, table := range linalg.All() {
		for _, s := range shapes {
			for _, folding := range []bool{false, true} {
				if folding && s.config.Width > foldWidth || table.Name == "go" && s.name == "wide" && testing.Short() {
					continue
				}
				most := 16
				if folding {
					most = foldRows * s.config.Width
				}
				t.Run(fmt.Sprintf("%s/%s/folding=%v", table.Name, s.name, folding), func(t *testing.T) {
					tr := NewTrainer(roughNetwork(s.config), table, most)
					if tr.folding != folding {
						t.Fatalf("batches of %d: folding %v", most, tr.folding)
					}
					test(t, tr, table, s.reason)
				})
			}
		}
	}
}

// roughNetwork returns a network whose heads are not near zero, so that every
// gradient is of a size that finite differences can see.
func roughNetwork(c Config) *Network {
	n := New(c)
	r := rand.New(rand.NewPCG(c.Seed, 99))
	for i := range n.weights.head {
		n.weights.head[i] = float32(r.NormFloat64() / math.Sqrt(float64(c.Width)))
	}
	for i := range n.weights.bias {
		n.weights.bias[i] = float32(r.NormFloat64())
	}
	return n
}

// randomRows returns b rows of random codes, about 40 % of the cells masked; row
// 2, if there is one, has none.
func randomRows(c Config, b int, seed uint64) (codes []uint16, masked []bool) {
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range b {
		for _, card := range c.Cards {
			codes = append(codes, uint16(r.IntN(card)))
			masked = append(masked, i != 2 && r.Float64() < 0.4)
		}
	}
	masked[0] = true
	return codes, masked
}

// groups names the parts of a vector of parameters.
func groups(w *weights) map[string][]float32 {
	g := map[string][]float32{"head": w.head, "embed": w.embed, "gain": w.gain, "shift": w.shift, "bias": w.bias}
	for l, b := range w.blocks {
		for name, x := range map[string][]float32{"w1": b.w1, "w2": b.w2, "magnitude": b.magnitude, "phase": b.phase,
			"gain": b.gain, "shift": b.shift, "bias1": b.bias1, "bias2": b.bias2} {
			g[fmt.Sprintf("block %d %s", l, name)] = x
		}
	}
	return g
}

// TestGradients compares the gradient of every group of parameters, along random
// directions, with fourth-order central differences of the loss.
func TestGradients(t *testing.T) {
	eachTrainer(t, func(t *testing.T, tr *Trainer, table *linalg.Kernels, reason string) {
		n, config := tr.net, tr.net.config
		const b = 9
		codes, masked := randomRows(config, b, 3)
		tr.backward(codes, masked, b, nil)
		analytic := append([]float32(nil), tr.flat...)
		gradient, _ := config.split(analytic)
		parameters, gradients := groups(&n.weights), groups(&gradient)
		loss := func() float64 {
			n.changes++
			losses := make([]float32, b*n.Columns())
			tr.Losses(codes, masked, b, losses, nil)
			return meanLoss(losses, masked, b)
		}
		r := rand.New(rand.NewPCG(9, 9))
		for name, p := range parameters {
			for range 2 {
				direction := make([]float64, len(p))
				var square, along, size float64
				for i := range p {
					direction[i] = r.NormFloat64()
					square += direction[i] * direction[i]
				}
				for i := range p {
					direction[i] /= math.Sqrt(square)
					along += direction[i] * float64(gradients[name][i])
					size += float64(gradients[name][i]) * float64(gradients[name][i])
				}
				saved := append([]float32(nil), p...)
				at := func(step float64) float64 {
					for i := range p {
						p[i] = saved[i] + float32(step*direction[i])
					}
					l := loss()
					copy(p, saved)
					return l
				}
				const h = 2e-2
				difference := (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
				// the loss is exact to about 1e-6, so the quotient to 1e-6/h
				if e := math.Abs(difference - along); e > 1e-3*math.Sqrt(size)+5e-5 {
					t.Errorf("(%s) %s: gradient along a direction %g, difference quotient %g, norm %g", reason, name, along, difference, math.Sqrt(size))
				}
			}
		}
	})
}

// meanLoss is the mean over rows with masked cells of the mean over those cells.
func meanLoss(losses []float32, masked []bool, b int) float64 {
	columns := len(masked) / b
	var sum, rows float64
	for i := range b {
		var row, n float64
		for j := range columns {
			if masked[i*columns+j] {
				row += float64(losses[i*columns+j])
				n++
			}
		}
		if n > 0 {
			sum += row / n
			rows++
		}
	}
	return sum / rows
}

// TestGradientNorms compares the norm of each row with that of the gradient of a
// batch that holds only the row.
func TestGradientNorms(t *testing.T) {
	eachTrainer(t, func(t *testing.T, tr *Trainer, table *linalg.Kernels, reason string) {
		n := tr.net
		const b = 7
		codes, masked := randomRows(n.config, b, 4)
		norms, columns := make([]float32, b), n.Columns()
		loss, whole := tr.GradientNorms(codes, masked, b, norms)
		if want := tr.backward(codes, masked, b, nil); loss != want {
			t.Errorf("loss %g, without norms %g", loss, want)
		}
		if want := math.Sqrt(table.SumSquares(tr.flat)); whole != want {
			t.Errorf("norm of the batch %g, want %g", whole, want)
		}
		for i := range b {
			tr.backward(codes[i*columns:(i+1)*columns], masked[i*columns:(i+1)*columns], 1, nil)
			want := math.Sqrt(table.SumSquares(tr.flat))
			// float32 sums of some thousand squares
			if math.Abs(float64(norms[i])-want) > 1e-4*want {
				t.Errorf("(%s) row %d: norm %g, by itself %g", reason, i, norms[i], want)
			}
		}
		if columns > 1 && norms[2] != 0 {
			t.Errorf("row 2 has no masked cell, but norm %g", norms[2])
		}
	})
}

// TestHeadGradients compares Losses' norms and Alignment with the head's part of
// the gradient of single rows, and AddHeadGradient with that of the batch.
func TestHeadGradients(t *testing.T) {
	eachTrainer(t, func(t *testing.T, tr *Trainer, table *linalg.Kernels, reason string) {
		n := tr.net
		const b = 7
		codes, masked := randomRows(n.config, b, 5)
		columns := n.Columns()
		reference := make([]float32, n.HeadSize())
		r := rand.New(rand.NewPCG(1, 5))
		for i := range reference {
			reference[i] = float32(r.NormFloat64())
		}
		losses, norms, again, dots := make([]float32, b*columns), make([]float32, b), make([]float32, b), make([]float32, b)
		tr.Losses(codes, masked, b, losses, norms)
		tr.Alignment(codes, masked, b, reference, dots, again)
		sum, wantSum := make([]float32, n.HeadSize()), make([]float64, n.HeadSize())
		tr.AddHeadGradient(codes, masked, b, sum)
		for i := range b {
			tr.backward(codes[i*columns:(i+1)*columns], masked[i*columns:(i+1)*columns], 1, nil)
			var dot, square float64
			for v, x := range append(append([]float32(nil), tr.gradient.head...), tr.gradient.bias...) {
				dot += float64(x) * float64(reference[v])
				square += float64(x) * float64(x)
				wantSum[v] += float64(x)
			}
			norm := math.Sqrt(square)
			if math.Abs(float64(dots[i])-dot) > 1e-4*(norm*math.Sqrt(float64(len(reference)))+1e-6) {
				t.Errorf("row %d: dot product %g, want %g", i, dots[i], dot)
			}
			if math.Abs(float64(norms[i])-norm) > 1e-4*norm || math.Abs(float64(again[i])-norm) > 1e-4*norm {
				t.Errorf("row %d: head norms %g and %g, want %g", i, norms[i], again[i], norm)
			}
		}
		for v := range sum {
			if math.Abs(float64(sum[v])-wantSum[v]) > 1e-5*(1+math.Abs(wantSum[v])) {
				t.Fatalf("sum of head gradients [%d] = %g, want %g", v, sum[v], wantSum[v])
			}
		}
	})
}
