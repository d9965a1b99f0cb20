package hdf5

import (
	"bytes"
	"encoding/binary"
	"io"
	"runtime"
	"testing"
)

// Large chunks are read value for value, in buffers that are used again: five chunks of
// 10 MiB were two buffers each, and the stripe.
func TestLargeChunks(t *testing.T) {
	objects, err := open(t, unpack(t, "large.h5")).Objects()
	if err != nil {
		t.Fatal(err)
	}
	d := objects[len(objects)-1].Dataset
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for first := uint64(0); first < d.Rows(); first += d.ChunkRows() {
		r := d.NewReader(first, d.ChunkRows())
		row := first
		for {
			b, n, err := r.Next(1 << 16)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				if got, want := binary.LittleEndian.Uint32(b[4*i:]), uint32(row%1000); got != want {
					t.Fatalf("row %d is %d, not %d", row, got, want)
				}
				row++
			}
		}
		if want := min(first+d.ChunkRows(), d.Rows()); row != want {
			t.Fatalf("rows from %d to %d, not to %d", first, row, want)
		}
		r.Release()
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 80<<20 {
		t.Errorf("%d bytes for 50 MiB in chunks of 10", n)
	}
}

// Chunks that are read as large ones, their shuffled bytes brought together row by
// row, are read as all others.
func TestAllChunksLarge(t *testing.T) {
	read := func(d *Dataset) (all []byte) {
		r := d.NewReader(0, d.Rows())
		defer r.Release()
		for {
			b, _, err := r.Next(3)
			if err != nil {
				return all
			}
			all = append(all, b...)
		}
	}
	shuffled := 0
	for _, name := range []string{"chunks_v1.h5", "chunks_v3.h5", "codecs.h5", "columns.h5", "fixed.h5", "records.h5", "split.h5", "table.h5", "types.h5"} {
		objects, err := open(t, unpack(t, name)).Objects()
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			if o.Dataset == nil {
				continue
			}
			want := read(o.Dataset)
			before := largeChunk
			largeChunk = 1
			got := read(o.Dataset)
			largeChunk = before
			if !bytes.Equal(got, want) {
				t.Errorf("%s: %s differs", name, o.Path)
			}
			if len(o.Dataset.filters) > 1 && o.Dataset.filters[0].id == filterShuffle {
				shuffled++
			}
		}
	}
	if shuffled == 0 {
		t.Error("no dataset is shuffled")
	}
}
