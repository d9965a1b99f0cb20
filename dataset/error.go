package dataset

import (
	"fmt"
	"strings"
)

// Error is a file that cannot be used, with the place in it and what to do.
// Unknown parts are left zero: Row and Offset are then -1.
type Error struct {
	Path   string
	Row    int64  // 0-based data row
	Offset int64  // bytes from the start of the file
	Column string // column name
	Found  string // what is wrong there
	Do     string // what the user can do about it
	Err    error  // the cause, if there is one
}

// NewError returns an Error about the file as a whole.
func NewError(path, found, do string) *Error {
	return &Error{Path: path, Row: -1, Offset: -1, Found: found, Do: do}
}

// Error returns "path: row 12, column price: found; do".
func (e *Error) Error() string {
	var place []string
	if e.Row >= 0 {
		place = append(place, fmt.Sprintf("row %d", e.Row))
	}
	if e.Offset >= 0 {
		place = append(place, fmt.Sprintf("byte %d", e.Offset))
	}
	if e.Column != "" {
		place = append(place, fmt.Sprintf("column %q", e.Column))
	}
	parts := make([]string, 0, 4)
	if e.Path != "" {
		parts = append(parts, e.Path)
	}
	if len(place) > 0 {
		parts = append(parts, strings.Join(place, ", "))
	}
	if e.Found != "" {
		parts = append(parts, e.Found)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	s := strings.Join(parts, ": ")
	if e.Do != "" {
		s += "; " + e.Do
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
