package recommend

import (
	"fmt"
	"math"
)

// Prices says what fixing costs, in US dollars. A price of 0 means its default;
// a negative one means free.
type Prices struct {
	GeneratedRow float64 // a new synthetic row; default 0.001: about 300 tokens of a small model
	DroppedRow   float64 // a row that was paid for goes though nothing is held against it; default GeneratedRow
	ReviewedRow  float64 // a person looks at a row; default 0.10: 15 seconds at 24 an hour
	RealRow      float64 // a real row is collected and labelled; default 0.50: a minute and a half of the same
	ComputeHour  float64 // default 1.00: eight cores in a cloud
}

func (p Prices) withDefaults() Prices {
	set := func(price *float64, usual float64) {
		switch {
		case *price == 0:
			*price = usual
		case *price < 0:
			*price = 0
		}
	}
	set(&p.GeneratedRow, 0.001)
	set(&p.DroppedRow, p.GeneratedRow)
	set(&p.ReviewedRow, 0.10)
	set(&p.RealRow, 0.50)
	set(&p.ComputeHour, 1)
	return p
}

// named are the prices by their name in reports and config files.
func (p *Prices) named() []struct {
	Name  string
	Value *float64
} {
	return []struct {
		Name  string
		Value *float64
	}{
		{"generated_row", &p.GeneratedRow}, {"dropped_row", &p.DroppedRow}, {"reviewed_row", &p.ReviewedRow}, {"real_row", &p.RealRow}, {"compute_hour", &p.ComputeHour},
	}
}

// PriceNames returns the names of all prices.
func PriceNames() []string {
	var out []string
	for _, p := range new(Prices).named() {
		out = append(out, p.Name)
	}
	return out
}

// NewPrices returns the default prices, those that dollars names instead; 0 is free. A
// dropped_row that is not named costs what a generated_row does.
// It errs if there is no price of that name, or if one is negative or not a number.
func NewPrices(dollars map[string]float64) (Prices, error) {
	p := Prices{}.withDefaults()
	for name, x := range dollars {
		known := false
		for _, n := range p.named() {
			if n.Name == name {
				known, *n.Value = true, x
			}
		}
		if !known {
			return p, fmt.Errorf("no price is called %q; there are %v", name, PriceNames())
		}
		if !(x >= 0) || math.IsInf(x, 0) {
			return p, fmt.Errorf("the price of %s is %v; it must be 0 or more dollars", name, x)
		}
	}
	if _, named := dollars["dropped_row"]; !named {
		p.DroppedRow = p.GeneratedRow
	}
	for _, n := range p.named() {
		if *n.Value == 0 {
			*n.Value = -1 // free, not the default
		}
	}
	return p, nil
}

// Dollars returns the prices by name, as they count.
func (p Prices) Dollars() map[string]float64 {
	p = p.withDefaults()
	out := map[string]float64{}
	for _, n := range p.named() {
		out[n.Name] = *n.Value
	}
	return out
}
