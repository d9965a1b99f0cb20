package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"synthos/dataset"
)

// packing is the compression of a whole file.
type packing string

const (
	plain      packing = ""
	gzipPacked packing = "gzip"
	zstdPacked packing = "zstd"
)

// freeBytes is how much a file may decompress to before its ratio counts:
// small files of constant columns reach any ratio honestly.
const freeBytes = 64 << 20

// packingOf tells the compression of a file by its first bytes.
func packingOf(magic []byte) packing {
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		return gzipPacked
	case bytes.HasPrefix(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return zstdPacked
	}
	return plain
}

// foreignPacking names a compression that is recognised but not read, or "".
func foreignPacking(magic []byte) string {
	switch {
	case bytes.HasPrefix(magic, []byte("BZh")) && len(magic) > 3 && magic[3] >= '1' && magic[3] <= '9':
		return "bzip2"
	case bytes.HasPrefix(magic, []byte("\xfd7zXZ\x00")):
		return "xz"
	case bytes.HasPrefix(magic, []byte("7z\xbc\xaf\x27\x1c")):
		return "7-Zip"
	case bytes.HasPrefix(magic, []byte("\x04\x22\x4d\x18")):
		return "lz4"
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")) && !isExcel(magic):
		return "zip"
	}
	return ""
}

// openText opens a text file for reading from its start, decompressed if need
// be. Decompression runs in a goroutine of its own until Close.
func openText(ctx context.Context, path string, o Options) (io.ReadCloser, error) {
	f, size, err := openFile(path)
	if err != nil {
		return nil, err
	}
	magic := make([]byte, 8)
	n, err := f.ReadAt(magic, 0)
	if err != nil && err != io.EOF {
		f.Close()
		return nil, failed(path, err, "cannot be read", "check the disk")
	}
	p := packingOf(magic[:n])
	if p == plain {
		return f, nil
	}
	unpacked, err := unpack(f, p)
	if err != nil {
		f.Close()
		return nil, broken(path, p, err)
	}
	limited := &bounded{r: unpacked, path: path, packing: p, size: size, maxBytes: o.MaxBytes, maxRatio: o.MaxRatio}
	return readAhead(ctx, limited, func() {
		unpacked.Close()
		f.Close()
	}), nil
}

// unpack decompresses r in the goroutine of its reader.
func unpack(r io.Reader, p packing) (io.ReadCloser, error) {
	if p == gzipPacked {
		return gzip.NewReader(r)
	}
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(128<<20))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// broken returns the error for a compressed file that cannot be decompressed.
func broken(path string, p packing, err error) error {
	var known *dataset.Error
	if errors.As(err, &known) {
		return err
	}
	found := fmt.Sprintf("its %s compression is broken", p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		found = "the file ends in the middle of its " + string(p) + " compression"
	}
	return failed(path, err, found, "fetch or write it again")
}

// bounded reads r and refuses to go on when a file decompresses to more than
// anyone can mean.
type bounded struct {
	r                  io.Reader
	path               string
	packing            packing
	size               int64 // of the compressed file
	maxBytes, maxRatio int64
	n                  int64 // bytes read so far
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	switch {
	case b.n > b.maxBytes:
		return 0, dataset.NewError(b.path, fmt.Sprintf("decompresses to more than %d bytes", b.maxBytes), "decompress it first, or raise the limit MaxBytes")
	case b.n > freeBytes && b.n/b.maxRatio > b.size:
		return 0, dataset.NewError(b.path, fmt.Sprintf("decompresses to more than %d times its size", b.maxRatio), "if this is no decompression bomb, decompress it first or raise the limit MaxRatio")
	}
	if err != nil && err != io.EOF {
		err = broken(b.path, b.packing, err)
	}
	return n, err
}

// ahead is a reader whose source is read by a goroutine of its own, a few
// blocks ahead.
type ahead struct {
	filled chan aheadBlock
	free   chan []byte
	stop   context.CancelFunc
	block  aheadBlock // being read
	at     int        // position in block.data
}

type aheadBlock struct {
	data []byte
	err  error // what ended the source after data
}

// readAhead starts to read r. When the source ends, when ctx ends or when the
// result is closed, the goroutine calls done and ends; Close waits for that.
func readAhead(ctx context.Context, r io.Reader, done func()) io.ReadCloser {
	const blocks, blockBytes = 3, 512 << 10
	ctx, stop := context.WithCancel(ctx)
	a := &ahead{filled: make(chan aheadBlock), free: make(chan []byte, blocks), stop: stop}
	for range blocks {
		a.free <- make([]byte, blockBytes)
	}
	go func() {
		defer close(a.filled)
		defer done()
		for {
			var block aheadBlock
			select {
			case buf := <-a.free:
				n, err := fill(r, buf)
				block = aheadBlock{buf[:n], err}
			case <-ctx.Done():
				return
			}
			select {
			case a.filled <- block:
			case <-ctx.Done():
				return
			}
			if block.err != nil {
				return
			}
		}
	}()
	return a
}

// fill reads until buf is full or r ends, and turns a panic of the
// decompressor into an error.
func fill(r io.Reader, buf []byte) (n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the decompressor failed: %v", p)
		}
	}()
	for n < len(buf) && err == nil {
		var k int
		k, err = r.Read(buf[n:])
		n += k
	}
	return n, err
}

// Read copies what has been read ahead. It may not be called after Close.
func (a *ahead) Read(p []byte) (int, error) {
	for a.at == len(a.block.data) {
		if a.block.err != nil {
			return 0, a.block.err
		}
		if a.block.data != nil {
			a.free <- a.block.data[:cap(a.block.data)]
		}
		block, ok := <-a.filled
		if !ok {
			return 0, context.Canceled // only the end of ctx closes filled before an error came
		}
		a.block, a.at = block, 0
	}
	n := copy(p, a.block.data[a.at:])
	a.at += n
	return n, nil
}

// Close ends the goroutine and waits for its end.
func (a *ahead) Close() error {
	a.stop()
	for range a.filled {
	}
	return nil
}

// peek returns up to the first 64 KiB of the file after decompression, and its
// compression.
func peek(path string) ([]byte, packing, error) {
	f, _, err := openFile(path)
	if err != nil {
		return nil, plain, err
	}
	defer f.Close()
	head := make([]byte, 64<<10)
	n, err := fill(f, head)
	if err != nil && err != io.EOF {
		return nil, plain, failed(path, err, "cannot be read", "check the disk")
	}
	head = head[:n]
	p := packingOf(head)
	if p == plain {
		if foreign := foreignPacking(head); foreign != "" {
			return nil, plain, dataset.NewError(path, "is compressed with "+foreign, "decompress it first; gzip and zstd are read as they are")
		}
		return head, plain, nil
	}
	return peekPacked(f, path, p)
}

func peekPacked(f *os.File, path string, p packing) ([]byte, packing, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, p, failed(path, err, "cannot be read", "check the disk")
	}
	r, err := unpack(f, p)
	if err != nil {
		return nil, p, broken(path, p, err)
	}
	defer r.Close()
	head := make([]byte, 64<<10)
	n, err := fill(r, head)
	switch {
	case n == 0 && err == io.EOF:
		return nil, p, dataset.NewError(path, "there is nothing in the compressed file", "check what wrote it")
	case n == 0 && err != nil:
		return nil, p, broken(path, p, err)
	}
	return head[:n], p, nil
}
