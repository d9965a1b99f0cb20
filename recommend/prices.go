package recommend

// Prices says what fixing costs, in US dollars. A price of 0 means its default;
// a negative one means free.
type Prices struct {
	GeneratedRow float64 // a new synthetic row; default 0.001: about 300 tokens of a small model
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
	set(&p.ReviewedRow, 0.10)
	set(&p.RealRow, 0.50)
	set(&p.ComputeHour, 1)
	return p
}
