package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"synthos/dataset"
)

// damagedMemory is how many bytes reading a small damaged file may allocate.
const damagedMemory = 256 << 20

// testDamaged reads each file cut short and with changed bytes, in many ways.
// Nothing may panic, hang or ask for memory that the file cannot need, and
// every error must be a *dataset.Error that names the file and what to do.
func testDamaged(t *testing.T, paths []string) {
	rng := rand.New(rand.NewPCG(1, 2))
	dir := t.TempDir()
	for _, path := range paths {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bad := filepath.Join(dir, "bad"+filepath.Ext(path))
		for i := range 40 {
			data := append([]byte(nil), whole...)
			var what string
			switch i % 5 {
			case 0:
				data = data[:1+rng.IntN(len(data)-1)]
				what = fmt.Sprintf("cut to %d bytes", len(data))
			case 1:
				at := rng.IntN(len(data))
				data[at] ^= 1 << rng.IntN(8)
				what = fmt.Sprintf("a bit of byte %d flipped", at)
			case 2:
				for range 8 {
					data[rng.IntN(len(data))] ^= 1 << rng.IntN(8)
				}
				what = "eight bits flipped"
			case 3:
				for range 3 {
					data[max(0, len(data)-1-rng.IntN(4096))] = byte(rng.IntN(256))
				}
				what = "three bytes near the end changed"
			case 4:
				at := rng.IntN(len(data))
				copy(data[at:], "\xff\xff\xff\x7f")
				what = fmt.Sprintf("a large number at byte %d", at)
			}
			if err := os.WriteFile(bad, data, 0o600); err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := readTable(bad, Options{})
			runtime.ReadMemStats(&after)
			var known *dataset.Error
			if err != nil && (!errors.As(err, &known) || known.Path != bad || known.Do == "") {
				t.Errorf("%s, %s: error without file or advice: %v", path, what, err)
			}
			if d := time.Since(start); d > 20*time.Second {
				t.Errorf("%s, %s: took %v", path, what, d)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > damagedMemory {
				t.Errorf("%s, %s: allocated %d MB", path, what, n>>20)
			}
		}
	}
}

// fuzzFile feeds changed files of a format to its opener.
func fuzzFile(f *testing.F, extension string, seeds ...string) {
	for _, path := range seeds {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		src, err := openMemory("fuzz"+extension, data, Options{})
		if err == nil {
			defer src.Close()
			_, err = wholeTable(src)
		}
		var known *dataset.Error
		if err != nil && !errors.As(err, &known) {
			t.Errorf("error that does not name the file: %v", err)
		}
	})
}

func TestGuarded(t *testing.T) {
	err := guarded("a.x", "X", func() error { panic("index out of range") })
	var e *dataset.Error
	if !errors.As(err, &e) || e.Path != "a.x" || e.Do == "" {
		t.Errorf("a panic became %v, want a *dataset.Error that names the file", err)
	}
	if err := guarded("a.x", "X", func() error { return io.EOF }); err != io.EOF {
		t.Errorf("io.EOF became %v", err)
	}
}

// TestParallelReads reads every range twice at once: a Source is read by many
// goroutines.
func TestParallelReads(t *testing.T) {
	for _, test := range []struct{ path, sheet string }{
		{writePaged(t, pagedRows(3000), parquet.MaxRowsPerRowGroup(700)), ""},
		{"testdata/typed_v1.parquet", ""},
		{"testdata/typed_zstd.arrow", ""},
		{"testdata/typed_lz4.arrows", ""},
		{"testdata/cells.xlsx", ""},
		{unpackHDF5(t, "columns.h5"), ""},
		{unpackHDF5(t, "fixed.h5"), ""},
		{unpackHDF5(t, "types.h5"), "/utf8"},
	} {
		want := cells(readAll(t, test.path, Options{Sheet: test.sheet}))
		src, err := Open(context.Background(), test.path, Options{Sheet: test.sheet})
		if err != nil {
			t.Fatal(err)
		}
		ranges := src.Ranges()
		parts := make([]*dataset.Table, 2*len(ranges))
		var wg sync.WaitGroup
		for i := range parts {
			wg.Go(func() {
				var err error
				if parts[i], err = readRange(src, ranges[i%len(ranges)]); err != nil {
					t.Errorf("%s: %v", test.path, err)
				}
			})
		}
		wg.Wait()
		src.Close()
		if t.Failed() {
			return
		}
		for _, half := range [][]*dataset.Table{parts[:len(ranges)], parts[len(ranges):]} {
			whole := half[0]
			for _, part := range half[1:] {
				whole = dataset.Concat(whole, part)
			}
			if got := cells(whole); !reflect.DeepEqual(want, got) {
				t.Errorf("%s: read by several goroutines (-want +got):\n%s", test.path, cmp.Diff(want, got))
			}
		}
	}
}

func TestReadStops(t *testing.T) {
	stop := errors.New("enough")
	for _, path := range []string{writePaged(t, pagedRows(5000)), "testdata/typed.arrow", "testdata/cells.xlsx", unpackHDF5(t, "table.h5")} {
		src, err := Open(context.Background(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		calls := 0
		err = src.Read(context.Background(), src.Ranges()[0], func(*dataset.Batch) error {
			calls++
			return stop
		})
		if err != stop || calls != 1 {
			t.Errorf("%s: yield's error came back as %v after %d calls", path, err, calls)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := src.Read(ctx, src.Ranges()[0], func(*dataset.Batch) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: a read after cancelling gave %v", path, err)
		}
		if err := src.Close(); err != nil {
			t.Errorf("%s: closing: %v", path, err)
		}
	}
}
