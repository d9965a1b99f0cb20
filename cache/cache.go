// Package cache keeps the outcome of long computations in files of one folder,
// for later runs and for other processes that run at the same time.
//
// An entry is written under another name and renamed when it is complete, and
// carries a checksum: a reader sees all of it or nothing, whatever crashed. The
// folder has a limit; entries that were not used for the longest time go first.
// Losing an entry costs time and nothing else, so no operation waits for a lock.
package cache

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// DefaultLimit is the size that a folder may have unless another is given.
const DefaultLimit = 1 << 30

const (
	suffix     = ".synthos" // of an entry's file
	unfinished = ".partial" // of an entry that is being written
	abandoned  = time.Hour  // age at which an unfinished entry is that of a crash
)

// ErrTooLarge says that an entry alone is larger than the folder may be.
var ErrTooLarge = errors.New("cache: the entry is larger than the cache may be")

// Dir is a folder of entries. Its methods may be called by any number of
// goroutines and processes at once.
type Dir struct {
	path  string
	limit int64
}

// Entry is what is known of an entry without reading it all.
type Entry struct {
	Key   string
	Label string    // what it holds, for people; "" if the file is damaged
	Bytes int64     // on disk
	Used  time.Time // when it was written or last read
}

// DefaultPath returns the folder for synthos in the user's cache directory:
// $XDG_CACHE_HOME or ~/.cache on Linux, ~/Library/Caches on macOS,
// %LocalAppData% on Windows. It returns an error if the user has none.
func DefaultPath() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("cache: %w", err)
	}
	return filepath.Join(base, "synthos"), nil
}

// Open returns the folder at path, "" for DefaultPath, that may grow to limit
// bytes, 0 for DefaultLimit. The folder is made when the first entry is written.
func Open(path string, limit int64) (*Dir, error) {
	if path == "" {
		var err error
		if path, err = DefaultPath(); err != nil {
			return nil, err
		}
	}
	if limit <= 0 {
		limit = DefaultLimit
	}
	return &Dir{path: path, limit: limit}, nil
}

// Path returns the folder.
func (d *Dir) Path() string { return d.path }

// Limit returns how many bytes the folder may hold.
func (d *Dir) Limit() int64 { return d.limit }

// Get returns the data of an entry, and whether there is one. A damaged entry
// is removed and counts as none.
func (d *Dir) Get(key string) ([]byte, bool) {
	path := d.file(key)
	data, err := read(path)
	if errors.Is(err, errDamaged) {
		os.Remove(path)
	}
	if err != nil {
		return nil, false
	}
	now := time.Now()
	os.Chtimes(path, now, now) // a folder that may only be read still serves
	return data, true
}

// Put writes an entry, in place of one of the same key, and then removes the
// entries that were not used for the longest time until the folder is within
// its limit. An entry that is larger than that by itself is not written:
// ErrTooLarge.
func (d *Dir) Put(key, label string, data []byte) error {
	if int64(len(data)) > d.limit {
		return ErrTooLarge
	}
	if err := os.MkdirAll(d.path, 0o700); err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	f, err := os.CreateTemp(d.path, key+".*"+unfinished)
	if err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	defer os.Remove(f.Name()) // does nothing once it is renamed
	err = write(f, label, data)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		now := time.Now() // the clock of Get; that of the file system may lag behind
		err = errors.Join(os.Chtimes(f.Name(), now, now), os.Rename(f.Name(), d.file(key)))
	}
	if err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	return d.shrink(key)
}

// List returns the entries, the last used first.
func (d *Dir) List() ([]Entry, error) {
	entries, err := d.entries()
	if err != nil {
		return nil, err
	}
	for i := range entries {
		entries[i].Label, _ = readLabel(d.file(entries[i].Key))
	}
	slices.Reverse(entries)
	return entries, nil
}

// Clear removes all entries and what crashes have left, and returns how many
// entries there were and how many bytes were freed. Files that are not ours, and
// entries that are just being written, stay.
func (d *Dir) Clear() (entries int, bytes int64, err error) {
	err = d.each(func(name string, info fs.FileInfo) error {
		if atWork(name, info) {
			return nil
		}
		err := os.Remove(filepath.Join(d.path, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		bytes += info.Size()
		if strings.HasSuffix(name, suffix) {
			entries++
		}
		return nil
	})
	return entries, bytes, err
}

// shrink removes the oldest entries until the folder is within its limit, but
// not the one that was just written, and what crashes have left.
func (d *Dir) shrink(keep string) error {
	err := d.each(func(name string, info fs.FileInfo) error {
		if strings.HasSuffix(name, unfinished) && !atWork(name, info) {
			os.Remove(filepath.Join(d.path, name))
		}
		return nil
	})
	if err != nil {
		return err
	}
	entries, err := d.entries()
	if err != nil {
		return err
	}
	var total int64
	for _, e := range entries {
		total += e.Bytes
	}
	for _, e := range entries {
		if total <= d.limit {
			break
		}
		if e.Key != keep && os.Remove(d.file(e.Key)) == nil {
			total -= e.Bytes
		}
	}
	return nil
}

// atWork reports whether a file is an entry that somebody may still be writing.
func atWork(name string, info fs.FileInfo) bool {
	return strings.HasSuffix(name, unfinished) && time.Since(info.ModTime()) <= abandoned
}

// entries returns the entries without labels, the last used last.
func (d *Dir) entries() ([]Entry, error) {
	var out []Entry
	err := d.each(func(name string, info fs.FileInfo) error {
		if key, ok := strings.CutSuffix(name, suffix); ok {
			out = append(out, Entry{Key: key, Bytes: info.Size(), Used: info.ModTime()})
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Entry) int { return cmp.Or(a.Used.Compare(b.Used), cmp.Compare(a.Key, b.Key)) })
	return out, err
}

// each calls do for every file of ours in the folder. A folder or a file that
// is not there, or no longer, is none.
func (d *Dir) each(do func(name string, info fs.FileInfo) error) error {
	files, err := os.ReadDir(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	for _, f := range files {
		name := f.Name()
		if !f.Type().IsRegular() || !strings.HasSuffix(name, suffix) && !strings.HasSuffix(name, unfinished) {
			continue
		}
		info, err := f.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = do(name, info)
		}
		if err != nil {
			return fmt.Errorf("cache: %w", err)
		}
	}
	return nil
}

// file returns the path of an entry. It panics if the key could name another
// folder: keys are made by Key.
func (d *Dir) file(key string) string {
	if key == "" || strings.ContainsAny(key, `/\.`) {
		panic("cache: not a key: " + key)
	}
	return filepath.Join(d.path, key+suffix)
}
