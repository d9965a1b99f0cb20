package recommend

import (
	"maps"
	"math"
	"testing"
)

func TestNewPrices(t *testing.T) {
	usual := map[string]float64{"generated_row": 0.001, "reviewed_row": 0.10, "real_row": 0.50, "compute_hour": 1}
	if got := (Prices{}).Dollars(); !maps.Equal(got, usual) {
		t.Errorf("the defaults are %v, want %v", got, usual)
	}
	p, err := NewPrices(map[string]float64{"real_row": 2.5, "reviewed_row": 0})
	if err != nil {
		t.Fatal(err)
	}
	want := maps.Clone(usual)
	want["real_row"], want["reviewed_row"] = 2.5, 0
	if got := p.Dollars(); !maps.Equal(got, want) {
		t.Errorf("%v, want %v: 0 is free, not the default", got, want)
	}
	for _, wrong := range []map[string]float64{{"row": 1}, {"real_row": -1}, {"real_row": math.NaN()}, {"real_row": math.Inf(1)}} {
		if _, err := NewPrices(wrong); err == nil {
			t.Errorf("%v is taken for prices", wrong)
		}
	}
}
