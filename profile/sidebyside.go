package profile

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// sideBySide calls do with 0 to n-1, on all cores. If that panics, so does
// sideBySide, once all calls that were under way have ended.
func sideBySide(n int, do func(i int)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	var once sync.Once
	var failed any
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					once.Do(func() { failed = p })
				}
			}()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	workers.Wait()
	if failed != nil {
		panic(failed)
	}
}
