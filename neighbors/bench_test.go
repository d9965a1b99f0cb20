package neighbors

import (
	"math/rand/v2"
	"testing"
)

func BenchmarkNearest(b *testing.B) {
	const n, d, k = 10000, 64, 5
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]float32, n*d)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	for b.Loop() {
		Nearest(b.Context(), x, n, x, n, d, k, true, 1)
	}
}
