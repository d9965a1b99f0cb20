package scan

import (
	"sync"
	"sync/atomic"
	"time"
)

// progressEvery is the least time between two reports of progress.
const progressEvery = 50 * time.Millisecond

// meter counts rows for all workers and reports the count now and then, from
// one goroutine at a time, never fewer than before.
type meter struct {
	report func(rows int64) // nil = silent
	rows   atomic.Int64
	mu     sync.Mutex
	last   time.Time // of the last report
}

func newMeter(report func(rows int64)) *meter {
	return &meter{report: report, last: time.Now()}
}

func (m *meter) add(rows int64) {
	m.rows.Add(rows)
	if m.report == nil || !m.mu.TryLock() {
		return
	}
	defer m.mu.Unlock()
	if now := time.Now(); now.Sub(m.last) >= progressEvery {
		m.last = now
		m.report(m.rows.Load())
	}
}

// finish reports the final count. All workers must have ended.
func (m *meter) finish() {
	if m.report != nil {
		m.report(m.rows.Load())
	}
}
