package collapse

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestLostByChance draws samples of the very same kinds of rows: what is taken for lost
// scatters as lostByChance says.
func TestLostByChance(t *testing.T) {
	q := []float64{0.4, 0.3, 0.2, 0.05, 0.05}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{40, 100} {
		var seen []float64
		for range 20000 {
			p := make([]float64, len(q))
			for range n {
				u, kind := rng.Float64(), 0
				for u > q[kind] && kind < len(q)-1 {
					u -= q[kind]
					kind++
				}
				p[kind] += 1 / float64(n)
			}
			// A kind that is lost counts as lost whole, as lostByChance has it.
			gone := 0.0
			for kind, share := range q {
				if p[kind] < share/4 {
					gone += share
				}
			}
			seen = append(seen, gone)
		}
		if got, want := lostByChance(q, n), deviation(seen); math.Abs(got-want) > 0.2*want { // counts of a sample scatter less than by Poisson
			t.Errorf("%d rows: a standard deviation of %.4f, of 20,000 samples it is %.4f", n, got, want)
		}
	}
}
