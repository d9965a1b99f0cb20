package collapse

import (
	"encoding/binary"
	"math"

	"github.com/zeebo/xxh3"

	"synthos/dataset"
)

// hashRows returns a hash of the cells of each row of t in the columns of the
// given names, in that order; equal rows have equal hashes in every table.
func hashRows(t *dataset.Table, names []string) []uint64 {
	out := make([]uint64, t.Rows())
	var buf [16]byte
	for _, j := range t.Schema.Places(names) {
		v := &t.Columns[j]
		for i := range out {
			binary.LittleEndian.PutUint64(buf[:8], out[i])
			binary.LittleEndian.PutUint64(buf[8:], hashCell(v, i))
			out[i] = xxh3.Hash(buf[:])
		}
	}
	return out
}

// hashCell returns a hash of one cell.
func hashCell(v *dataset.Vector, i int) uint64 {
	switch {
	case v.Null[i]:
		return 0x9e3779b97f4a7c15
	case v.Strings != nil:
		return xxh3.HashString(v.Strings[i])
	}
	return math.Float64bits(v.Floats[i] + 0) // -0 becomes 0
}

// hashed returns the row hashes of both sides over the columns that describe
// rows: those of the space, so without ids.
func (v *view) hashed() (data, ref []uint64) {
	both, _ := v.hashes.get(func() ([2][]uint64, error) {
		names := make([]string, len(v.space.Columns))
		for i := range names {
			names[i] = v.space.Columns[i].Field.Name
		}
		return [2][]uint64{hashRows(v.data.table, names), hashRows(v.ref.table, names)}, nil
	})
	return both[0], both[1]
}
