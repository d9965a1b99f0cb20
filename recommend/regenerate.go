package recommend

import (
	"fmt"
	"math/rand/v2"

	"synthos/dataset"
)

var regenerate = fix{
	kind:    "regenerate",
	about:   "generate all rows anew",
	last:    true,
	nothing: "it depends on the new generator",
	need:    func(v *view) float64 { return v.worst() },
	apply: func(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
		d := details{total: max(v.in.Rows, int64(v.in.Data.Rows()))}
		d.title = "Generate the data anew"
		d.text = fmt.Sprintf("With all fixes together the score stays below %.0f. Fit the generator again, on more or newer real data, and generate all %s rows.", v.in.Threshold, count(d.total))
		return t, d, true
	},
	cost: func(p *Prices, d *details) float64 { return p.GeneratedRow * float64(d.total) },
}
