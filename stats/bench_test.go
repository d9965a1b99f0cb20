package stats

import (
	"math/rand/v2"
	"testing"
)

func BenchmarkKMeans(b *testing.B) {
	const n, d, k = 5000, 64, 70
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]float32, n*d)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	for b.Loop() {
		KMeans(x, n, d, k, 1, 8)
	}
}

func BenchmarkCorrelation(b *testing.B) {
	const n, d = 20000, 50
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, n*d)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	for b.Loop() {
		Correlation(x, n, d)
	}
}
