package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"math"
	"os"
	"sync"
)

// A Key collects all that an outcome depends on. Two keys that were given the
// same things in the same order have the same name; what is given to one call
// does not run into the next.
type Key struct{ sum hash.Hash }

// NewKey returns the key of an outcome of this build of the program: any change
// of its code is another key, so that no entry outlives the code that made it.
// It returns an error if the program cannot read its own file.
func NewKey() (*Key, error) {
	b, err := build()
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	k := &Key{sum: sha256.New()}
	k.Bytes([]byte(b))
	return k, nil
}

// NewContentKey returns the key of an outcome that does not depend on the build
// of the program, such as what a server answered. kind tells it from all others,
// and changes when what an entry holds does.
func NewContentKey(kind string) *Key {
	k := &Key{sum: sha256.New()}
	k.Text(kind)
	return k
}

// Bytes adds bytes.
func (k *Key) Bytes(b []byte) {
	k.Number(uint64(len(b)))
	k.sum.Write(b)
}

// Text adds a text.
func (k *Key) Text(s string) { k.Bytes([]byte(s)) }

// Number adds a number.
func (k *Key) Number(x uint64) {
	k.sum.Write(binary.LittleEndian.AppendUint64(nil, x))
}

// Codes adds numbers of 16 bits.
func (k *Key) Codes(x []uint16) {
	k.Number(uint64(len(x)))
	var b [8192]byte
	for len(x) > 0 {
		n := min(len(x), len(b)/2)
		for i, c := range x[:n] {
			binary.LittleEndian.PutUint16(b[2*i:], c)
		}
		k.sum.Write(b[:2*n])
		x = x[n:]
	}
}

// Floats adds numbers of 32 bits.
func (k *Key) Floats(x []float32) {
	k.Number(uint64(len(x)))
	var b [8192]byte
	for len(x) > 0 {
		n := min(len(x), len(b)/4)
		for i, f := range x[:n] {
			binary.LittleEndian.PutUint32(b[4*i:], math.Float32bits(f))
		}
		k.sum.Write(b[:4*n])
		x = x[n:]
	}
}

// Name returns the key as 64 hexadecimal digits.
func (k *Key) Name() string { return hex.EncodeToString(k.sum.Sum(nil)) }

// build returns what tells this program from all others: a hash of its build
// ID, which the Go linker derives from all code, with its size; of the whole
// file if the build ID was stripped.
var build = sync.OnceValues(func() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return fingerprint(f)
})

// A build ID stands within headBytes of the start of a file, after one of these
// (cmd/internal/buildid): in an ELF note of type 4, else as text.
var buildIDs = [][]byte{[]byte("\x04\x00\x00\x00Go\x00\x00"), []byte("Go build ID: \"")}

const headBytes = 32 << 10

func fingerprint(f *os.File) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	head := make([]byte, min(headBytes, info.Size()))
	if _, err := io.ReadFull(f, head); err != nil {
		return "", err
	}
	sum := sha256.New()
	sum.Write(head)
	if !hasBuildID(head) {
		if _, err := io.Copy(sum, f); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%x-%d", sum.Sum(nil), info.Size()), nil
}

// hasBuildID reports whether the start of a file holds a build ID that is not
// empty.
func hasBuildID(head []byte) bool {
	for _, before := range buildIDs {
		if _, after, ok := bytes.Cut(head, before); ok && len(after) > 0 && after[0] != '"' && after[0] != 0 {
			return true
		}
	}
	return false
}
