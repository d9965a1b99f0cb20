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
		out, dropped, ok := without(t, func(row int64) bool { return repeated[row] })
		counted := v.in.Repeats >= leastRepeats
		if !ok && counted && dropped == 0 && len(repeated) == 0 { // of two equal rows, both are seldom in the sample
			out, ok = t, true
		}
		if !ok {
			return nil, details{}, false
		}
		d := details{rows: v.still(v.in.Data, repeated), dropped: repeated}
		d.total = v.inFile(float64(len(d.rows)), v.in.Data.Rows())
		share := float64(len(repeated)) / float64(v.in.Data.Rows())
		if counted && v.in.Repeats > share {
			d.total = v.inFile(v.in.Repeats*float64(v.in.Data.Rows())*float64(len(d.rows)+1)/float64(len(repeated)+1), v.in.Data.Rows())
			d.removes = []string{"duplicate_rows"}
			share = v.in.Repeats
		}
		d.change = -d.total
		d.title = fmt.Sprintf("Drop %s duplicate rows", count(d.total))
		d.text = fmt.Sprintf("Keep the first of rows that are equal in all columns but ids: %.1f %% of the rows repeat an earlier one.",
			100*share)
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
		return max(share, v.in.Repeats)
	}
	n := min(d.Rows(), v.in.Reference.Rows())
	repeated := func(t *dataset.Table) float64 {
		return 1 - float64(distinct(v.hashes(t.Take(evenly(n, t.Rows())))))/float64(n)
	}
	return max(repeated(d)-repeated(conform(v.in.Reference, d.Schema)), v.in.Repeats-v.in.UsualRepeats)
}

func distinct(hashes []uint64) int {
	seen := make(map[uint64]bool, len(hashes))
	for _, h := range hashes {
		seen[h] = true
	}
	return len(seen)
}
