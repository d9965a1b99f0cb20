package load

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Holds reports whether a file at path is one of those that data names, or would
// be, once it is written: the file itself, one of a list, or one in a folder or of a
// pattern. format is that of the data, "" for any. Addresses hold no file.
func Holds(data, path, format string) bool {
	if data == "" || path == "" || isRemote(data) {
		return false
	}
	if SamePath(data, path) {
		return true
	}
	info, err := os.Stat(data)
	switch {
	case err == nil:
		return info.IsDir() && holdsBelow(data, "**", path, format)
	case strings.ContainsAny(data, "*?["):
		root, pattern := splitPattern(filepath.ToSlash(data))
		return holdsBelow(filepath.FromSlash(root), pattern, path, format)
	case strings.Contains(data, ","):
		return slices.ContainsFunc(strings.Split(data, ","), func(piece string) bool {
			return Holds(strings.TrimSpace(piece), path, format)
		})
	}
	return false
}

// holdsBelow is Holds for the files below root that match a pattern; see locateBelow.
func holdsBelow(root, pattern, path, format string) bool {
	below, err := filepath.Rel(resolved(root), resolved(path))
	if err != nil || !filepath.IsLocal(below) {
		return false
	}
	segments := strings.Split(filepath.ToSlash(below), "/")
	if slices.ContainsFunc(segments, func(s string) bool { return s[0] == '.' || s[0] == '_' }) {
		return false // hidden
	}
	return matches(strings.Split(pattern, "/"), segments) && (pattern != "**" || isDataFile(path, format))
}

// SamePath reports whether two names lead to the same file, or would if there were
// one.
func SamePath(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX == nil && errY == nil {
		return os.SameFile(x, y)
	}
	return resolved(a) == resolved(b)
}

// resolved returns a path from the root without links, but for links that lead nowhere.
func resolved(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(folder, filepath.Base(path))
	}
	return path
}
