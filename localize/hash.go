package localize

import (
	"math"
	"math/bits"

	"synthos/dataset"
	"synthos/sketch"
)

const nullHash = 0x6e756c6c6e756c6c // of a cell without a value

// hashRows returns a hash of the cells of each row of t in the columns called
// names, in that order: equal rows have equal hashes in every table. A cell
// that could not be read counts with its text.
func hashRows(t *dataset.Table, names []string) []uint64 {
	return hashColumns(t, names, func(int, *dataset.Vector, []uint64) {})
}

// hashColumns is hashRows, and shows each column with the hashes of its cells, which
// are valid only during the call.
func hashColumns(t *dataset.Table, names []string, show func(j int, v *dataset.Vector, cells []uint64)) []uint64 {
	out := make([]uint64, t.Rows())
	cells := make([]uint64, t.Rows())
	for j, at := range t.Schema.Places(names) {
		v := &t.Columns[at]
		hashCells(v, cells)
		for i, h := range cells {
			out[i] = joined(out[i], h)
		}
		show(j, v, cells)
	}
	for i, h := range out {
		out[i] = sketch.Mix(h)
	}
	return out
}

// joined returns the hash of what has the hash h, followed by a cell.
func joined(h, cell uint64) uint64 { return bits.RotateLeft64(h^cell, 27) * 0x9e3779b185ebca87 }

// hashCells writes a hash of each cell of v to out.
func hashCells(v *dataset.Vector, out []uint64) {
	for i, null := range v.Null {
		switch {
		case null:
			out[i] = nullHash
		case v.Strings != nil:
			out[i] = sketch.HashString(v.Strings[i])
		default:
			out[i] = sketch.Mix(math.Float64bits(v.Floats[i] + 0)) // -0 becomes 0
		}
	}
	for _, bad := range v.Invalid {
		out[bad.Row] = sketch.HashString(bad.Text)
	}
}
