package collapse

import (
	"context"
	"math"
	"strings"
	"testing"
)

// lostBy are networks that lose the given nats on the slots.
type lostBy struct {
	Networks
	lost []float64
}

func (n lostBy) Transfer(context.Context) ([]float64, error) { return n.lost, nil }

// TestTransfer checks the mean over the slots against hand-made losses: gains count as
// nothing, a column that is lost altogether as half a nat, and slots that are not
// modelled not at all.
func TestTransfer(t *testing.T) {
	v := alone(t, numbers(normals(400, 1, -9, 9), normals(400, 2, -9, 9), normals(400, 3, -9, 9), normals(400, 4, -9, 9)))
	v.in.Networks = lostBy{lost: []float64{-1, 0.2, 7, math.NaN()}}
	ms, err := v.transfer()
	if err != nil || len(ms) != 1 {
		t.Fatalf("%d measurements, error %v", len(ms), err)
	}
	if got, want := mean(ms[0].value), 0.7/3; math.Abs(got-want) > 1e-12 {
		t.Errorf("transfer lost is %g, want %g", got, want)
	}
	if !strings.Contains(ms[0].reason, "most on c (7.00)") {
		t.Errorf("reason: %s", ms[0].reason)
	}
	v.in.Coarse = true
	if ms, err := v.transfer(); len(ms) != 0 || err != nil {
		t.Errorf("a coarse look measured %v, error %v, though no networks were trained", ms, err)
	}
}
