package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// File is an open remote file. Its methods may be called by many goroutines.
type File struct {
	ctx     context.Context
	stop    context.CancelFunc
	store   store
	key     string
	size    int64
	version string
	disk    *os.File // the blocks that are here stand in it, at their places

	mu      sync.Mutex
	changed sync.Cond
	blocks  []blockState
	loaded  int64 // bytes transferred
}

type blockState uint8

const (
	absent blockState = iota
	coming
	here
)

// Blocks are transferred as a whole, and with them as many of those that follow
// as are here of those before, up to aheadBlocks: who reads on gets more at once.
const (
	blockBytes  = 256 << 10
	aheadBlocks = 16
)

// maxBytes is how long a file may say that it is.
const maxBytes = 16 << 40

// Open opens the file at an address. It is read until ctx ends or it is closed.
// folder is where the temporary file is made; "" = the system's.
func Open(ctx context.Context, name, folder string) (*File, error) {
	s, u, err := parse(name)
	if err != nil {
		return nil, err
	}
	f := &File{}
	f.changed.L = &f.mu
	f.ctx, f.stop = context.WithCancel(ctx)
	if f.store, f.key, err = s.open(f.ctx, u); err != nil {
		f.stop()
		return nil, err
	}
	if f.disk, err = os.CreateTemp(folder, "synthos-*"); err != nil {
		f.stop()
		return nil, diskError(err)
	}
	if err := f.begin(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// begin asks for the first block, and with it for the size. A server that knows
// no ranges sends the whole file, which is then taken as a whole.
func (f *File) begin() error {
	return f.again(func() error {
		a, err := f.store.get(f.ctx, f.key, 0, blockBytes, "")
		if err != nil {
			return err
		}
		defer a.body.Close()
		f.size, f.version = a.size, a.version
		if f.size > maxBytes {
			return &Error{Found: fmt.Sprintf("a file of %d bytes", f.size), Do: "check the address; at most 16 TiB can be read"}
		}
		want := a.size
		if a.offset == 0 && a.size > blockBytes && rangesKnown(a) {
			want = blockBytes
		}
		n, err := f.keep(a.body, 0, want)
		if err != nil {
			return err
		}
		if f.size < 0 {
			f.size = n
		} else if n < min(want, f.size) {
			return fmt.Errorf("the answer ends after %d of %d bytes", n, want)
		}
		f.blocks = make([]blockState, (f.size+blockBytes-1)/blockBytes)
		for i := range f.blocks {
			if int64(i+1)*blockBytes <= n || n == f.size {
				f.blocks[i] = here
			}
		}
		return nil
	})
}

// rangesKnown reports whether an answer is a range and not the whole file.
func rangesKnown(a *answer) bool {
	_, whole := a.body.(wholeBody)
	return !whole
}

// wholeBody marks the body of an answer that is the whole file though a range was
// asked for.
type wholeBody struct{ io.ReadCloser }

// Size returns the length of the file in bytes.
func (f *File) Size() int64 { return f.size }

// Loaded returns how many bytes have been transferred.
func (f *File) Loaded() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.loaded
}

// ReadAt implements io.ReaderAt.
func (f *File) ReadAt(p []byte, at int64) (int, error) {
	if at < 0 {
		return 0, errors.New("remote: negative offset")
	}
	if at >= f.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), f.size-at))
	if n > 0 {
		if err := f.need(int(at/blockBytes), int((at+int64(n)-1)/blockBytes)); err != nil {
			return 0, err
		}
	}
	k, err := f.disk.ReadAt(p[:n], at)
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return k, err
}

// need makes sure that blocks first to last are here.
func (f *File) need(first, last int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := first; i <= last; {
		switch f.blocks[i] {
		case here:
			i++
			continue
		case coming:
			f.changed.Wait()
			continue
		}
		end := i + 1
		most := last + 1
		behind := 0
		for behind < min(i, aheadBlocks) && f.blocks[i-1-behind] == here {
			behind++
		}
		most = max(most, min(i+behind, len(f.blocks)))
		for end < most && f.blocks[end] == absent {
			end++
		}
		f.mark(i, end, coming)
		f.mu.Unlock()
		err := f.load(i, end)
		f.mu.Lock()
		state := here
		if err != nil {
			state = absent
		}
		f.mark(i, end, state)
		f.changed.Broadcast()
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *File) mark(first, end int, s blockState) {
	for i := first; i < end; i++ {
		f.blocks[i] = s
	}
}

// load transfers blocks first to end-1.
func (f *File) load(first, end int) error {
	from := int64(first) * blockBytes
	to := min(int64(end)*blockBytes, f.size)
	return f.again(func() error {
		a, err := f.store.get(f.ctx, f.key, from, to-from, f.version)
		if err != nil {
			return err
		}
		defer a.body.Close()
		if a.offset != from || a.size >= 0 && a.size != f.size || a.version != f.version {
			return errChanged
		}
		n, err := f.keep(a.body, from, to-from)
		if err == nil && n < to-from {
			err = fmt.Errorf("the answer ends after %d of %d bytes", n, to-from)
		}
		return err
	})
}

// stall is how long a transfer may stand still.
const stall = time.Minute

// keep writes up to most bytes of r to their place on disk, all of them if most
// is negative. It closes r if nothing comes for a while.
func (f *File) keep(r io.ReadCloser, at, most int64) (n int64, err error) {
	watch := time.AfterFunc(stall, func() { r.Close() })
	defer watch.Stop()
	buf := make([]byte, 64<<10)
	for most < 0 || n < most {
		part := buf
		if most >= 0 {
			part = buf[:min(int64(len(buf)), most-n)]
		}
		k, err := r.Read(part)
		watch.Reset(stall)
		if k > 0 {
			if _, err := f.disk.WriteAt(part[:k], at+n); err != nil {
				return n, diskError(err)
			}
			n += int64(k)
			f.mu.Lock()
			f.loaded += int64(k)
			f.mu.Unlock()
		}
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// again tries do up to four times, with pauses, as long as it makes sense.
func (f *File) again(do func() error) error {
	pause := 200 * time.Millisecond
	for try := 1; ; try++ {
		err := do()
		switch {
		case err == nil:
			return nil
		case f.ctx.Err() != nil:
			return f.ctx.Err()
		case !passing(err):
			return err
		case try == 4:
			var known *Error
			if errors.As(err, &known) {
				return err
			}
			return &Error{Found: "the transfer fails, also when tried again", Do: "check the address and the network", Err: err}
		}
		select {
		case <-time.After(pause):
			pause *= 3
		case <-f.ctx.Done():
			return f.ctx.Err()
		}
	}
}

// Close ends transfers and removes the temporary file.
func (f *File) Close() error {
	f.stop()
	f.disk.Close()
	return os.Remove(f.disk.Name())
}

func diskError(err error) error {
	return &Error{Found: "what is read cannot be kept in a temporary file", Do: "set TMPDIR to a folder with room", Err: err}
}
