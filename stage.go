package synthos

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"synthos/verdict"
)

// meter times the stages and reports progress. Its methods may be called from
// several goroutines.
type meter struct {
	mu      sync.Mutex
	report  func(Progress)
	started time.Time
	done    map[string]verdict.Stage
	last    map[string]time.Time
}

func newMeter(report func(Progress), started time.Time) *meter {
	return &meter{report: report, started: started, done: map[string]verdict.Stage{}, last: map[string]time.Time{}}
}

const progressEvery = 50 * time.Millisecond

// at reports that a share of a stage is done, not too often.
func (m *meter) at(stage string, share float64, detail string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.report == nil || time.Since(m.last[stage]) < progressEvery {
		return
	}
	m.last[stage] = time.Now()
	m.report(Progress{Stage: stage, Done: min(1, max(0, share)), Detail: detail, Elapsed: time.Since(m.started)})
}

// of returns a callback that reports what share of a stage is done.
func (m *meter) of(stage string) func(done float64, detail string) {
	return func(done float64, detail string) { m.at(stage, done, detail) }
}

// rows returns a callback that reports rows read; total may be 0 = unknown.
func (m *meter) rows(stage string, total int64) func(int64) {
	return func(rows int64) {
		if total <= 0 {
			m.at(stage, 0, fmt.Sprintf("%d rows", rows))
			return
		}
		m.at(stage, float64(rows)/float64(total), fmt.Sprintf("%d of %d rows", rows, total))
	}
}

// end notes how a stage ended.
func (m *meter) end(stage string, began time.Time, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := verdict.Stage{Name: stage, Status: verdict.StageDone, Seconds: time.Since(began).Seconds()}
	detail := ""
	if err != nil {
		s.Status, s.Error, detail = verdict.StageFailed, err.Error(), err.Error()
	}
	m.done[stage] = s
	if m.report != nil {
		m.report(Progress{Stage: stage, Done: 1, Detail: detail, Finished: true, Elapsed: time.Since(m.started)})
	}
}

// skip notes that a stage could not run.
func (m *meter) skip(stage string, why error) {
	m.note(verdict.Stage{Name: stage, Status: verdict.StageSkipped, Error: why.Error()})
}

func (m *meter) note(s verdict.Stage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done[s.Name] = s
}

// stages returns the outcome of every stage, in order.
func (m *meter) stages(total time.Duration) []verdict.Stage {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []verdict.Stage
	for _, name := range Stages {
		s, ok := m.done[name]
		if !ok {
			s = verdict.Stage{Name: name, Status: verdict.StageSkipped, Error: "did not run"}
		}
		if total > 0 {
			s.Share = s.Seconds / total.Seconds()
		}
		out = append(out, s)
	}
	return out
}

// beginnings say what stages do before there is progress to tell.
var beginnings = map[string]string{"localize": "learning what is usual", "recommend": "scoring the sample as it is"}

// stage runs one stage. A failure is logged and kept in the result; a panic is a
// failure. If ctx has ended, the stage is skipped.
func (r *run) stage(ctx context.Context, name string, f func(context.Context) error) (err error) {
	if ctx.Err() != nil {
		r.meter.skip(name, context.Cause(ctx))
		return context.Cause(ctx)
	}
	began := time.Now()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
			slog.Debug("stage panicked", "stage", name, "panic", p, "stack", string(debug.Stack()))
		}
		if err != nil && ctx.Err() != nil {
			err = fmt.Errorf("stopped: %w", context.Cause(ctx))
		}
		r.meter.end(name, began, err)
	}()
	r.meter.at(name, 0, beginnings[name])
	if r.o.fail != nil {
		if err := r.o.fail(name); err != nil {
			return err
		}
	}
	return f(ctx)
}

// optional runs a stage unless it is to be left out.
func (r *run) optional(ctx context.Context, name string, f func(context.Context) error) {
	if slices.Contains(r.o.Omit, name) {
		r.meter.note(verdict.Stage{Name: name, Status: verdict.StageOmitted})
		return
	}
	r.stage(ctx, name, f)
}

// beside runs a stage in a goroutine of its own; the channel closes when it has ended.
func (r *run) beside(ctx context.Context, name string, f func(context.Context) error) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.stage(ctx, name, f)
	}()
	return done
}
