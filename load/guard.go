package load

import (
	"context"
	"errors"
	"fmt"
	"io"

	"synthos/dataset"
)

// guarded runs f, which reads the file at path with code that may panic on
// broken data (the libraries for Parquet and Arrow do), and returns every
// failure as a *dataset.Error that names the file. io.EOF, the end of a context
// and errors that are already a *dataset.Error pass through.
func guarded(path, format string, f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			cause, isError := r.(error)
			if !isError {
				cause = fmt.Errorf("%v", r)
			}
			err = damaged(path, format, cause)
		}
	}()
	err = f()
	var known *dataset.Error
	switch {
	case err == nil, err == io.EOF, errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return damaged(path, format, err)
}

// damaged returns the error for a file whose bytes do not make sense.
func damaged(path, format string, cause error) error {
	return failed(path, cause, "the "+format+" file is damaged or cut short", "fetch or write it again")
}

// pump calls next, guarded, for one batch after the other and hands each to
// yield, until next returns io.EOF or ctx ends. A panic in yield is not caught:
// it is not about the file.
func pump(ctx context.Context, path, format string, next func() (*dataset.Batch, error), yield func(*dataset.Batch) error) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var b *dataset.Batch
		err := guarded(path, format, func() (err error) {
			b, err = next()
			return err
		})
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := yield(b); err != nil {
			return err
		}
	}
}

// maxExact is the largest integer up to which float64 holds every integer, 2^53.
const maxExact = 1 << 53

// uniqueNames makes the names of fields unique and non-empty by renaming those
// that are not, and returns a finding for each that it renamed.
func uniqueNames(path string, fields []dataset.Field) []dataset.Finding {
	var findings []dataset.Finding
	taken := make(map[string]bool, len(fields))
	last := map[string]int{} // the last number appended to a name
	for i := range fields {
		if name := fields[i].Name; name != "" && !taken[name] {
			taken[name] = true
			continue
		}
		old, base := fields[i].Name, fields[i].Name
		if base == "" {
			base = fmt.Sprintf("column_%d", i+1)
		}
		name := base
		for taken[name] {
			last[base] = max(2, last[base]+1)
			name = fmt.Sprintf("%s_%d", base, last[base])
		}
		fields[i].Name = name
		taken[name] = true
		findings = append(findings, dataset.Finding{
			Path: path, Row: -1, Column: name,
			Message: fmt.Sprintf("column %d is called %q, which is empty or taken: read as %q", i+1, old, name),
		})
	}
	return findings
}
