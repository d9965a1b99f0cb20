package load

import (
	"bufio"
	"crypto/rand"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"synthos/dataset"
)

// pending is a file that appears under its name only when it is complete. Until
// then it has a hidden name in the same folder.
type pending struct {
	io.Writer
	path   string      // as the user named it
	target string      // where it leads
	mode   fs.FileMode // of the file there; 0 = there is none
	tmp    *os.File
	buffer *bufio.Writer
	packer io.WriteCloser // nil unless the name asks for compression
}

// newPending creates a file that is to be at path. If pack is set, the text
// written is compressed as the extension says: .gz or .zst.
//
// It has the permissions of the file that it replaces, and those of a new file if
// there is none. If path is a symbolic link, the file that it leads to is replaced.
func newPending(path string, pack bool) (*pending, error) {
	if err := checkPlace(path); err != nil {
		return nil, err
	}
	p := &pending{path: path, target: resolved(path)}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(p.target); err == nil {
		mode, p.mode = info.Mode().Perm(), info.Mode().Perm()
	}
	name := filepath.Join(filepath.Dir(p.target), "."+filepath.Base(p.target)+"."+rand.Text()[:8])
	var err error
	if p.tmp, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode); err != nil {
		return nil, notWritten(path, err)
	}
	p.buffer = bufio.NewWriterSize(p.tmp, 1<<20)
	p.Writer = p.buffer
	if pack {
		switch strings.ToLower(filepath.Ext(path)) {
		case ".gz", ".gzip":
			p.packer = gzip.NewWriter(p.buffer)
		case ".zst", ".zstd":
			if p.packer, err = zstd.NewWriter(p.buffer); err != nil {
				p.discard()
				return nil, notWritten(path, err)
			}
		}
		if p.packer != nil {
			p.Writer = p.packer
		}
	}
	return p, nil
}

// commit gives the file its name. After an error there is no file, and one that
// was there before still is.
func (p *pending) commit() error {
	defer p.discard()
	var err error
	if p.packer != nil {
		err = p.packer.Close()
	}
	if err == nil {
		err = p.buffer.Flush()
	}
	if err == nil && p.mode != 0 { // the umask may have taken away what the old file allowed
		err = p.tmp.Chmod(p.mode)
	}
	if err == nil {
		err = p.tmp.Sync()
	}
	if closing := p.tmp.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(p.tmp.Name(), p.target)
	}
	if err != nil {
		return notWritten(p.path, err)
	}
	return nil
}

// discard removes the file unless it was committed.
func (p *pending) discard() {
	p.tmp.Close()           // does nothing if it is closed
	os.Remove(p.tmp.Name()) // does nothing once it is renamed
}

func notWritten(path string, err error) error {
	return failed(path, cause(err), "the file cannot be written", "check the folder, its permissions and the free space")
}

// checkPlace returns an error if there can be no file at path, which says why.
func checkPlace(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return dataset.NewError(path, "this is a folder", "name a file in it")
	} else if err == nil && !info.Mode().IsRegular() {
		return dataset.NewError(path, "this is no regular file, and what is written appears when it is complete", "name a file")
	}
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil {
		return dataset.NewError(path, "there is no folder "+folder, "create it first")
	} else if !info.IsDir() {
		return dataset.NewError(path, folder+" is not a folder", "name another place")
	}
	return nil
}
