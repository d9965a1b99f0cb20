package load

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"synthos/dataset"
	"synthos/load/remote"
)

// remoteFiles are the remote files of a dataset. Each is opened once; what has
// been transferred stays until Close.
type remoteFiles struct {
	mu    sync.Mutex
	files map[string]*remoteFile
}

// remoteFile is a remote file that many openers share.
type remoteFile struct {
	*remote.File
	once sync.Once
	err  error
}

// Close implements file; remoteFiles closes it.
func (f *remoteFile) Close() error { return nil }

// open is a fileOpener.
func (r *remoteFiles) open(ctx context.Context, path string) (file, error) {
	r.mu.Lock()
	f := r.files[path]
	if f == nil {
		if r.files == nil {
			r.files = map[string]*remoteFile{}
		}
		f = &remoteFile{}
		r.files[path] = f
	}
	r.mu.Unlock()
	f.once.Do(func() { f.File, f.err = remote.Open(ctx, path, "") })
	if f.err != nil {
		return nil, remoteError(path, f.err)
	}
	if f.Size() == 0 {
		return nil, dataset.NewError(path, "the file is empty", "check what wrote it")
	}
	return f, nil
}

// Close ends all transfers and removes what was kept of them.
func (r *remoteFiles) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var first error
	for _, f := range r.files {
		if f.File == nil {
			continue
		}
		if err := f.File.Close(); first == nil {
			first = err
		}
	}
	r.files = nil
	return first
}

// remoteError returns an error about the remote file as a *dataset.Error.
func remoteError(path string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var e *remote.Error
	if errors.As(err, &e) {
		return failed(WithoutSecrets(path), e.Err, e.Found, e.Do)
	}
	return failed(WithoutSecrets(path), err, "cannot be fetched", "check the address and the network")
}

// WithoutSecrets returns a path, of an address what can be shown: without a
// password, and without the query, which may hold a signature.
func WithoutSecrets(path string) string {
	scheme, rest, found := strings.Cut(path, "://")
	if !found || !strings.HasPrefix(scheme, "http") {
		return path
	}
	host, tail, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	tail, _, _ = strings.Cut(tail, "?")
	return scheme + "://" + host + "/" + tail
}

// isRemote reports whether a path, or the first of a list, is an address.
func isRemote(path string) bool { return remote.Is(path) }

// locateRemote finds the files that addresses mean.
func locateRemote(ctx context.Context, path, format string) (located, error) {
	pieces := []string{path}
	if remote.Is(path) { // commas may stand in an address
		var list []string
		for piece := range strings.SplitSeq(path, ",") {
			if remote.Is(strings.TrimSpace(piece)) {
				list = append(list, strings.TrimSpace(piece))
			} else {
				list[len(list)-1] += "," + piece
			}
		}
		pieces = list
	}
	var all located
	for _, piece := range pieces {
		objects, many, err := remote.List(ctx, piece)
		if err != nil {
			return located{}, remoteError(piece, err)
		}
		if !many {
			all.parts = append(all.parts, part{path: piece})
			continue
		}
		whole := strings.HasSuffix(piece, "/") || strings.Count(piece, "/") == 2
		root := piece[:strings.LastIndexByte(strings.SplitN(piece, "*", 2)[0], '/')+1]
		for _, o := range objects {
			if whole && !isDataFile(o.URL, format) {
				all.other = append(all.other, o.URL)
				continue
			}
			if len(all.parts) == maxParts {
				return located{}, dataset.NewError(piece, "more than 100000 files", "join small files to larger ones")
			}
			folders := strings.Split(strings.TrimPrefix(o.URL, root), "/")
			all.parts = append(all.parts, part{path: o.URL, keys: keysOf(folders[:len(folders)-1])})
		}
	}
	if len(all.parts) == 0 {
		return located{}, dataset.NewError(path, "there is no file of a known format"+some(all.other), "name the files, or say which format they have: "+names(Formats()))
	}
	return all, nil
}

// remoteSource is a Source whose files are elsewhere.
type remoteSource struct {
	wrapped
	files *remoteFiles
}

// Findings implements dataset.Source.
func (s *remoteSource) Findings() []dataset.Finding {
	out := slices.Clone(s.Source.Findings())
	for i := range out {
		out[i].Path = WithoutSecrets(out[i].Path)
	}
	return out
}

// Read implements dataset.Source.
func (s *remoteSource) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	var own error // yield's errors are not about an address
	err := s.Source.Read(ctx, r, func(b *dataset.Batch) error {
		own = yield(b)
		return own
	})
	if err != nil && err == own {
		return err
	}
	return shown(err)
}

// shown returns err without secrets in the address that it names.
func shown(err error) error {
	var e *dataset.Error
	if errors.As(err, &e) {
		e.Path = WithoutSecrets(e.Path)
		var about *remote.Error
		if errors.As(e.Err, &about) { // a transfer broke off
			e.Found, e.Do, e.Err = about.Found, about.Do, about.Err
		}
	}
	return err
}

// Close implements dataset.Source.
func (s *remoteSource) Close() error {
	err := s.Source.Close()
	if closing := s.files.Close(); err == nil {
		err = closing
	}
	return err
}

// openRemote opens what an address means.
func openRemote(ctx context.Context, path string, o Options) (_ dataset.Source, err error) {
	files := &remoteFiles{}
	defer func() {
		if err != nil {
			files.Close()
		}
	}()
	found, err := locateRemote(ctx, path, o.Format)
	if err != nil {
		return nil, err
	}
	o.opener = files.open
	var src dataset.Source
	if len(found.parts) == 1 && len(found.parts[0].keys) == 0 {
		src, _, err = openOne(ctx, found.parts[0].path, o)
	} else {
		src, err = openParts(ctx, path, found, o)
	}
	if err != nil {
		return nil, shown(err)
	}
	return &remoteSource{wrapped{src}, files}, nil
}
