package report

import (
	"bufio"
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile replaces the file at path by what write writes, or leaves it as it
// is if anything fails. If path is a symbolic link, the file that it leads to is
// replaced.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	mode, exists := fs.FileMode(0o644), false
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a regular file; name one", path)
		}
		mode, exists = info.Mode().Perm(), true
	}
	f, err := createTemp(path, mode)
	if err != nil {
		return notWritten(path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	buffer := bufio.NewWriter(f)
	if err := cmp.Or(write(buffer), buffer.Flush(), f.Sync(), f.Close()); err != nil {
		return notWritten(path, err)
	}
	if exists { // the umask may have taken away what the old file allowed
		if err := os.Chmod(f.Name(), mode); err != nil {
			return err
		}
	}
	return os.Rename(f.Name(), path)
}

// createTemp creates a file beside path. Unlike os.CreateTemp it asks for the
// permissions of the final file, so that the umask applies.
func createTemp(path string, mode fs.FileMode) (*os.File, error) {
	name := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+rand.Text()[:8]+".tmp")
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
}

// notWritten returns an error that names path, and not the temporary file beside it.
func notWritten(path string, err error) error {
	if p := new(fs.PathError); errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Errorf("%s cannot be written: %w; check the folder, its permissions and the free space", path, err)
}
