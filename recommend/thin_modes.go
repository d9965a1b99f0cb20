package recommend

import (
	"fmt"
	"math/rand/v2"

	"synthos/dataset"
)

var thinModes = fix{
	kind:  "thin_modes",
	about: "keep one of each group of near duplicates, and few of each template",
	need: func(v *view) float64 {
		need := v.missing("pattern_repetition", "mode_collapse")
		if need == 0 || len(v.thinning().rows) == 0 {
			return 0
		}
		return need
	},
	apply: func(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
		thin := v.thinning()
		out, _, ok := without(t, func(row int64) bool { return thin.rows[row] })
		if !ok {
			return nil, details{}, false
		}
		d := details{rows: v.still(v.pool, thin.rows), dropped: thin.rows}
		d.total = v.inFile(float64(len(d.rows)), v.pool.Rows())
		d.good = v.inFile(float64(v.good(v.pool, thin.rows)), v.pool.Rows())
		d.change = -d.total
		d.title = fmt.Sprintf("Thin out %s near duplicates and rows of templates", count(d.total))
		d.text = thin.say()
		return out, d, true
	},
	cost: func(p *Prices, d *details) float64 {
		return p.DroppedRow*float64(d.good) + p.ComputeHour/60 + passing(p, d.total)
	},
}
