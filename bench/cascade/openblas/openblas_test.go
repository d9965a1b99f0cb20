package openblas

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"synthos/cascade"
	"synthos/linalg"
	"synthos/resonance"
)

// engines are what is compared; benchstat -col /engine makes columns of them.
func engines() []*linalg.Kernels {
	own := linalg.Best()
	return []*linalg.Kernels{Kernels(own), own}
}

// cpu returns the seconds that this process has computed: on a machine that does
// other work too, rates by them vary less than by the clock.
func cpu() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

func normal(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// TestProducts checks the yardstick itself: the same products, to rounding.
func TestProducts(t *testing.T) {
	t.Log(Library())
	r := rand.New(rand.NewPCG(1, 2))
	const m, n, k = 13, 21, 34
	a, b := normal(r, m*k), normal(r, n*k)
	for _, acc := range []bool{false, true} {
		for name, f := range map[string]func(t *linalg.Kernels, c []float32){
			"NN": func(t *linalg.Kernels, c []float32) { t.NN(m, n, k, a, k, b, n, c, n, acc) },
			"TN": func(t *linalg.Kernels, c []float32) { t.TN(m, n, k, a, m, b, n, c, n, acc) },
			"NT": func(t *linalg.Kernels, c []float32) { t.NT(m, n, k, a, k, b, k, c, n, acc) },
		} {
			want, got := make([]float32, m*n), make([]float32, m*n)
			f(linalg.Best(), want)
			f(Kernels(linalg.Best()), got)
			for i := range want {
				if math.Abs(float64(got[i]-want[i])) > 1e-4 {
					t.Fatalf("%s, adding %v: [%d] is %g by OpenBLAS, %g by ours", name, acc, i, got[i], want[i])
				}
			}
		}
	}
}

// BenchmarkProduct multiplies matrices.
func BenchmarkProduct(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range []struct{ m, n, k int }{{512, 128, 128}, {64, 512, 128}, {32, 128, 32}} {
		x, y, z := normal(r, s.m*s.k), normal(r, s.k*s.n), make([]float32, s.m*s.n)
		for _, t := range engines() {
			b.Run(fmt.Sprintf("shape=%dx%dx%d/engine=%s", s.m, s.n, s.k, t.Name), func(b *testing.B) {
				before := cpu()
				for b.Loop() {
					t.NN(s.m, s.n, s.k, x, s.k, y, s.n, z, s.n, false)
				}
				b.ReportMetric(2*float64(s.m*s.n*s.k)*float64(b.N)/(cpu()-before)/1e9, "GFLOP/cpu-s")
			})
		}
	}
}

// The networks of the preset cpu on 15 columns of 22 bins, 30 % of the cells
// masked, in the batches that the cascade uses and in large ones.
var trainings = []struct {
	tier string
	rows int
}{{cascade.Tiny, 32}, {cascade.Small, 32}, {cascade.Base, 64}, {cascade.Base, 512}}

// steps returns a function that makes a step of training with the kernels t.
func steps(t *linalg.Kernels, tier string, rows int) func() {
	cards := slices.Repeat([]int{22}, 15)
	r := rand.New(rand.NewPCG(3, 4))
	codes, masked := make([]uint16, rows*len(cards)), make([]bool, rows*len(cards))
	for i := range codes {
		codes[i], masked[i] = uint16(r.IntN(22)), r.IntN(10) < 3
	}
	tr := resonance.NewTrainer(resonance.New(cascade.Shape("cpu", tier, cards)), t, rows)
	return func() { tr.Step(codes, masked, rows, 1e-3, nil) }
}

// BenchmarkTraining makes steps of training.
func BenchmarkTraining(b *testing.B) {
	for _, s := range trainings {
		for _, t := range engines() {
			b.Run(fmt.Sprintf("tier=%s/rows=%d/engine=%s", s.tier, s.rows, t.Name), func(b *testing.B) {
				step := steps(t, s.tier, s.rows)
				before := cpu()
				for b.Loop() {
					step()
				}
				b.ReportMetric(float64(s.rows)*float64(b.N)/(cpu()-before), "rows/cpu-s")
			})
		}
	}
}

// BenchmarkTurns makes steps of training by both engines in turns so short that
// other work on the machine hits both, and reports how many rows each makes in a
// second of its thread, in the fastest quarter of the turns, and the ratio.
func BenchmarkTurns(b *testing.B) {
	for _, s := range trainings {
		b.Run(fmt.Sprintf("tier=%s/rows=%d", s.tier, s.rows), func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			const turn = 512 // rows
			var step []func()
			for _, t := range engines() {
				step = append(step, steps(t, s.tier, s.rows))
			}
			seconds := make([][]float64, len(step))
			for b.Loop() {
				for i, do := range step {
					start := thread(b)
					for range turn / s.rows {
						do()
					}
					seconds[i] = append(seconds[i], thread(b)-start)
				}
			}
			var rate []float64
			for _, all := range seconds {
				slices.Sort(all)
				quarter, sum := all[:(len(all)+3)/4], 0.0
				for _, s := range quarter {
					sum += s
				}
				rate = append(rate, turn*float64(len(quarter))/sum)
			}
			b.ReportMetric(rate[0], "openblas-rows/s")
			b.ReportMetric(rate[1], "ours-rows/s")
			b.ReportMetric(rate[1]/rate[0], "ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkInside reports, of the steps of the base networks, how fast the products
// are where the rest of a step lies in the caches too, and which share of a step
// the rest takes: what both engines have in common.
func BenchmarkInside(b *testing.B) {
	for _, s := range trainings[2:] {
		for _, t := range engines() {
			b.Run(fmt.Sprintf("tier=%s/rows=%d/engine=%s", s.tier, s.rows, t.Name), func(b *testing.B) {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
				var flops, seconds float64
				products := func(transposeA, transposeB bool, m, n, k int, x []float32, lda int, y []float32, ldb int, c []float32, ldc int, acc bool) {
					start := thread(b)
					switch {
					case transposeA:
						t.TN(m, n, k, x, lda, y, ldb, c, ldc, acc)
					case transposeB:
						t.NT(m, n, k, x, lda, y, ldb, c, ldc, acc)
					default:
						t.NN(m, n, k, x, lda, y, ldb, c, ldc, acc)
					}
					seconds += thread(b) - start
					flops += 2 * float64(m*n*k)
				}
				step := steps(t.WithProducts(t.Name, products), s.tier, s.rows)
				var rates, rest []float64
				for b.Loop() {
					flops, seconds = 0, 0
					start := thread(b)
					step()
					rates = append(rates, flops/seconds/1e9)
					rest = append(rest, 1-seconds/(thread(b)-start))
				}
				slices.Sort(rates)
				slices.Sort(rest)
				b.ReportMetric(rates[len(rates)*3/4], "GFLOP/s")
				b.ReportMetric(100*rest[len(rest)/2], "%rest")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// thread returns the seconds that this thread has computed.
func thread(b *testing.B) float64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		b.Fatal(err)
	}
	return float64(t.Nano()) / 1e9
}
