package scan

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

func TestAggregate(t *testing.T) {
	const n = 20000
	want := &total{rows: n, numbers: n * (n - 1) / 2, cells: n * (n - 1) / 2}
	for jobs := range 8 {
		for _, ranges := range []int{1, 2, 3, 7, 50} {
			got, err := Local{Jobs: jobs}.Aggregate(t.Context(), Memory(numbers(n), ranges), newTotal, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(total{})); diff != "" {
				t.Errorf("%d jobs, %d ranges (-want +got):\n%s", jobs, ranges, diff)
			}
		}
	}
}

func TestAggregateEmpty(t *testing.T) {
	var last int64 = -1
	got, err := Local{}.Aggregate(t.Context(), Memory(numbers(0), 3), newTotal, func(rows int64) { last = rows })
	if err != nil || *got.(*total) != (total{}) || last != 0 {
		t.Errorf("an empty source gave %+v, progress %d, error %v", got, last, err)
	}
}

func TestAggregateErrors(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		name   string
		read   func(src dataset.Source, ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error
		fresh  func() Accumulator
		is     error
		says   []string
		reason string
	}{
		{
			name: "source", is: broken, reason: "passed on as it is: it names its place",
			read: func(src dataset.Source, ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
				if r.Index == 3 {
					return broken
				}
				return src.Read(ctx, r, yield)
			},
		},
		{
			name: "source panics", says: []string{"memory", "damaged", "kaboom"}, reason: "a library on a damaged file",
			read: func(src dataset.Source, ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
				if r.Index == 3 {
					panic("kaboom")
				}
				return src.Read(ctx, r, yield)
			},
		},
		{
			name: "source panics with an error", is: broken, says: []string{"memory"}, reason: "its cause is kept",
			read: func(src dataset.Source, ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
				panic(broken)
			},
		},
		{
			name: "source swallows", is: broken, says: []string{"memory: "}, reason: "an accumulator's error is not lost by a Read that returns nil",
			read: func(src dataset.Source, ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
				_ = src.Read(ctx, r, yield)
				return nil
			},
			fresh: func() Accumulator { return &bad{err: broken} },
		},
		{name: "accumulator", is: broken, says: []string{"memory: "}, fresh: func() Accumulator { return &bad{err: broken} }, reason: "the file is named"},
		{name: "accumulator panics", says: []string{"memory", "ouch"}, fresh: func() Accumulator { return &bad{panics: "ouch"} }, reason: "a bug of ours may not end the program"},
		{name: "merge", is: broken, fresh: func() Accumulator { return &bad{mergeErr: broken} }, reason: "passed on"},
		{name: "merge panics", says: []string{"merging", "crash"}, fresh: func() Accumulator { return &bad{mergePanics: "crash"} }, reason: "a bug of ours"},
		{
			name: "gives up", is: context.DeadlineExceeded, reason: "a source with a deadline of its own; nobody cancelled the pass",
			read: func(src dataset.Source, ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
				return context.DeadlineExceeded
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			src := Memory(numbers(20000), 10)
			if tt.read != nil {
				whole := src
				src = faulty{whole, func(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
					return tt.read(whole, ctx, r, yield)
				}}
			}
			fresh := tt.fresh
			if fresh == nil {
				fresh = newTotal
			}
			got, err := Local{Jobs: 3}.Aggregate(t.Context(), src, fresh, nil)
			if err == nil {
				t.Fatalf("no error: %s", tt.reason)
			}
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("error %v, want %v: %s", err, tt.is, tt.reason)
			}
			for _, s := range tt.says {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("error %q does not say %q: %s", err, s, tt.reason)
				}
			}
			if got == nil {
				t.Error("nothing of what was merged so far")
			}
			wantGoroutines(t, before)
		})
	}
}

func TestFirstErrorStopsTheRest(t *testing.T) {
	src := Memory(numbers(1000), 1000)
	var read atomic.Int64
	broken := errors.New("broken")
	_, err := Local{Jobs: 2}.Aggregate(t.Context(), faulty{src, func(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
		if r.Index == 5 {
			return broken
		}
		if read.Add(1) > 5 {
			<-ctx.Done() // would never end if the error did not cancel
			return ctx.Err()
		}
		return src.Read(ctx, r, yield)
	}}, newTotal, nil)
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want broken and not its echo", err)
	}
	if read.Load() > 10 {
		t.Errorf("%d ranges were read after the error", read.Load())
	}
}

func TestPartialResult(t *testing.T) {
	src := Memory(numbers(10000), 10)
	got, err := Local{Jobs: 1}.Aggregate(t.Context(), faulty{src, func(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
		if r.Index == 4 {
			return errors.New("broken")
		}
		return src.Read(ctx, r, yield)
	}}, newTotal, nil)
	if err == nil || got.(*total).rows != 4000 {
		t.Errorf("%d rows with error %v, want the 4000 before it", got.(*total).rows, err)
	}
}

func TestCancel(t *testing.T) {
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	src := Memory(numbers(10), 10)
	var batches atomic.Int64
	var cancelled time.Time
	endless := faulty{src, func(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
		for { // a batch a millisecond, deaf to ctx: only yield can stop it
			time.Sleep(time.Millisecond)
			if err := src.Read(context.Background(), r, yield); err != nil {
				return err
			}
			if batches.Add(1) == 20 {
				cancelled = time.Now()
				cancel()
			}
		}
	}}
	got, err := Local{Jobs: 2}.Aggregate(ctx, endless, newTotal, nil)
	if !errors.Is(err, context.Canceled) || got == nil {
		t.Errorf("%v, error %v, want context.Canceled", got, err)
	}
	if n := batches.Load(); n > 21 {
		t.Errorf("%d batches were folded in, want no more than one a worker after ctx ended with the 20th", n)
	}
	if d := time.Since(cancelled); d > 5*time.Second { // 1 ms; more on a busy machine
		t.Errorf("returned %v after ctx ended", d)
	}
	wantGoroutines(t, before)
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got, err := Local{}.Aggregate(ctx, Memory(numbers(100), 4), newTotal, nil)
	if !errors.Is(err, context.Canceled) || got.(*total).rows != 0 {
		t.Errorf("%+v, error %v", got, err)
	}
}

func TestProgress(t *testing.T) {
	src := Memory(numbers(200), 200)
	slow := faulty{src, func(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
		time.Sleep(2 * time.Millisecond)
		return src.Read(ctx, r, yield)
	}}
	var seen []int64
	var inside sync.Mutex
	start := time.Now()
	_, err := Local{Jobs: 4}.Aggregate(t.Context(), slow, newTotal, func(rows int64) {
		if !inside.TryLock() {
			t.Error("two calls at once")
			return
		}
		defer inside.Unlock()
		seen = append(seen, rows)
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(seen) || seen[len(seen)-1] != 200 {
		t.Errorf("progress %v, want ascending to 200", seen)
	}
	if most := int(time.Since(start)/progressEvery) + 1; len(seen) > most || len(seen) < 2 {
		t.Errorf("%d reports, want 2 to %d", len(seen), most)
	}
}

func TestLargestFirst(t *testing.T) {
	ranges := []dataset.Range{{Index: 0, Rows: 5, Length: 1}, {Index: 1, Rows: 9, Length: 2}, {Index: 2, Rows: 5, Length: 3}}
	tests := []struct {
		name   string
		rows   int64 // of the second range
		want   []int
		reason string
	}{
		{"rows", 9, []int{1, 0, 2}, "by rows, ties in file order"},
		{"length", -1, []int{2, 1, 0}, "one range does not know its rows"},
	}
	for _, tt := range tests {
		ranges[1].Rows = tt.rows
		var got []int
		for _, r := range largestFirst(ranges) {
			got = append(got, r.Index)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v: %s", tt.name, got, tt.want, tt.reason)
		}
	}
	if ranges[0].Index != 0 {
		t.Error("the Source's own list was sorted")
	}
}
