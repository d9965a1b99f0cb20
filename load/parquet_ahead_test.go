package load

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
)

// What is read ahead is what stands in the file, wherever and however much is asked for.
func TestReadAheadReadsTheFile(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	file := make([]byte, 10_000)
	for i := range file {
		file[i] = byte(rng.Uint32())
	}
	for _, step := range []int{1, 7, 512, 20_000} {
		r := &pageReader{file: bytes.NewReader(file), step: step}
		next := 0
		for range 2000 {
			if rng.IntN(10) == 0 || next >= len(file) {
				next = rng.IntN(len(file) + 10)
			}
			p := make([]byte, rng.IntN(700))
			n, err := r.ReadAt(p, int64(next))
			want := file[min(next, len(file)):min(next+len(p), len(file))]
			if !bytes.Equal(p[:n], want) {
				t.Fatalf("steps of %d: %d bytes at %d are not those of the file", step, len(p), next)
			}
			if n < len(p) && err != io.EOF {
				t.Fatalf("steps of %d: %d of %d bytes at %d, error %v", step, n, len(p), next, err)
			}
			next += len(p)
		}
	}
}

// However many columns are read side by side, what they read ahead is bounded.
func TestReadAheadIsBoundedByTheColumns(t *testing.T) {
	for _, columns := range []int{1, 50, 128, 1000, 5000} {
		if all := columns * stepOf(columns); all > allAhead {
			t.Errorf("%d columns read %d bytes ahead", columns, all)
		}
	}
	if stepOf(50) != mostAhead {
		t.Errorf("each of 50 columns reads %d bytes ahead, want %d", stepOf(50), mostAhead)
	}
}
