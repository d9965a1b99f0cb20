package load

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// pending is a file that appears under its name only when it is complete. Until
// then it has a hidden name in the same folder.
type pending struct {
	io.Writer
	path   string
	tmp    *os.File
	buffer *bufio.Writer
	packer io.WriteCloser // nil unless the name asks for compression
}

// newPending creates a file that is to be at path. If pack is set, the text
// written is compressed as the extension says: .gz or .zst.
func newPending(path string, pack bool) (*pending, error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, notWritten(path, err)
	}
	p := &pending{path: path, tmp: tmp, buffer: bufio.NewWriterSize(tmp, 1<<20)}
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
	if err == nil {
		err = p.tmp.Chmod(0o644)
	}
	if err == nil {
		err = p.tmp.Sync()
	}
	if closing := p.tmp.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(p.tmp.Name(), p.path)
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
	return failed(path, err, "the file cannot be written", "check the folder, its permissions and the free space")
}
