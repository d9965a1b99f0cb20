package collapse

import (
	"fmt"
	"sync"
)

// shared is something that several dimensions need. The first that asks
// computes it, the others wait for it.
type shared[T any] struct {
	once  sync.Once
	value T
	err   error
}

func (s *shared[T]) get(compute func() (T, error)) (T, error) {
	s.once.Do(func() {
		s.err = guarded(func() (err error) {
			s.value, err = compute()
			return err
		})
	})
	return s.value, s.err
}

// guarded calls f and returns a panic in it as an error, since in a goroutine
// nobody else would catch it.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	return f()
}
