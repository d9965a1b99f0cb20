package load

import (
	"container/list"
	"context"
	"io"
	"os"
	"sync"
)

// A file is what formats read: bytes at places, by many goroutines at once.
type file interface {
	io.ReaderAt
	io.Closer
	Size() int64 // in bytes
}

// A fileOpener opens the file that a path names.
type fileOpener func(ctx context.Context, path string) (file, error)

// openFile opens the file at path by the options' opener, and returns its size
// in bytes.
func (o Options) openFile(ctx context.Context, path string) (file, int64, error) {
	open := o.opener
	if open == nil {
		open = openLocal
	}
	f, err := open(ctx, path)
	if err != nil {
		return nil, 0, err
	}
	return f, f.Size(), nil
}

// reader returns a reader of f from its start that closes f when it is closed.
func reader(f file) io.ReadCloser {
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(f, 0, f.Size()), f}
}

// localFile is a file on disk. It is open while it is read: of many, only those
// read last are kept open.
type localFile struct {
	path   string
	info   os.FileInfo
	handle *handle // nil while it is not open; guarded by handles.mu
}

// openLocal opens the file at path.
func openLocal(_ context.Context, path string) (file, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, failed(path, err, "the file cannot be opened", "check its permissions")
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, failed(path, err, "the file cannot be read", "check its permissions")
	}
	l := &localFile{path: path, info: info}
	handles.put(l, f)
	return l, nil
}

func (l *localFile) Size() int64 { return l.info.Size() }

// ReadAt implements io.ReaderAt.
func (l *localFile) ReadAt(p []byte, at int64) (int, error) {
	h, err := handles.take(l)
	if err != nil {
		return 0, err
	}
	defer handles.give(h)
	return h.file.ReadAt(p, at)
}

// Close closes the file.
func (l *localFile) Close() error { return handles.drop(l) }

// handles are the open files of the program.
var handles = openHandles{most: 200, idle: list.New()}

// openHandles keeps at most so many files open, besides those being read at
// the moment: a dataset may have more parts than a process may have open files.
type openHandles struct {
	mu   sync.Mutex
	most int
	idle *list.List // of *handle, the one used last at the back
}

// handle is an open file.
type handle struct {
	of   *localFile
	file *os.File
	uses int           // reads under way
	at   *list.Element // in idle; nil while it is used
}

// put takes over an open file.
func (o *openHandles) put(l *localFile, f *os.File) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l.handle = &handle{of: l, file: f}
	l.handle.at = o.idle.PushBack(l.handle)
	o.trim()
}

// take returns an open handle of l, which give gives back.
func (o *openHandles) take(l *localFile) (*handle, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	h := l.handle
	if h == nil {
		f, err := os.Open(l.path)
		if err != nil {
			return nil, err
		}
		if info, err := f.Stat(); err != nil || !os.SameFile(info, l.info) || info.Size() != l.info.Size() {
			f.Close()
			return nil, failed(l.path, err, "has been replaced while it was read", "run again when nothing writes to it")
		}
		h = &handle{of: l, file: f}
		l.handle = h
	}
	if h.at != nil {
		o.idle.Remove(h.at)
		h.at = nil
	}
	h.uses++
	return h, nil
}

func (o *openHandles) give(h *handle) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if h.uses--; h.uses > 0 {
		return
	}
	if h.of.handle != h { // closed meanwhile
		h.file.Close()
		return
	}
	h.at = o.idle.PushBack(h)
	o.trim()
}

// drop closes the handle of l, after the reads under way.
func (o *openHandles) drop(l *localFile) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	h := l.handle
	l.handle = nil
	if h == nil || h.uses > 0 {
		return nil
	}
	o.idle.Remove(h.at)
	return h.file.Close()
}

// trim closes the files that have not been read for the longest time.
func (o *openHandles) trim() {
	for o.idle.Len() > o.most {
		h := o.idle.Remove(o.idle.Front()).(*handle)
		h.of.handle = nil
		h.file.Close()
	}
}
