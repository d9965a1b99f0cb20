package load

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"synthos/dataset"
)

// gzipped compresses with the standard library, which is not what reads it.
func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func zstdCompressed(text string) string {
	w, _ := zstd.NewWriter(nil)
	return string(w.EncodeAll([]byte(text), nil))
}

func TestCompressed(t *testing.T) {
	valid, _ := randomCSV(3, 500)
	files := []struct{ name, text string }{
		{"a.csv", "id,s,t,u\n" + valid},
		{"b.csv", "\ufeffs\n\nx\n\n"},
		{"a.tsv", "a\tb\n1\t2\n"},
		{"a.jsonl", "{\"a\":1}\n\n{\"a\":2}\nbad\n{\"a\":3}\n"},
		{"a.json", "[{\"a\":1},{\"a\":2}]"},
	}
	for _, f := range files {
		want := mustRead(t, f.name, f.text, Options{})
		for name, packed := range map[string]string{
			f.name + ".gz":   gzipped(f.text),
			f.name + ".zst":  zstdCompressed(f.text),
			"two." + f.name:  gzipped(f.text[:len(f.text)/2]) + gzipped(f.text[len(f.text)/2:]), // two members; found by content
			"data." + f.name: zstdCompressed(f.text),
		} {
			got := mustRead(t, name, packed, Options{})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-plain +compressed):\n%s", name, diff)
			}
		}
	}
}

func TestCompressedErrors(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,2\n", 100_000)
	random, _ := randomCSV(4, 5000)
	bomb := "a,b\n" + strings.Repeat(strings.Repeat("0", 4000)+",1\n", 17_000) // 68 MB
	tests := []struct {
		name, reason string
		file, text   string
		options      Options
		words        []string
	}{
		{"nothing inside", "an empty file, compressed", "a.csv.gz", gzipped(""), Options{}, []string{"nothing in the compressed file"}},
		{"cut short", "a download that broke off", "a.csv.gz", gzipped(random)[:20_000], Options{}, []string{"ends in the middle of its gzip"}},
		{"cut short", "the same with zstd", "a.csv.zst", zstdCompressed(random)[:20_000], Options{}, []string{"zstd"}},
		{"broken", "a flipped bit in the header", "a.csv.gz", "\x1f\x8b\x09" + gzipped(text)[3:], Options{}, []string{"gzip compression is broken"}},
		{"bomb", "more than 500 times its size", "a.csv.gz", gzipped(bomb), Options{}, []string{"500 times its size", "MaxRatio"}},
		{"too much", "more than the limit", "a.csv.gz", gzipped(text), Options{MaxBytes: 1000}, []string{"1000 bytes", "MaxBytes"}},
		{"binary format", "Parquet is compressed within", "a.parquet.gz", gzipped("PAR1\x00\x00"), Options{}, []string{"parquet file inside gzip", "decompress"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := openTemp(t, test.file, test.text, test.options)
			if err == nil {
				_, err = readContents(s)
			}
			if err == nil {
				t.Fatalf("no error: %s", test.reason)
			}
			wantError(t, err, test.words...)
		})
	}
}

// Reads that are cancelled, that fail, or whose yield has enough leave no
// goroutine behind.
func TestNoGoroutineIsLeft(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,2\n", 500_000)
	s, err := openTemp(t, "a.csv.gz", gzipped(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	enough := errors.New("enough")
	for i := range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		err := s.Read(ctx, s.Ranges()[0], func(*dataset.Batch) error {
			if i%2 == 0 {
				cancel()
				return nil
			}
			return enough
		})
		want := enough
		if i%2 == 0 {
			want = context.Canceled
		}
		if err != want {
			t.Fatalf("Read returns %v, want %v", err, want)
		}
		cancel()
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
		}
	}
}

// A source that several goroutines read at once gives each the same.
func TestConcurrentReads(t *testing.T) {
	valid, _ := randomCSV(5, 1000)
	for name, text := range map[string]string{"a.csv": valid, "a.csv.gz": gzipped(valid)} {
		s, err := openTemp(t, name, text, Options{RangeBytes: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		want, err := readContents(s)
		if err != nil {
			t.Fatal(err)
		}
		results := make(chan string, 4)
		for range cap(results) {
			go func() {
				got, err := readContents(s)
				results <- fmt.Sprint(err, cmp.Diff(want, got))
			}()
		}
		for range cap(results) {
			if diff := <-results; diff != "<nil>" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}
