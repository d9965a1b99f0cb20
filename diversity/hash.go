package diversity

import (
	"synthos/dataset"
	"synthos/profile"
)

// hashRows returns a hash of each row of t.
func hashRows(t *dataset.Table) []uint64 {
	out := make([]uint64, t.Rows())
	profile.HashRows(&dataset.Batch{Rows: t.Rows(), Columns: t.Columns}, out)
	return out
}
