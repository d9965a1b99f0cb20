package forest

import (
	"math/rand/v2"
	"testing"
)

// A table as the pipeline makes them: 15 columns of about 34 codes, a third of
// them nominal, 24 trees of depth 10 on 5,000 rows.
func benchmarkData() Data {
	rng := rand.New(rand.NewPCG(1, 2))
	d := Data{N: 5000, D: 15, Cards: make([]int, 15), Nominal: make([]bool, 15)}
	for j := range d.D {
		d.Cards[j], d.Nominal[j] = 34, j%3 == 0
	}
	for range d.N * d.D {
		d.Codes = append(d.Codes, uint16(rng.IntN(34)))
	}
	return d
}

func BenchmarkTrainClasses(b *testing.B) {
	d := benchmarkData()
	y := make([]int, d.N)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range y {
		y[i] = min(4, int(d.Codes[i*15+1]+d.Codes[i*15+3])/14+rng.IntN(2))
	}
	for b.Loop() {
		TrainClasses(b.Context(), d, y, 5, 14, Config{Seed: 1})
	}
}

func BenchmarkTrainValues(b *testing.B) {
	d := benchmarkData()
	y := make([]float64, d.N)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range y {
		y[i] = float64(d.Codes[i*15+1]+d.Codes[i*15+3]) + 10*rng.NormFloat64()
	}
	for b.Loop() {
		TrainValues(b.Context(), d, y, 14, Config{Seed: 1})
	}
}

func BenchmarkPredictClasses(b *testing.B) {
	d := benchmarkData()
	y := make([]int, d.N)
	for i := range y {
		y[i] = int(d.Codes[i*15+1]) % 5
	}
	f := TrainClasses(b.Context(), d, y, 5, 14, Config{Seed: 1})
	out := make([]float32, d.N*5)
	for b.Loop() {
		f.PredictClasses(d, out)
	}
}
