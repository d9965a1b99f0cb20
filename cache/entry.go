package cache

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// The file of an entry: magic, length of the label (4 bytes, little endian),
// label, data, SHA-256 of all that.
var magic = []byte("synthos cache 1\n")

const mostLabel = 1 << 12 // bytes

// errDamaged says that a file is not a whole entry.
var errDamaged = errors.New("cache: damaged entry")

func header(label string) []byte {
	label = label[:min(len(label), mostLabel)]
	b := bytes.Clone(magic)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(label)))
	return append(b, label...)
}

// write writes a whole entry.
func write(w io.Writer, label string, data []byte) error {
	sum := sha256.New()
	both := io.MultiWriter(w, sum)
	if _, err := both.Write(header(label)); err != nil {
		return err
	}
	if _, err := both.Write(data); err != nil {
		return err
	}
	_, err := w.Write(sum.Sum(nil))
	return err
}

// read returns the data of an entry, errDamaged if it is not whole.
func read(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	body := len(b) - sha256.Size
	if body < len(magic)+4 || !bytes.HasPrefix(b, magic) {
		return nil, errDamaged
	}
	if sum := sha256.Sum256(b[:body]); !bytes.Equal(sum[:], b[body:]) {
		return nil, errDamaged
	}
	start := len(magic) + 4 + int(binary.LittleEndian.Uint32(b[len(magic):]))
	if start > body {
		return nil, errDamaged
	}
	return b[start:body:body], nil
}

// readLabel returns the label of an entry; it does not check the data.
func readLabel(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	r := bufio.NewReader(f)
	head := make([]byte, len(magic)+4)
	if _, err := io.ReadFull(r, head); err != nil || !bytes.HasPrefix(head, magic) {
		return "", errDamaged
	}
	n := binary.LittleEndian.Uint32(head[len(magic):])
	if n > mostLabel {
		return "", errDamaged
	}
	label := make([]byte, n)
	if _, err := io.ReadFull(r, label); err != nil {
		return "", errDamaged
	}
	return string(label), nil
}
