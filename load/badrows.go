package load

import (
	"fmt"

	"synthos/dataset"
)

// BadRows says what happens when rows cannot be read: broken records of JSON,
// and rows of CSV with more fields than columns or a quote that is never closed.
type BadRows string

const (
	LimitBadRows BadRows = ""     // they are findings, up to one row in a hundred; more are an error
	SkipBadRows  BadRows = "skip" // they are findings, however many there are
	StopBadRows  BadRows = "stop" // the first one is an error; so is a row of CSV with too few fields
)

// ParseBadRows returns the policy of that name: skip, stop or "".
func ParseBadRows(name string) (BadRows, error) {
	switch b := BadRows(name); b {
	case LimitBadRows, SkipBadRows, StopBadRows:
		return b, nil
	}
	return "", fmt.Errorf("there is no way %q to treat bad rows; use skip or stop", name)
}

// badShare is the share of bad rows from which a file is not what it seems.
const badShare = 0.01

// tooMany reports whether so many bad rows are too many.
func (b BadRows) tooMany(bad, rows int64) bool {
	switch b {
	case SkipBadRows:
		return bad > 0 && bad == rows
	case StopBadRows:
		return bad > 0
	}
	return bad == rows && bad > 0 || bad > 1 && float64(bad) > badShare*float64(rows)
}

// badRower is a source that knows which rows it read were bad, besides those
// that it skipped.
type badRower interface {
	badRows() (n int64, first dataset.Finding)
}

// badRowsOf returns how many rows src read were bad, besides those that it skipped, and
// the first finding about one.
func badRowsOf(src dataset.Source) (n int64, first dataset.Finding) {
	if b, ok := src.(badRower); ok {
		return b.badRows()
	}
	return 0, dataset.Finding{}
}

// HasBadRows reports whether rows of src, which has been read, were bad, besides those that it
// skipped.
func HasBadRows(src dataset.Source) bool {
	n, _ := badRowsOf(src)
	return n > 0
}

// CheckRows returns an error if too many rows of src, which has been read once
// from end to end, were bad. rows is how many could be read, skipped how many
// could not; firstSkipped is the finding about one of these.
func CheckRows(src dataset.Source, path string, policy BadRows, rows, skipped int64, firstSkipped *dataset.Finding) error {
	bad, first := skipped, dataset.Finding{Row: -1}
	if firstSkipped != nil {
		first = *firstSkipped
	}
	n, f := badRowsOf(src)
	bad += n
	if n > 0 && (first.Row < 0 || f.Row < first.Row) {
		first = f
	}
	if !policy.tooMany(bad, rows+skipped) {
		return nil
	}
	if first.Path == "" {
		first.Path = path
	}
	e := dataset.NewError(first.Path, fmt.Sprintf("%s; %d of %d rows are bad", first.Message, bad, rows+skipped), adviceBadRows)
	e.Row = first.Row
	return e
}

const adviceBadRows = "check what wrote it, and that the format is right; --bad-rows=skip goes on all the same"

// Kinds of notes about rows.
const (
	noteFewFields    = "rows with too few fields"
	noteManyFields   = "rows with too many fields"
	noteComment      = "comment lines, which begin with #, were left out"
	noteMaybeComment = "rows that may be comments"
	noteOpenQuote    = "rows with a quote that is never closed"
	noteUnknownKey   = "values under keys that the sample did not show"
	noteNoObject     = "values where the sample shows objects"
)

// badRows implements badRower.
func (s *textSource) badRows() (int64, dataset.Finding) {
	n, first := s.notes.count(noteManyFields, noteOpenQuote)
	first.Path = s.path
	return n, first
}

// badRows implements badRower.
func (s *partsSource) badRows() (n int64, first dataset.Finding) {
	for _, p := range s.parts {
		k, f := badRowsOf(p.source)
		if n == 0 && k > 0 {
			first = p.shift(f)
		}
		n += k
	}
	return n, first
}
