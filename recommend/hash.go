package recommend

import (
	"synthos/dataset"
	"synthos/profile"
)

// hashes returns a hash of each row of t, over the columns that describe rows.
func (v *view) hashes(t *dataset.Table) []uint64 {
	out := make([]uint64, t.Rows())
	profile.HashRows(&dataset.Batch{Rows: t.Rows(), Columns: t.Select(v.columns).Columns}, out)
	return out
}

// repeats returns the rows of the data that repeat an earlier row.
func (v *view) repeats() map[int64]bool {
	if v.repeated == nil {
		v.repeated = map[int64]bool{}
		seen := map[uint64]bool{}
		for i, h := range v.hashes(v.in.Data) {
			if seen[h] {
				v.repeated[v.in.Data.RowIDs[i]] = true
			}
			seen[h] = true
		}
	}
	return v.repeated
}
