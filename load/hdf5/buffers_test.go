package hdf5

import (
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
