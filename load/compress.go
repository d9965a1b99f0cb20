package load

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"synthos/dataset"
)

// freeBytes is how much a file may decompress to before its ratio counts:
// small files of constant columns reach any ratio honestly.
const freeBytes = 64 << 20

// openText opens a text file for reading from its start, decompressed if need
// be. Decompression runs in a goroutine of its own until Close.
func openText(ctx context.Context, path string, o Options) (io.ReadCloser, error) {
	f, size, err := o.openFile(ctx, path)
	if err != nil {
		return nil, err
	}
	head, err := headOf(path, f)
	if err != nil {
		f.Close()
		return nil, err
	}
	p := packingOf(head)
	if p.name == plain {
		return reader(f), nil
	}
	unpacked, err := unpack(path, f, p)
	if err != nil {
		f.Close()
		return nil, err
	}
	limited := &bounded{r: unpacked, path: path, packing: p.name, size: size, maxBytes: o.MaxBytes, maxRatio: o.MaxRatio}
	return readAhead(ctx, limited, func() {
		unpacked.Close()
		f.Close()
	}), nil
}

// unpack starts to decompress f; the caller closes both.
func unpack(path string, f file, p compression) (r io.ReadCloser, err error) {
	if p.unpack == nil {
		return nil, dataset.NewError(path, "is compressed with "+string(p.name), "decompress it first; gzip, zstd, bzip2, xz and zip are read as they are")
	}
	defer func() {
		if v := recover(); v != nil {
			err = broken(path, p.name, fmt.Errorf("%v", v))
		}
	}()
	if r, err = p.unpack(f); err != nil {
		return nil, broken(path, p.name, err)
	}
	return r, nil
}

// headBytes is how much of a file the formats are told by.
const headBytes = 64 << 10

// headOf returns up to the first 64 KiB of f as they are.
func headOf(path string, f file) ([]byte, error) {
	head := make([]byte, min(headBytes, f.Size()))
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, failed(path, err, "cannot be read", "check the disk")
	}
	return head[:n], nil
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

// start is what the beginning of a file tells.
type start struct {
	head   []byte // up to the first 64 KiB, after decompression
	packed packing
	name   string // the file's, or that of the only file in an archive
}

// peek looks at the start of the file at path.
func peek(ctx context.Context, path string, o Options) (start, error) {
	f, _, err := o.openFile(ctx, path)
	if err != nil {
		return start{}, err
	}
	defer f.Close()
	head, err := headOf(path, f)
	if err != nil {
		return start{}, err
	}
	p := packingOf(head)
	if p.name == plain {
		return start{head: asUTF8(head), name: WithoutSecrets(path)}, nil
	}
	r, err := unpack(path, f, p)
	if err != nil {
		return start{}, err
	}
	defer r.Close()
	s := start{head: make([]byte, headBytes), packed: p.name, name: WithoutSecrets(path)}
	if p.name == "zip" {
		s.name = memberName(f)
	}
	n, err := fill(r, s.head)
	switch {
	case n == 0 && err == io.EOF:
		return start{}, dataset.NewError(path, "there is nothing in the compressed file", "check what wrote it")
	case err != nil && err != io.EOF:
		return start{}, broken(path, p.name, err)
	}
	s.head = asUTF8(s.head[:n])
	return s, nil
}

// asUTF8 returns the start of a file in UTF-16 as UTF-8, and any other as it is.
func asUTF8(head []byte) []byte {
	e, mark := textEncoding(head)
	if e == utf8Text {
		return head
	}
	text, _ := io.ReadAll(decode(bytes.NewReader(head[mark:]), e)) // reading bytes cannot fail
	return text
}
