package cache

import "sync"

// Memory keeps outcomes of computations in memory, for others that need the same: by
// the name of a Key that was given all that the outcome depends on. Nobody may change
// an outcome. A nil Memory keeps nothing. It may be used by several goroutines.
type Memory struct {
	mu      sync.Mutex
	turn    int
	reused  int
	entries map[string]*outcome
}

// outcome is one that is kept, or is being computed.
type outcome struct {
	ready chan struct{} // closed when value is set
	value any
	kept  bool // false once ready: it failed
	turn  int  // in which it was asked for last
}

// NewMemory returns an empty Memory.
func NewMemory() *Memory { return &Memory{entries: map[string]*outcome{}} }

// Turn begins a new turn: what nobody has asked for in the last one is forgotten.
// So a Memory holds at most what two turns need.
func (m *Memory) Turn() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, o := range m.entries {
		if o.turn < m.turn {
			delete(m.entries, name)
		}
	}
	m.turn++
}

// Reused returns how often an outcome was there already, or on its way.
func (m *Memory) Reused() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reused
}

// Recall returns the outcome that m keeps under the key, or what compute returns, which m
// then keeps unless it is an error. The key is made only if there is an m: that takes a
// look at all that the outcome depends on. Of those who ask for the same at the same time
// one computes, and the others wait for it.
func Recall[T any](m *Memory, key func() *Key, compute func() (T, error)) (T, error) {
	if m == nil {
		return compute()
	}
	name := key().Name()
	for {
		o, mine := m.find(name)
		if mine {
			return settle(m, name, o, compute)
		}
		if <-o.ready; o.kept {
			return o.value.(T), nil
		}
		// It failed for another one, who may have been stopped: try it here.
	}
}

// find returns the outcome called name; mine says that the caller has to settle it.
func (m *Memory) find(name string) (o *outcome, mine bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o = m.entries[name]
	if mine = o == nil; mine {
		o = &outcome{ready: make(chan struct{})}
		m.entries[name] = o
	} else {
		m.reused++
	}
	o.turn = m.turn
	return o, mine
}

// settle computes an outcome. If that fails or panics, it is forgotten.
func settle[T any](m *Memory, name string, o *outcome, compute func() (T, error)) (value T, err error) {
	defer func() {
		if !o.kept {
			m.mu.Lock()
			delete(m.entries, name)
			m.mu.Unlock()
		}
		close(o.ready)
	}()
	if value, err = compute(); err == nil {
		o.value, o.kept = value, true
	}
	return value, err
}
