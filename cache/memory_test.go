package cache

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

func keyOf(text string) func() *Key {
	return func() *Key {
		k := NewContentKey("test")
		k.Text(text)
		return k
	}
}

// What is the same is computed once, by whoever asks first.
func TestMemory(t *testing.T) {
	m := NewMemory()
	var computed atomic.Int64
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			got, err := Recall(m, keyOf("a"), func() (int, error) { return int(computed.Add(1)), nil })
			if got != 1 || err != nil {
				t.Errorf("got %d, %v", got, err)
			}
		})
	}
	wait.Wait()
	if n := m.Reused(); n != 49 {
		t.Errorf("reused %d times, want 49", n)
	}
	if got, _ := Recall(m, keyOf("b"), func() (int, error) { return 7, nil }); got != 7 || computed.Load() != 1 {
		t.Errorf("b is %d, and a was computed %d times", got, computed.Load())
	}
}

// Failures and panics are nobody else's, and nothing is kept of them.
func TestMemoryForgetsFailures(t *testing.T) {
	m := NewMemory()
	failure := errors.New("stopped")
	if _, err := Recall(m, keyOf("a"), func() (int, error) { return 3, failure }); err != failure {
		t.Errorf("error %v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		Recall(m, keyOf("a"), func() (int, error) { panic("no") })
	}()
	if got, err := Recall(m, keyOf("a"), func() (int, error) { return 4, nil }); got != 4 || err != nil {
		t.Errorf("after failures: %d, %v", got, err)
	}
	// One that waits for another that fails computes by itself.
	begun, finish := make(chan bool), make(chan bool)
	go Recall(m, keyOf("b"), func() (int, error) { close(begun); <-finish; return 0, failure })
	<-begun
	done := make(chan int)
	go func() {
		got, _ := Recall(m, keyOf("b"), func() (int, error) { return 5, nil })
		done <- got
	}()
	close(finish)
	if got := <-done; got != 5 {
		t.Errorf("the one that waited got %d", got)
	}
}

// What a turn did not need is gone after it.
func TestMemoryTurns(t *testing.T) {
	m := NewMemory()
	computed := 0
	ask := func(name string) {
		Recall(m, keyOf(name), func() (int, error) { computed++; return 0, nil })
	}
	m.Turn()
	ask("always")
	ask("once")
	m.Turn()
	ask("always")
	m.Turn()
	if len(m.entries) != 1 {
		t.Errorf("%d outcomes are kept, want the one that is always needed", len(m.entries))
	}
	ask("always")
	ask("once")
	if computed != 3 {
		t.Errorf("computed %d times, want 3", computed)
	}
	var none *Memory
	if got, err := Recall(none, nil, func() (int, error) { return 9, nil }); got != 9 || err != nil {
		t.Errorf("without a memory: %d, %v", got, err)
	}
}
