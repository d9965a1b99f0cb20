package recommend

import (
	"fmt"
	"math/rand/v2"

	"synthos/dataset"
)

var dropDuplicates = fix{
	kind:  "drop_duplicates",
	about: "drop the rows that repeat an earlier row exactly",
	need: func(v *view) float64 {
		if v.excessRepeats() < leastRepeats {
			return 0
		}
		return v.worst()
	},
	apply: func(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
		repeated := v.repeats()
		out, _, ok := without(t, func(row int64) bool { return repeated[row] })
		if !ok {
			return nil, details{}, false
		}
		d := details{rows: v.still(v.in.Data, repeated), dropped: repeated}
		d.total = v.inFile(float64(len(d.rows)), v.in.Data.Rows())
		d.change = -d.total
		d.title = fmt.Sprintf("Drop %s duplicate rows", count(d.total))
		d.text = fmt.Sprintf("Keep the first of rows that are equal in all columns but ids: %.1f %% of the rows repeat an earlier one.",
			100*float64(len(repeated))/float64(v.in.Data.Rows()))
		return out, d, true
	},
	cost: func(p *Prices, d *details) float64 { return passing(p, d.total) },
}

// leastRepeats is the share of repeated rows, beyond the reference's own, that is
// worth a fix.
const leastRepeats = 0.01

// excessRepeats returns the share of the sample's rows that repeat an earlier
// one, beyond that among as many reference rows.
func (v *view) excessRepeats() float64 {
	d := v.in.Data
	share := float64(len(v.repeats())) / float64(d.Rows())
	if v.donors == nil {
		return share
	}
	n := min(d.Rows(), v.in.Reference.Rows())
	repeated := func(t *dataset.Table) float64 {
		return 1 - float64(distinct(v.hashes(t.Take(evenly(n, t.Rows())))))/float64(n)
	}
	return repeated(d) - repeated(conform(v.in.Reference, d.Schema))
}

func distinct(hashes []uint64) int {
	seen := make(map[uint64]bool, len(hashes))
	for _, h := range hashes {
		seen[h] = true
	}
	return len(seen)
}
