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

// KeptRows returns the rows of Kept; none if there are none.
func (l *Localization) KeptRows() []int64 {
	if l.Kept == nil {
		return nil
	}
	rows, err := l.Kept.Rows()
	if err != nil {
		return nil // they are dropped with the others
	}
	return rows
}

// Unreadable returns the flagged rows against which nothing is held but cells that cannot be
// read, with the columns of these: whoever mends the cells need not drop the rows. Of rows that
// Rows does not list, what they are charged with most counts.
func (l *Localization) Unreadable() map[int64][]string {
	out := map[int64][]string{}
	for i := range l.Flagged {
		f := &l.Flagged[i]
		if f.Cause != causeUnreadable || f.Column == "" {
			continue
		}
		rows, err := f.Rows()
		if err != nil {
			continue
		}
		for _, row := range rows {
			out[row] = []string{f.Column}
		}
	}
	for i := range l.Rows {
		r := &l.Rows[i]
		delete(out, r.Row)
		if len(r.Dimensions) == 1 && r.Dimensions[0] == "quality_degradation" && len(r.Columns) > 0 {
			out[r.Row] = r.Columns
		}
	}
	return out
}

// causeUnreadable is the cause of rows with cells that cannot be read as their column's type.
const causeUnreadable = "unreadable"
