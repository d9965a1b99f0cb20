//go:build linux

package linalg

import (
	"fmt"
	"os"
	"runtime/debug"
	"syscall"
	"testing"
	"unsafe"
)

// guarded returns allocators of slices with a page beside them that may not be
// touched: behind their end, or before their start. What assembly reads or writes
// outside of such a slice is a fault, masked or not.
func guarded(t *testing.T) map[string]func(n int) []float32 {
	page := os.Getpagesize()
	place := func(n int, last bool) []float32 {
		size := (4*n + page - 1) / page * page
		m, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { syscall.Munmap(m) })
		for _, p := range [][]byte{m[:page], m[page+size:]} {
			if err := syscall.Mprotect(p, syscall.PROT_NONE); err != nil {
				t.Fatal(err)
			}
		}
		at := page
		if last {
			at += size - 4*n
		}
		return unsafe.Slice((*float32)(unsafe.Pointer(&m[at])), n)
	}
	return map[string]func(n int) []float32{
		"behind their end":   func(n int) []float32 { return place(n, true) },
		"before their start": func(n int) []float32 { return place(n, false) },
	}
}

// TestNothingOutsideIsTouched runs every kernel on guarded slices: the results
// are those of other memory, and nothing faults.
func TestNothingOutsideIsTouched(t *testing.T) {
	for _, table := range All() {
		for where, alloc := range guarded(t) {
			t.Run(table.Name+"/"+where, func(t *testing.T) {
				defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
				doing := "a pass over rows"
				defer func() {
					if fault := recover(); fault != nil {
						t.Fatalf("%s touches memory %s: %v", doing, where, fault)
					}
				}()
				want := bitsOf(table, exact, zeros)
				for name, sum := range bitsOf(table, exact, alloc) {
					if sum != want[name] {
						t.Errorf("%s has other bits than elsewhere", name)
					}
				}
				for _, m := range []int{1, 6, 7, 11, 12, 13} {
					for _, n := range []int{1, 3, 8, 15, 16, 17, 31, 32, 33, 47} {
						for _, k := range []int{1, 5} {
							doing = fmt.Sprintf("a product of %dx%dx%d", m, n, k)
							a, b, c := alloc(m*k), alloc(k*n), alloc(m*n)
							table.NN(m, n, k, a, k, b, n, c, n, false)
							table.TN(m, n, k, a, m, b, n, c, n, true)
							table.NT(m, n, k, a, k, b, k, c, n, true)
						}
					}
				}
			})
		}
	}
}

// TestGuardsFault shows that the test above can fail: a read behind a guarded
// slice faults.
func TestGuardsFault(t *testing.T) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	for where, alloc := range guarded(t) {
		x := alloc(16)
		beside := map[string]uintptr{"behind their end": 64, "before their start": ^uintptr(3)}[where]
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no fault", where)
				}
			}()
			t.Log(*(*float32)(unsafe.Add(unsafe.Pointer(&x[0]), int(beside))))
		}()
	}
}
