package recommend

import (
	"fmt"
	"math/rand/v2"

	"synthos/dataset"
)

var reweight = fix{
	kind:  "reweight",
	about: "sample what there is too much of down, so that columns and kinds of rows have the shares that the reference gives them",
	need: func(v *view) float64 {
		if v.donors == nil {
			return 0
		}
		need := v.missing("mode_collapse", "diversity_loss", "distribution_shift")
		if need == 0 || v.sampled(v.work) == nil {
			return 0
		}
		return need
	},
	apply: func(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
		s := v.sampled(t)
		if s == nil {
			return nil, details{}, false
		}
		gone := map[int64]bool{}
		for i, leaves := range s.leaves(v, t) {
			if leaves {
				gone[t.RowIDs[i]] = true
			}
		}
		out, n, ok := without(t, func(row int64) bool { return gone[row] })
		if !ok {
			return nil, details{}, false
		}
		d := details{rows: v.still(t, gone), dropped: gone, total: v.inFile(float64(n), v.work.Rows()), columns: s.columns(v)}
		d.good = v.inFile(float64(v.good(t, gone)), v.work.Rows())
		d.change = -d.total
		d.title = fmt.Sprintf("Sample %s rows of what there is too much of down", count(d.total))
		d.text = s.detail()
		return out, d, true
	},
	cost: func(p *Prices, d *details) float64 {
		return p.DroppedRow*float64(d.good) + p.ComputeHour/60 + passing(p, d.total)
	},
}
