package load

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSpread compares spread and markNulls with the rule itself, cell by cell.
func TestSpread(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, share := range []float64{0, 0.02, 0.5, 1} {
		for n := range 70 {
			def, values := make([]byte, n), []float64{}
			want, wantNull := make([]float64, n), make([]bool, n)
			for i := range def {
				if def[i] = 3; rng.Float64() < share {
					def[i] = byte(rng.IntN(3))
				}
				if wantNull[i] = def[i] != 3; !wantNull[i] {
					want[i] = rng.NormFloat64()
					values = append(values, want[i])
				}
			}
			got, null := make([]float64, n), make([]bool, n)
			for i := range got {
				got[i], null[i] = 9, i%2 == 0 // what an earlier batch has left
			}
			markNulls(null, def, 3)
			used := spread(got, append(values, 7), null)
			if used != len(values) {
				t.Errorf("%d of %d values are used", used, len(values))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d cells (-want +got):\n%s", n, diff)
			}
			if diff := cmp.Diff(wantNull, null); diff != "" {
				t.Errorf("nulls of %d cells (-want +got):\n%s", n, diff)
			}
		}
	}
}

func TestAllFinite(t *testing.T) {
	for n := range 12 {
		x := make([]float64, n)
		for i := range x {
			x[i] = math.MaxFloat64
		}
		if !allFinite(x) {
			t.Errorf("%v is not finite", x)
		}
		for i := range x {
			for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				x[i] = bad
				if allFinite(x) {
					t.Errorf("%v is finite", x)
				}
			}
			x[i] = -math.MaxFloat64
		}
	}
}
