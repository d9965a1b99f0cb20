package load

import (
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/therootcompany/xz"

	"synthos/dataset"
)

// packing is the compression of a whole file: the name of a line of packings.
type packing string

const plain packing = ""

// compression is one line of the table of compressions of text files.
type compression struct {
	name     packing
	suffixes []string // behind the extension of the format
	magic    func(head []byte) bool
	unpack   func(f file) (io.ReadCloser, error) // nil: recognised, but not read
}

// packings returns the compressions that are known by their first bytes.
func packings() []compression {
	return []compression{
		{"gzip", []string{".gz", ".gzip"}, begins("\x1f\x8b"), unpackGzip},
		{"zstd", []string{".zst", ".zstd"}, begins("\x28\xb5\x2f\xfd"), unpackZstd},
		{"bzip2", []string{".bz2"}, isBzip2, unpackBzip2},
		{"xz", []string{".xz"}, begins("\xfd7zXZ\x00"), unpackXZ},
		{"zip", []string{".zip"}, isZip, unpackZip},
		{"7-Zip", []string{".7z"}, begins("7z\xbc\xaf\x27\x1c"), nil},
		{"lz4", []string{".lz4"}, begins("\x04\x22\x4d\x18"), nil},
	}
}

func begins(magic string) func([]byte) bool {
	return func(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }
}

func isBzip2(head []byte) bool {
	return bytes.HasPrefix(head, []byte("BZh")) && len(head) > 3 && head[3] >= '1' && head[3] <= '9'
}

// isZip tells archives from the formats that are archives.
func isZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) && !isExcel(head) && !bytes.Contains(head, []byte("mimetypeapplication/vnd.oasis"))
}

// packingOf tells the compression of a file by its first bytes.
func packingOf(head []byte) compression {
	for _, c := range packings() {
		if c.magic(head) {
			return c
		}
	}
	return compression{}
}

// withoutPacking returns a name without the suffix of a compression.
func withoutPacking(name string) string {
	for _, c := range packings() {
		for _, suffix := range c.suffixes {
			if cut, found := strings.CutSuffix(name, suffix); found {
				return cut
			}
		}
	}
	return name
}

func unpackGzip(f file) (io.ReadCloser, error) { return gzip.NewReader(reader(f)) }

func unpackZstd(f file) (io.ReadCloser, error) {
	d, err := zstd.NewReader(reader(f), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(128<<20))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

func unpackBzip2(f file) (io.ReadCloser, error) {
	return io.NopCloser(bzip2.NewReader(reader(f))), nil
}

// xzDictionary is the largest dictionary of an xz file that is read, in bytes;
// xz -9 makes 64 MiB.
const xzDictionary = 128 << 20

func unpackXZ(f file) (io.ReadCloser, error) {
	r, err := xz.NewReader(reader(f), xzDictionary)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(r), nil
}

// unpackZip opens the only file in an archive.
func unpackZip(f file) (io.ReadCloser, error) {
	archive, err := zip.NewReader(f, f.Size())
	if err != nil {
		return nil, err
	}
	members := zipMembers(archive)
	switch {
	case len(members) == 0:
		return nil, dataset.NewError("", "there is no file in the zip archive", "check what wrote it")
	case len(members) > 1:
		return nil, dataset.NewError("", fmt.Sprintf("a zip archive of %d files (%s, %s ...)", len(members), members[0].Name, members[1].Name),
			"unpack it and give the folder, or the file that is meant")
	case members[0].Flags&1 != 0:
		return nil, dataset.NewError("", "the zip archive has a password", "unpack it first")
	}
	return members[0].Open()
}

// memberName returns the name of the only file in an archive, "" if there is
// none: it tells the format.
func memberName(f file) string {
	archive, err := zip.NewReader(f, f.Size())
	if err != nil {
		return ""
	}
	members := zipMembers(archive)
	if len(members) == 0 {
		return ""
	}
	return path.Base(members[0].Name)
}

// zipMembers lists the files in an archive, without what a Mac adds to them.
func zipMembers(archive *zip.Reader) []*zip.File {
	var members []*zip.File
	for _, m := range archive.File {
		if !m.FileInfo().IsDir() && !strings.HasPrefix(m.Name, "__MACOSX/") && !strings.HasPrefix(path.Base(m.Name), ".") {
			members = append(members, m)
		}
	}
	return members
}

// broken returns the error for a compressed file that cannot be decompressed.
func broken(path string, p packing, err error) error {
	var known *dataset.Error
	if errors.As(err, &known) {
		if known.Path == "" {
			known.Path = path
		}
		return err
	}
	found := fmt.Sprintf("its %s compression is broken", p)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, xz.ErrBuf) {
		found = "the file ends in the middle of its " + string(p) + " compression"
	}
	if errors.Is(err, xz.ErrMemlimit) {
		return failed(path, err, fmt.Sprintf("its xz compression needs more than %d MiB of memory", xzDictionary>>20), "compress it again with xz -9 or less")
	}
	return failed(path, err, found, "fetch or write it again")
}
