package recommend

import (
	"fmt"
	"math/rand/v2"

	"synthos/dataset"
)

var mixReal = fix{
	kind:  "mix_real",
	about: "mix in 10, 30 or 50 % real rows",
	last:  true,
	real:  true,
	doses: []float64{0.1, 0.3, 0.5},
	need: func(v *view) float64 {
		if v.donors == nil || v.donors.Rows() == 0 || v.copies() {
			return 0
		}
		return v.worst()
	},
	apply: func(v *view, t *dataset.Table, rng *rand.Rand) (*dataset.Table, details, bool) {
		donors := v.unused(t)
		if len(donors) == 0 {
			return nil, details{}, false
		}
		d := details{total: v.toAdd(v.dose), change: v.toAdd(v.dose)}
		d.title = fmt.Sprintf("Mix in %.0f %% real rows", 100*v.dose)
		d.text = fmt.Sprintf("Collect %s new real rows and train on both. The gain was measured with rows of the reference.", count(d.total))
		return v.add(t, donors, v.dose, rng), d, true
	},
	cost: func(p *Prices, d *details) float64 { return p.RealRow * float64(d.total) },
}

// copies reports whether memorization is the worst dimension: more real rows would
// only dilute the copies.
func (v *view) copies() bool {
	lowest, name := float64(healthy), ""
	for _, d := range v.in.Collapse.Dimensions {
		if score, ok := d.Score.Value(); ok && score < lowest {
			lowest, name = score, d.Name
		}
	}
	return name == "memorization"
}
