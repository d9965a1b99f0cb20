package collapse

import (
	"context"
	"math"
	"strings"
	"testing"
)

// lostBy are networks that lose what it says.
type lostBy struct {
	Networks
	losses Losses
}

func (n lostBy) Losses(context.Context) (*Losses, error) { return &n.losses, nil }

// TestLossesOfNetworks checks both statistics against hand-made losses. Transfer is the mean
// over the slots: gains count as nothing, a column that is lost altogether as half a nat, and
// slots that are not modelled not at all. Surprise is the distance of the worst to the next.
func TestLossesOfNetworks(t *testing.T) {
	v := alone(t, numbers(normals(400, 1, -9, 9), normals(400, 2, -9, 9), normals(400, 3, -9, 9), normals(400, 4, -9, 9)))
	v.in.Networks = lostBy{losses: Losses{
		Usual:  [][]float64{{2, 2}, {0.4, 0.6}, {1, 1}, nil},
		Taught: [][]float64{{1, 1}, {0.5, 0.9}, {8, 8}, nil},
		Shown:  [][]float64{{2.2, 2.2}, {1.3, 1.7}, {1, 1}, nil},
	}}
	m, err := v.transfer()
	if err != nil || len(m.value) != 1 {
		t.Fatalf("%d values, error %v", len(m.value), err)
	}
	if got, want := m.value[0], 0.7/3; math.Abs(got-want) > 1e-12 {
		t.Errorf("transfer lost is %g, want %g", got, want)
	}
	// b loses 0.1 on one part, 0.3 on the other: a standard error of 0.1.
	if got, want := m.chance, 2.4*0.1/3; math.Abs(got-want) > 1e-12 {
		t.Errorf("chance makes a transfer of %g, want %g", got, want)
	}
	if !strings.Contains(m.reason, "most on c (7.00)") {
		t.Errorf("reason: %s", m.reason)
	}
	m, err = v.surprise()
	if err != nil || len(m.value) != 1 {
		t.Fatalf("%d values, error %v", len(m.value), err)
	}
	if got, want := m.value[0], 1/0.5-0.2/2; math.Abs(got-want) > 1e-12 {
		t.Errorf("surprise is %g, want %g", got, want)
	}
	// Standard errors of 0.2 and 0.1 on b, where 0.5 is usual.
	if got, want := m.chance, 2*math.Hypot(0.2, 0.1)/0.5; math.Abs(got-want) > 1e-12 {
		t.Errorf("chance makes a surprise of %g, want %g", got, want)
	}
	if !strings.Contains(m.reason, "values of b contradict") || len(m.contributors) != 1 {
		t.Errorf("reason: %s, contributors %v", m.reason, m.contributors)
	}
	v.in.Coarse = true
	if m, err := v.transfer(); len(m.value) != 0 || err != nil {
		t.Errorf("a coarse look measured %v, error %v, though no networks were trained", m.value, err)
	}
}
