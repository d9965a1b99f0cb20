package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"synthos"
)

// spool copies standard input to a temporary file, since a dataset is read more
// than once. remove deletes it.
func spool(stdin io.Reader, format string) (path string, remove func(), err error) {
	folder, err := os.MkdirTemp("", "synthos-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(folder) }
	path = filepath.Join(folder, "standard-input")
	if format != "" {
		path += "." + format
	}
	f, err := os.Create(path)
	if err == nil {
		_, err = io.Copy(f, stdin)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		remove()
		return "", nil, fmt.Errorf("cannot store standard input: %w; set TMPDIR to a folder with room", err)
	}
	return path, remove, nil
}

// rename makes a result about a spooled file say what the user said.
func rename(r *synthos.Result, from, to string) {
	r.Config.Data = to
	if r.Load != nil {
		renameLoad(r.Load, from, to)
	}
}
