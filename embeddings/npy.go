package embeddings

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"

	"synthos/dataset"
	"synthos/encode"
	"synthos/load/remote"
)

const (
	npyMagic  = "\x93NUMPY"
	npyHeader = 1 << 20 // bytes of a header, at most
	npyBlock  = 1 << 20 // bytes read at once where an array is read from end to end
)

// IsNPY reports whether path is read as a NumPy file: its name ends in .npy, or
// it is a file on disk that starts like one.
func IsNPY(path string) bool {
	if strings.HasSuffix(strings.ToLower(path), ".npy") {
		return true
	}
	if remote.Is(path) {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [len(npyMagic)]byte
	_, err = io.ReadFull(f, head[:])
	return err == nil && string(head[:]) == npyMagic
}

// NPY is an open NumPy file (format versions 1 to 3) that holds an array of the
// shape (rows, dimensions) of float16, float32 or float64, in C or Fortran order
// and either byte order.
//
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
type NPY struct {
	Rows int64
	D    int // dimensions

	path    string
	file    io.ReaderAt
	closer  io.Closer
	start   int64 // of the numbers
	size    int   // bytes of a number
	order   binary.ByteOrder
	fortran bool // column by column
}

// OpenNPY opens the NumPy file at path, which may be an address, and reads its
// header. Errors are *dataset.Error or the context's.
func OpenNPY(ctx context.Context, path string) (*NPY, error) {
	n := &NPY{path: path}
	var size int64
	if remote.Is(path) {
		f, err := remote.Open(ctx, path, "")
		if err != nil {
			return nil, unreadable(path, err)
		}
		n.file, n.closer, size = f, f, f.Size()
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, unreadable(path, err)
		}
		info, err := f.Stat()
		if err == nil && !info.Mode().IsRegular() {
			err = errors.New("is no file")
		}
		if err != nil {
			f.Close()
			return nil, unreadable(path, err)
		}
		n.file, n.closer, size = f, f, info.Size()
	}
	if err := n.readHeader(size); err != nil {
		n.Close()
		return nil, err
	}
	return n, nil
}

// Close closes the file.
func (n *NPY) Close() error { return n.closer.Close() }

func unreadable(path string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return &dataset.Error{Path: path, Row: -1, Offset: -1, Found: "the embeddings cannot be read", Do: "check the path and its permissions", Err: err}
}

// The entries of a header, which is a literal of Python.
var (
	npyDescr   = regexp.MustCompile(`['"]descr['"]\s*:\s*['"]([<>=|]?)([a-zA-Z])(\d+)['"]`)
	npyFortran = regexp.MustCompile(`['"]fortran_order['"]\s*:\s*(True|False)`)
	npyShape   = regexp.MustCompile(`['"]shape['"]\s*:\s*\(([\d\s,L]*)\)`)
)

func (n *NPY) readHeader(size int64) error {
	wrong := func(found, do string) error { return dataset.NewError(n.path, found, do) }
	const save = `save the array with numpy.save("embeddings.npy", array.astype("float32"))`
	var head [12]byte
	if k, err := n.file.ReadAt(head[:], 0); k < len(head) {
		if err != nil && err != io.EOF {
			return unreadable(n.path, err)
		}
		return wrong("this is no NumPy file", save)
	}
	switch {
	case bytes.HasPrefix(head[:], []byte("PK\x03\x04")):
		return wrong("this is an archive of arrays (.npz)", save)
	case !bytes.HasPrefix(head[:], []byte(npyMagic)):
		return wrong("this is no NumPy file", save)
	}
	length := int64(binary.LittleEndian.Uint16(head[8:]))
	n.start = 10
	if head[6] > 1 {
		length = int64(binary.LittleEndian.Uint32(head[8:]))
		n.start = 12
	}
	if head[6] < 1 || head[6] > 3 || length > npyHeader || n.start+length > size {
		return wrong("the header of the NumPy file is damaged", save)
	}
	text := make([]byte, length)
	if _, err := n.file.ReadAt(text, n.start); err != nil && err != io.EOF {
		return unreadable(n.path, err)
	}
	n.start += length

	descr, fortran, shape := npyDescr.FindSubmatch(text), npyFortran.FindSubmatch(text), npyShape.FindSubmatch(text)
	if descr == nil || fortran == nil || shape == nil {
		return wrong("the array is not of plain numbers, or the header is damaged", save)
	}
	n.order, n.fortran = binary.LittleEndian, string(fortran[1]) == "True"
	if string(descr[1]) == ">" {
		n.order = binary.BigEndian
	}
	kind := string(descr[2]) + string(descr[3])
	switch kind {
	case "f2", "f4", "f8":
		n.size = int(kind[1] - '0')
	default:
		return wrong("the array is of the type "+kind+"; embeddings are float16, float32 or float64 (f2, f4, f8)", save)
	}
	var lengths []int64
	for s := range strings.SplitSeq(string(shape[1]), ",") {
		if s = strings.TrimSuffix(strings.TrimSpace(s), "L"); s == "" {
			continue
		}
		x, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return wrong("the header of the NumPy file is damaged", save)
		}
		lengths = append(lengths, x)
	}
	if len(lengths) != 2 {
		return wrong(fmt.Sprintf("the array has %d axes (shape (%s))", len(lengths), strings.TrimSpace(string(shape[1]))), "save an array of the shape (rows, dimensions)")
	}
	n.Rows = lengths[0]
	if err := checkDimensions(n.path, lengths[1]); err != nil {
		return err
	}
	n.D = int(lengths[1])
	if held := (size - n.start) / int64(n.D*n.size); held < n.Rows {
		return wrong(fmt.Sprintf("the file ends after %d of %d vectors", held, n.Rows), "it was cut short: save or copy it again")
	}
	return nil
}

// Take returns the vectors of the given rows, in that order, as float32. want is
// how many rows the data have, and with them the file. It errs at a number that
// is not finite in one of the rows it takes. O(len(rows)) reads in C order; in
// Fortran order it reads the whole file, a block at a time.
func (n *NPY) Take(ctx context.Context, rows []int64, want int64) (*encode.Features, error) {
	if err := checkRows(n.path, n.Rows, want); err != nil {
		return nil, err
	}
	out := &encode.Features{N: len(rows), D: n.D, Data: make([]float32, len(rows)*n.D)}
	read := n.rowByRow
	if n.fortran {
		read = n.columnByColumn
	}
	if err := read(ctx, rows, out); err != nil {
		return nil, err
	}
	for i, row := range rows {
		if err := checkFinite(n.path, row, out.Row(i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (n *NPY) rowByRow(ctx context.Context, rows []int64, out *encode.Features) error {
	raw := make([]byte, n.D*n.size)
	for i, row := range rows {
		if err := n.readAt(ctx, raw, n.start+row*int64(len(raw))); err != nil {
			return err
		}
		for j := range n.D {
			out.Data[i*n.D+j] = n.number(raw[j*n.size:])
		}
	}
	return nil
}

func (n *NPY) columnByColumn(ctx context.Context, rows []int64, out *encode.Features) error {
	column := n.Rows * int64(n.size)
	raw := make([]byte, min(column, npyBlock/int64(n.size)*int64(n.size)))
	for j := range n.D {
		for from := int64(0); from < column; from += int64(len(raw)) {
			block := raw[:min(int64(len(raw)), column-from)]
			if err := n.readAt(ctx, block, n.start+int64(j)*column+from); err != nil {
				return err
			}
			for i, row := range rows {
				if at := row*int64(n.size) - from; at >= 0 && at < int64(len(block)) {
					out.Data[i*n.D+j] = n.number(block[at:])
				}
			}
		}
	}
	return nil
}

func (n *NPY) readAt(ctx context.Context, raw []byte, at int64) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if k, err := n.file.ReadAt(raw, at); k < len(raw) {
		return unreadable(n.path, err)
	}
	return nil
}

// number reads one number of the array.
func (n *NPY) number(raw []byte) float32 {
	switch n.size {
	case 2:
		return half(n.order.Uint16(raw))
	case 4:
		return math.Float32frombits(n.order.Uint32(raw))
	}
	return float32(math.Float64frombits(n.order.Uint64(raw)))
}

// half returns the number that an IEEE 754 binary16 stands for: 1 bit of sign, 5
// of exponent (bias 15), 10 of fraction.
func half(x uint16) float32 {
	sign, exponent, fraction := uint32(x>>15)<<31, uint32(x>>10)&31, uint32(x)&1023
	switch {
	case exponent == 31: // infinite or NaN
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	case exponent == 0: // zero or subnormal: fraction * 2^-24
		f := float32(fraction) / (1 << 24)
		return math.Float32frombits(sign | math.Float32bits(f))
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
