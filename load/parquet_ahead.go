package load

import (
	"io"

	"github.com/parquet-go/parquet-go"
)

// The columns of a row group are read side by side, each ahead of what is asked for: by mostAhead
// bytes, or by less where so many columns would hold more than allAhead together.
const (
	mostAhead  = 256 << 10
	leastAhead = 4 << 10
	allAhead   = 32 << 20
)

// stepOf returns by how many bytes each of so many columns is read ahead.
func stepOf(columns int) int { return max(leastAhead, min(mostAhead, allAhead/max(1, columns))) }

// openPages returns the pages of a leaf of the group.
func (g parquetGroup) openPages(leaf *parquetLeaf) parquet.Pages {
	chunk, ok := g.chunks[leaf.index].(*parquet.FileColumnChunk)
	if !ok {
		return g.chunks[leaf.index].Pages()
	}
	size := g.meta.Columns[leaf.index].MetaData.TotalCompressedSize
	return chunk.PagesFrom(&pageReader{file: g.file, step: int(max(1, min(size, int64(stepOf(len(g.chunks))))))})
}

// pageReader reads a file in steps of at least so many bytes. It is for one goroutine
// that reads on from where it was; what is asked for elsewhere is found all the same.
type pageReader struct {
	file io.ReaderAt
	step int
	buf  []byte // what the last step read
	at   int64  // where that stands in the file
}

// ReadAt implements io.ReaderAt.
func (r *pageReader) ReadAt(p []byte, off int64) (n int, err error) {
	for {
		if i := off + int64(n) - r.at; i >= 0 && i < int64(len(r.buf)) {
			n += copy(p[n:], r.buf[i:])
		}
		if n == len(p) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if len(p)-n >= r.step { // larger than the buffer: it would only be copied twice
			k, err := r.file.ReadAt(p[n:], off+int64(n))
			return n + k, err
		}
		if r.buf == nil {
			r.buf = make([]byte, 0, r.step)
		}
		var k int
		r.at = off + int64(n)
		k, err = r.file.ReadAt(r.buf[:r.step], r.at)
		r.buf = r.buf[:k]
	}
}
