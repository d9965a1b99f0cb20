package load

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Files made to exhaust the reader end with an error that names the file, in
// bounded time and memory, and leave no goroutine and no open file.
func TestHostile(t *testing.T) {
	columns := strings.TrimSuffix(strings.Repeat("c,", 1_000_000), ",")
	tests := []struct {
		name, reason, file string
		text               func() string
		options            Options
		words              []string
	}{
		{"a million columns", "each costs memory", "a.csv", func() string { return columns + "\n" + columns + "\n" }, Options{}, []string{"1000000 columns", "MaxColumns"}},
		{"a million members", "the same in JSON", "a.jsonl", func() string {
			var b strings.Builder
			for i := range 200_000 {
				fmt.Fprintf(&b, `,"k%d":1`, i)
			}
			return "{" + b.String()[1:] + "}\n"
		}, Options{}, []string{"columns", "MaxColumns"}},
		{"deep nesting", "a parser that recurses would overflow", "a.json", func() string { return `[{"a":` + strings.Repeat("[", 5_000_000) }, Options{}, []string{"nested deeper"}},
		{"deep objects", "the same with names", "a.jsonl", func() string { return strings.Repeat(`{"a":`, 1_000_000) + "\n" }, Options{}, []string{"nested deeper"}},
		{"an endless record", "no line break, no end", "a.jsonl", func() string { return `{"a":"` + strings.Repeat("x", 40<<20) }, Options{}, []string{"FieldBytes"}},
		{"an open quote", "all that follows is one field", "a.csv", func() string {
			return "a,b\n1,2\n3,\"" + strings.Repeat("x\n", 10<<20)
		}, Options{FieldBytes: 4 << 20}, []string{"quote", "FieldBytes"}},
		{"a bomb in zip", "a thousandfold", "a.zip", func() string {
			return zipped(t, "a.csv", "a,b\n"+strings.Repeat(strings.Repeat("0", 4000)+",1\n", 17_000))
		}, Options{}, []string{"500 times its size", "MaxRatio"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := writeTemp(t, test.file, test.text())
			goroutines, files := runtime.NumGoroutine(), openFiles()
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			began := time.Now()
			_, err := readTable(path, test.options)
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Fatalf("no error: %s", test.reason)
			}
			wantError(t, err, test.words...)
			if asError(t, err).Path != path {
				t.Errorf("the error names %q", asError(t, err).Path)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 2<<30 {
				t.Errorf("%d MB were allocated", n>>20)
			}
			if d := time.Since(began); d > 2*time.Minute { // generous: machines may be busy
				t.Errorf("it took %v", d)
			}
			for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > goroutines && time.Now().Before(deadline); {
				time.Sleep(time.Millisecond)
			}
			if n := runtime.NumGoroutine(); n > goroutines {
				t.Errorf("%d goroutines are left of %d before", n, goroutines)
			}
			if n := openFiles(); n > files {
				t.Errorf("%d files are open, %d were before", n, files)
			}
		})
	}
}

// openFiles returns how many files this process has open, 0 where the system
// does not tell.
func openFiles() int {
	entries, err := os.ReadDir(filepath.Join("/proc", "self", "fd"))
	if err != nil {
		return 0
	}
	return len(entries)
}
