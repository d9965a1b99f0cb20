package stats

import (
	"math"
	"testing"
)

func TestRidge(t *testing.T) {
	// y = 3 + 2 a - b on a 2*2 design: exact as the penalty vanishes.
	x := []float64{0, 0, 1, 0, 0, 1, 1, 1}
	y := []float64{3, 5, 2, 4}
	w, b, ok := Ridge(x, 4, 2, y, 1e-12)
	if !ok || math.Abs(w[0]-2) > 1e-9 || math.Abs(w[1]+1) > 1e-9 || math.Abs(b-3) > 1e-9 {
		t.Errorf("Ridge = %v, %v, %v; want [2 -1], 3", w, b, ok)
	}
	// One feature: w = cov / (var + lambda); both are 1/3 * 2 and 1/3 here.
	if w, b, ok = Ridge([]float64{0, 1, 0, 1}, 4, 1, []float64{1, 3, 1, 3}, 1.0/3); !ok || math.Abs(w[0]-1) > 1e-12 || math.Abs(b-1.5) > 1e-12 {
		t.Errorf("Ridge = %v, %v, %v; want [1], 1.5", w, b, ok)
	}
	if _, _, ok = Ridge([]float64{math.NaN(), 1}, 2, 1, []float64{1, 2}, 1); ok {
		t.Error("Ridge solved a system with NaN")
	}
}
