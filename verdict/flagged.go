package verdict

import (
	"fmt"
	"strconv"
	"strings"
)

// FlaggedRows is flagged rows that are charged with the same thing most.
type FlaggedRows struct {
	Cause  string `json:"cause"`            // "out of range"
	Column string `json:"column,omitempty"` // the column to blame, "" if there is no single one
	// Steps holds the ascending row numbers, each as its distance from the one
	// before, the first from -1, separated by blanks: "3 1 1" is rows 2, 3 and 4.
	Steps string `json:"steps"`
}

// SetRows sets Steps to rows, which ascend.
func (f *FlaggedRows) SetRows(rows []int64) {
	var b []byte
	last := int64(-1)
	for i, row := range rows {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, row-last, 10)
		last = row
	}
	f.Steps = string(b)
}

// Rows returns the row numbers. It errs if Steps is not what SetRows writes.
func (f *FlaggedRows) Rows() ([]int64, error) {
	var out []int64
	last := int64(-1)
	for _, step := range strings.Fields(f.Steps) {
		n, err := strconv.ParseInt(step, 10, 64)
		if err != nil || n < 1 || last+n < last {
			return nil, fmt.Errorf("verdict: %q is no step from row %d to the next flagged row", step, last)
		}
		last += n
		out = append(out, last)
	}
	return out, nil
}
