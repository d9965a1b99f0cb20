package recommend

import (
	"maps"
	"math"
	"testing"
)

func TestNewPrices(t *testing.T) {
	usual := map[string]float64{"generated_row": 0.001, "dropped_row": 0.001, "reviewed_row": 0.10, "real_row": 0.50, "compute_hour": 1}
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
	for _, test := range []struct {
		name, reason string
		dollars      map[string]float64
		want         float64 // of a dropped row
	}{
		{"generated", "it was paid for like a generated row", map[string]float64{"generated_row": 0.02}, 0.02},
		{"generated free", "what costs nothing is no loss", map[string]float64{"generated_row": 0}, 0},
		{"collected", "its own price counts", map[string]float64{"generated_row": 0.02, "dropped_row": 0.5}, 0.5},
		{"worthless", "0 is free, not the default", map[string]float64{"dropped_row": 0}, 0},
	} {
		p, err := NewPrices(test.dollars)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Dollars()["dropped_row"]; got != test.want {
			t.Errorf("%s: a dropped row costs %v, want %v: %s", test.name, got, test.want, test.reason)
		}
	}
	for _, wrong := range []map[string]float64{{"row": 1}, {"real_row": -1}, {"real_row": math.NaN()}, {"real_row": math.Inf(1)}} {
		if _, err := NewPrices(wrong); err == nil {
			t.Errorf("%v is taken for prices", wrong)
		}
	}
}
