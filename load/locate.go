package load

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"synthos/dataset"
)

// A part is one file of a dataset.
type part struct {
	path string
	keys []partKey // from its folders, outermost first
}

// partKey is a folder called name=value.
type partKey struct{ name, value string }

// located is what a path means.
type located struct {
	parts []part
	other []string // files of a folder that are not data
}

// maxParts is how many files a dataset may have.
const maxParts = 100_000

// locate finds the files that a path names, at least one. A name that exists
// means itself, whatever characters are in it.
func locate(name, format string) (located, error) {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return locateBelow(name, "**", format)
	case err == nil:
		return located{parts: []part{{path: name}}}, nil
	case strings.ContainsAny(name, "*?["):
		root, pattern := splitPattern(filepath.ToSlash(name))
		return locateBelow(filepath.FromSlash(root), pattern, format)
	case strings.Contains(name, ","):
		var all located
		for piece := range strings.SplitSeq(name, ",") {
			found, err := locate(strings.TrimSpace(piece), format)
			if err != nil {
				return located{}, err
			}
			all.parts = append(all.parts, found.parts...)
			all.other = append(all.other, found.other...)
		}
		return all, nil
	}
	return located{}, checkFile(name)
}

// splitPattern divides a pattern into the folder that it names in full and the
// rest.
func splitPattern(name string) (root, pattern string) {
	segments := strings.Split(name, "/")
	for i, s := range segments {
		if strings.ContainsAny(s, "*?[") {
			root, pattern = strings.Join(segments[:i], "/"), strings.Join(segments[i:], "/")
			break
		}
	}
	switch {
	case root != "":
		return root, pattern
	case strings.HasPrefix(name, "/"):
		return "/", pattern
	}
	return ".", pattern
}

// locateBelow finds the files below root whose path from there matches the
// pattern. What begins with a dot or an underscore is hidden, as in Spark.
func locateBelow(root, pattern, format string) (located, error) {
	want := strings.Split(pattern, "/")
	if _, err := path.Match(strings.ReplaceAll(pattern, "**", "*"), ""); err != nil {
		return located{}, dataset.NewError(filepath.Join(root, pattern), "the pattern is malformed", "close every [ with a ]")
	}
	whole := pattern == "**" // a folder was named, not a pattern
	var found located
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == root {
				return err
			}
			return failed(name, err, "cannot be read", "check its permissions")
		}
		if name == root {
			return nil
		}
		below, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		segments := strings.Split(filepath.ToSlash(below), "/")
		last := segments[len(segments)-1]
		hidden := last[0] == '.' || last[0] == '_'
		if d.IsDir() {
			if hidden || !slices.Contains(want, "**") && len(segments) >= len(want) {
				return fs.SkipDir
			}
			return nil
		}
		if hidden || !matches(want, segments) {
			return nil
		}
		if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
			found.other = append(found.other, name)
			return nil
		}
		if whole && !isDataFile(name, format) {
			found.other = append(found.other, name)
			return nil
		}
		if len(found.parts) == maxParts {
			return dataset.NewError(root, fmt.Sprintf("more than %d files", maxParts), "join small files to larger ones")
		}
		found.parts = append(found.parts, part{path: name, keys: keysOf(segments[:len(segments)-1])})
		return nil
	})
	var known *dataset.Error
	switch {
	case errors.As(err, &known):
		return located{}, err
	case errors.Is(err, fs.ErrNotExist):
		return located{}, failed(root, err, "no such folder", "check the path")
	case err != nil:
		return located{}, failed(root, err, "the folder cannot be read", "check its permissions")
	case len(found.parts) == 0 && whole:
		return located{}, dataset.NewError(root, "there is no file of a known format in the folder"+some(found.other), "name the files, or say which format they have: "+names(Formats()))
	case len(found.parts) == 0:
		return located{}, dataset.NewError(filepath.Join(root, filepath.FromSlash(pattern)), "no file matches the pattern"+some(found.other), "check the pattern; files that are empty or hidden do not count")
	}
	return found, nil
}

// some says which files were passed over, for an error.
func some(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf(" (passed over: %s)", quotedPaths(names))
}

// isDataFile reports whether the name is that of a file of the format, of any
// format if that is "".
func isDataFile(name, format string) bool {
	ext := extension(name)
	for _, f := range Formats() {
		if slices.Contains(f.Extensions, ext) {
			wanted, ok := byName(Formats(), format)
			return format == "" || !ok || wanted.Name == f.Name
		}
	}
	return format != "" && ext == ""
}

// matches reports whether the segments of a path match those of a pattern, in
// which ** stands for any number of segments.
func matches(pattern, segments []string) bool {
	if len(pattern) == 0 {
		return len(segments) == 0
	}
	if pattern[0] == "**" {
		for i := range len(segments) + 1 {
			if matches(pattern[1:], segments[i:]) {
				return true
			}
		}
		return false
	}
	if len(segments) == 0 {
		return false
	}
	ok, err := path.Match(pattern[0], segments[0])
	return err == nil && ok && matches(pattern[1:], segments[1:])
}

// hiveNull is the name that Hive gives to the folder of rows without a value.
const hiveNull = "__HIVE_DEFAULT_PARTITION__"

// keysOf returns the keys and values of folders called key=value.
func keysOf(folders []string) []partKey {
	var keys []partKey
	for _, folder := range folders {
		name, value, found := strings.Cut(folder, "=")
		if !found || name == "" {
			continue
		}
		if plain, err := url.PathUnescape(value); err == nil {
			value = plain
		}
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		keys = append(keys, partKey{name, value})
	}
	return keys
}
