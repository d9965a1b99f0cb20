package recommend

import "synthos/dataset"

// planned is what the plan so far does to the rows.
type planned struct {
	rows   int64            // of the file with it
	gone   []map[int64]bool // rows that it drops
	mended map[int64]bool   // flagged rows of the sample that it mends
}

// still returns the rows of t that are among rows and that the plan so far does not
// drop already.
func (p *planned) still(t *dataset.Table, rows map[int64]bool) []int64 {
	var out []int64
	for _, row := range t.RowIDs {
		if rows[row] && !p.isGone(row) {
			out = append(out, row)
		}
	}
	return out
}

// isGone reports whether the plan so far drops a row.
func (p *planned) isGone(row int64) bool {
	for _, gone := range p.gone {
		if gone[row] {
			return true
		}
	}
	return false
}

// good returns how many of the rows of t that are among rows and still there are good ones:
// they are not flagged, or they are mended.
func (v *view) good(t *dataset.Table, rows map[int64]bool) int {
	n, flagged := 0, v.flagged()
	for _, row := range v.still(t, rows) {
		if !flagged[row] || v.mended[row] {
			n++
		}
	}
	return n
}
