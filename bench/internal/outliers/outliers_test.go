package outliers

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"synthos/encode"
)

// TestOutlier puts one row far from all others.
func TestOutlier(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	f := &encode.Features{N: 300, D: 3, Data: make([]float32, 900)}
	for i := range f.Data {
		f.Data[i] = float32(rng.NormFloat64())
	}
	copy(f.Row(17), []float32{9, -9, 9})
	scores := Isolation(f, 1)
	if scores[17] != slices.Max(scores) {
		t.Errorf("row 17 scores %.3f; another one is more abnormal", scores[17])
	}
	if far := Nearest(context.Background(), f, 1); far[17] != slices.Max(far) {
		t.Errorf("row 17 is %.3f from the rows nearest to it; another one is farther", far[17])
	}
	for i, s := range scores {
		if !(s > 0 && s < 1) {
			t.Fatalf("row %d scores %v, want between 0 and 1", i, s)
		}
	}
	// c(n) of the paper: 10.24 at 256 rows, from the sum 1/1 + ... + 1/255.
	sum := 0.0
	for k := 1; k < 256; k++ {
		sum += 1 / float64(k)
	}
	if want := 2*sum - 2*255.0/256; math.Abs(usualPath(256)-want) > 0.01 {
		t.Errorf("usualPath(256) is %v, want %v", usualPath(256), want)
	}
}
