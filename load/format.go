package load

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"synthos/dataset"
)

// fileFormat returns the format of the file at path.
func fileFormat(ctx context.Context, path string, o Options) (Format, error) {
	if o.opener == nil {
		if err := checkFile(path); err != nil {
			return Format{}, err
		}
	}
	start, err := peek(ctx, path, o)
	if err != nil {
		return Format{}, err
	}
	format, err := pick(path, start.name, o.Format, start.head)
	if err != nil {
		return Format{}, err
	}
	if start.packed != plain && !format.text {
		return Format{}, dataset.NewError(path, fmt.Sprintf("a %s file inside %s", format.Name, start.packed), "decompress it first")
	}
	return format, nil
}

// checkFile makes sure that path is a regular file with something in it.
func checkFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return failed(path, cause(err), "", "check the path")
	case err != nil:
		return failed(path, cause(err), "cannot be looked at", "check the path and its permissions")
	case info.IsDir():
		return dataset.NewError(path, "is a directory", "name the files in it, or the directory alone")
	case !info.Mode().IsRegular():
		return dataset.NewError(path, "is not a regular file", "write the data to a file first: it is read more than once")
	case info.Size() == 0:
		return dataset.NewError(path, "the file is empty", "check what wrote it")
	}
	return nil
}

// pick chooses the format of the file at path, which is called name: by the
// format asked for, else by extension, else by its first bytes.
func pick(path, name, asked string, head []byte) (Format, error) {
	formats := Formats()
	if asked != "" {
		format, ok := byName(formats, asked)
		if !ok {
			return Format{}, dataset.NewError(path, fmt.Sprintf("unknown format %q", asked), "use one of "+names(formats))
		}
		return format, contradicts(path, formats, format, head, "asked to read it as "+format.Name)
	}
	if what, do := otherSheet(head); what != "" {
		return Format{}, dataset.NewError(path, what, do)
	}
	ext := extension(name)
	for _, f := range formats {
		if slices.Contains(f.Extensions, ext) {
			return f, contradicts(path, formats, f, head, "its name ends in "+ext)
		}
	}
	for _, f := range formats {
		if f.sniff != nil && f.sniff(head) {
			return f, nil
		}
	}
	return Format{}, dataset.NewError(path, fmt.Sprintf("neither the extension %q nor the content is that of a known format", ext),
		"say which it is with a format: "+names(formats))
}

// byName finds a format by its name, or by an extension without the dot (jsonl, xlsx).
func byName(formats []Format, name string) (Format, bool) {
	name = strings.ToLower(strings.TrimPrefix(name, "."))
	for _, f := range formats {
		if f.Name == name || slices.Contains(f.Extensions, "."+name) {
			return f, true
		}
	}
	return Format{}, false
}

// contradicts returns an error if head starts like a binary format that is not
// the one expected, or like binary data where text is expected.
func contradicts(path string, formats []Format, expected Format, head []byte, why string) error {
	if expected.text && isUTF32(head) {
		return dataset.NewError(path, "the text is in UTF-32", "write it in UTF-8")
	}
	if expected.sniff != nil && expected.sniff(head) {
		return nil
	}
	for _, f := range formats {
		if !f.text && f.sniff(head) {
			return dataset.NewError(path, fmt.Sprintf("%s, but it is a file of format %s", why, f.Name), "use format "+f.Name)
		}
	}
	if what := markup(head); what != "" && expected.text {
		return dataset.NewError(path, why+", but it holds "+what, "fetch the data themselves: this may be the page of an error or of a log-in")
	}
	if expected.text && isBinary(head) {
		return dataset.NewError(path, why+", but it holds binary data", "check what wrote it, or say which format it is: "+names(formats))
	}
	if len(head) > 0 && !expected.text && !isBinary(head) {
		return dataset.NewError(path, why+", but it holds text", "use the format of the text: csv, tsv, json or ndjson")
	}
	return nil
}

func names(formats []Format) string {
	out := make([]string, len(formats))
	for i, f := range formats {
		out[i] = f.Name
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// extension returns the extension of path in lower case, without that of a
// compression: ".csv" for data.csv.gz.
func extension(path string) string {
	return filepath.Ext(withoutPacking(strings.ToLower(filepath.Base(path))))
}
