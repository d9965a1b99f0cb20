package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"synthos/dataset"
)

// Local is the Engine that runs a pass on the cores of this machine: each of
// its workers takes ranges, the largest first, and folds them into an
// accumulator of its own; in the end these are merged.
//
// The first error stops all workers. A panic in the Source or in an accumulator
// becomes a *dataset.Error that names the range's file.
type Local struct {
	Jobs int // workers; 0 = as many as Go uses cores (GOMAXPROCS)
}

var _ Engine = Local{}

// Aggregate implements Engine. fresh is called once per worker, before any of
// them starts. progress is called at most twenty times a second and once at the
// end. When ctx ends, Aggregate returns ctx's error after the batches in hand.
func (l Local) Aggregate(ctx context.Context, src dataset.Source, fresh func() Accumulator, progress func(rows int64)) (Accumulator, error) {
	ranges := largestFirst(src.Ranges())
	workers := l.Jobs
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = max(1, min(workers, len(ranges)))
	parts := make([]Accumulator, workers)
	for i := range parts {
		parts[i] = fresh()
	}

	within, stop := context.WithCancel(ctx)
	defer stop()
	failed := failure{stop: stop}
	rows := newMeter(progress)
	var next atomic.Int64
	var group sync.WaitGroup
	for i := range parts {
		group.Go(func() {
			for within.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= len(ranges) {
					return
				}
				err, panicked := fold(within, src, ranges[n], parts[i], rows)
				if panicked {
					parts[i] = nil // what it holds may be half a row
				}
				if err != nil {
					failed.note(ranges[n], err)
					return
				}
			}
		})
	}
	group.Wait()
	rows.finish()

	merged, err := mergeAll(parts)
	if merged == nil {
		merged = fresh()
	}
	return merged, errors.Join(failed.first(ctx), err)
}

// largestFirst returns the ranges ordered by size, so that no large one is left
// for the end: by rows if all are known, else by length.
func largestFirst(ranges []dataset.Range) []dataset.Range {
	known := !slices.ContainsFunc(ranges, func(r dataset.Range) bool { return r.Rows < 0 })
	sorted := slices.Clone(ranges)
	slices.SortStableFunc(sorted, func(a, b dataset.Range) int {
		if known {
			return cmp.Compare(b.Rows, a.Rows)
		}
		return cmp.Compare(b.Length, a.Length)
	})
	return sorted
}

// fold reads r into part and reports whether that panicked.
func fold(ctx context.Context, src dataset.Source, r dataset.Range, part Accumulator, rows *meter) (err error, panicked bool) {
	defer func() {
		if p := recover(); p != nil {
			err, panicked = panicError(r, "reading", p), true
		}
	}()
	var stopped error // why yield ended the reading, should Read not pass it on
	err = src.Read(ctx, r, func(b *dataset.Batch) error {
		if stopped = ctx.Err(); stopped != nil {
			return stopped
		}
		if err := part.AddBatch(b); err != nil {
			stopped = fmt.Errorf("%s: %w", place(r), err)
			return stopped
		}
		rows.add(int64(b.Rows))
		return nil
	})
	if err == nil {
		err = stopped
	}
	return err, false
}

func panicError(r dataset.Range, doing string, p any) error {
	e := dataset.NewError(place(r), doing+" it failed in an unforeseen way",
		"the file is probably damaged: write it anew with the tool that made it; if it is not, this is a bug in synthos")
	cause, ok := p.(error)
	if !ok {
		cause = fmt.Errorf("%v", p)
	}
	e.Err = fmt.Errorf("panic: %w", cause)
	return e
}

func place(r dataset.Range) string {
	if r.Path != "" {
		return r.Path
	}
	return fmt.Sprintf("range %d", r.Index)
}

// failure keeps the error to return and stops the workers at the first one.
type failure struct {
	stop context.CancelFunc
	mu   sync.Mutex
	err  error
	at   int // index of the range
}

// note takes err into account. Of several errors that were under way at the same
// time, the one of the first range stays; an error that is only the echo of a
// stop gives way to any other.
func (f *failure) note(r dataset.Range, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil || !isStop(err) && (isStop(f.err) || r.Index < f.at) {
		f.err, f.at = err, r.Index
	}
	f.stop()
}

func isStop(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// first returns the error to report after all workers ended.
func (f *failure) first(ctx context.Context) error {
	if f.err == nil || isStop(f.err) && ctx.Err() != nil {
		return ctx.Err()
	}
	return f.err
}

// mergeAll merges neighbours side by side until one is left: with many workers
// one after the other would take longer than the pass. Nil parts are left out;
// the result is nil if all are.
func mergeAll(parts []Accumulator) (Accumulator, error) {
	parts = slices.DeleteFunc(parts, func(a Accumulator) bool { return a == nil })
	if len(parts) == 0 {
		return nil, nil
	}
	errs := make([]error, len(parts))
	for step := 1; step < len(parts); step *= 2 {
		var group sync.WaitGroup
		for i := 0; i+step < len(parts); i += 2 * step {
			group.Go(func() { errs[i] = errors.Join(errs[i], merge(parts[i], parts[i+step])) })
		}
		group.Wait()
	}
	return parts[0], errors.Join(errs...)
}

func merge(into, from Accumulator) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("merging the parts of a scan: panic: %v", p)
		}
	}()
	return into.Merge(from)
}
