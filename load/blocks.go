package load

import (
	"errors"
	"io"
)

// blocks reads a stream through a buffer that always can hold one record: what
// has not been used yet is kept when more is read.
type blocks struct {
	r     io.Reader
	buf   []byte // buf[at:] is not used yet
	at    int
	end   bool  // r has ended: buf[at:] is all there is
	limit int64 // bytes that buf may grow to
}

// The buffer starts with firstBytes and doubles, so that small inputs need
// little, up to blockBytes, and beyond that only if a record is longer.
const (
	firstBytes = 4 << 10
	blockBytes = 256 << 10
)

// errTooLong says that a record does not fit into the buffer at its limit.
var errTooLong = errors.New("record too long")

func newBlocks(r io.Reader, limit int64) *blocks {
	return &blocks{r: r, buf: make([]byte, 0, min(firstBytes, limit)), limit: limit}
}

// more moves the unused bytes to the front of buf and reads more behind them,
// or sets end.
func (b *blocks) more() error {
	unused := b.buf[b.at:]
	n, room := len(unused), cap(b.buf)
	if int64(n) >= b.limit {
		return errTooLong
	}
	if n == room || room < blockBytes {
		b.buf = make([]byte, min(2*int64(room), b.limit))
	}
	b.buf, b.at = b.buf[:copy(b.buf[:cap(b.buf)], unused)], 0
	k, err := fill(b.r, b.buf[n:cap(b.buf)])
	b.buf = b.buf[:n+k]
	if err == io.EOF {
		b.end = true
		err = nil
	}
	return err
}
