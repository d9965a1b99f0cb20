package load

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"synthos/dataset"
)

// serveFolder serves the files of a folder on loopback and counts the bytes sent.
func serveFolder(t *testing.T, folder string) (address string, sent *atomic.Int64) {
	sent = &atomic.Int64{}
	files := http.FileServer(http.Dir(folder))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files.ServeHTTP(&countedAnswer{w, sent}, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, sent
}

type countedAnswer struct {
	http.ResponseWriter
	n *atomic.Int64
}

func (c *countedAnswer) Write(b []byte) (int, error) {
	c.n.Add(int64(len(b)))
	return c.ResponseWriter.Write(b)
}

// Every format is the same from a server as from disk.
func TestRemoteFormats(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	folder := writeTree(t, map[string]string{
		"a.csv": "x,y\n1,a\n2,b\n", "a.csv.gz": gzipped("x,y\n1,a\n2,b\n"), "a.jsonl": "{\"x\":1}\nbad\n{\"x\":2}\n{\"x\":3}\n", "noext": "x,y\n1,a\n",
	})
	for _, name := range []string{"typed_v1.parquet", "typed_zstd.arrow", "typed_lz4.arrows", "cells.xlsx"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	address, _ := serveFolder(t, folder)
	o := Options{BadRows: SkipBadRows}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		want := cells(readAll(t, filepath.Join(folder, e.Name()), o))
		got := cells(readAll(t, address+"/"+e.Name()+"?signature=secret", o))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-disk +server):\n%s", e.Name(), diff)
		}
	}
	both := readAll(t, address+"/a.csv,"+address+"/a.csv.gz", o)
	if both.Rows() != 4 {
		t.Errorf("a list of addresses has %d rows, want 4", both.Rows())
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Of a Parquet file, opening and reading one row group transfers no other.
func TestRemoteRanges(t *testing.T) {
	type row struct {
		A float64 `parquet:"a,plain"`
		B int64   `parquet:"b,plain"`
	}
	rows := make([]row, 1_000_000)
	for i := range rows {
		rows[i] = row{float64(i) * 1.7, int64(i)}
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "a.parquet")
	if err := parquet.WriteFile(path, rows, parquet.MaxRowsPerRowGroup(100_000)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	address, sent := serveFolder(t, folder)
	s, err := Open(context.Background(), address+"/a.parquet", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ranges := s.Ranges()
	read := int64(0)
	if err := s.Read(context.Background(), ranges[5], func(b *dataset.Batch) error { read += int64(b.Rows); return nil }); err != nil || read != 100_000 {
		t.Fatalf("%d rows, %v", read, err)
	}
	if n := sent.Load(); n > info.Size()/2 {
		t.Errorf("%d bytes of %d were sent for one row group of ten", n, info.Size())
	}
	for _, r := range ranges {
		if err := s.Read(context.Background(), r, discard); err != nil {
			t.Fatal(err)
		}
	}
	if n := sent.Load(); n > info.Size() {
		t.Errorf("%d bytes of %d were sent", n, info.Size())
	}
}

// Errors about remote files say where and what to do, and no secrets.
func TestRemoteErrors(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	folder := writeTree(t, map[string]string{"empty.csv": "", "a.parquet": "PAR1 is not all", "page.csv": "\x00\x01\x02\x03\x04\x05"})
	address, _ := serveFolder(t, folder)
	for name, words := range map[string][]string{
		"gone.csv": {"no such file"}, "empty.csv": {"empty"}, "a.parquet": {"damaged"}, "page.csv": {"binary"},
	} {
		_, err := Open(context.Background(), strings.Replace(address, "//", "//me:password@", 1)+"/"+name+"?sig=secret", Options{})
		wantError(t, err, append(words, name)...)
		if text := fmt.Sprint(err); strings.Contains(text, "secret") || strings.Contains(text, "password") {
			t.Errorf("the error tells secrets: %s", text)
		}
	}
	_, err := Open(context.Background(), "s3:///key", Options{})
	wantError(t, err, "no bucket")
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
