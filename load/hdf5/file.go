package hdf5

import (
	"errors"
	"io"
)

// File is an open HDF5 file.
type File struct {
	buffers    buffers
	r          io.ReaderAt
	size       int64
	offsetSize int    // bytes of an address
	lengthSize int    // bytes of a length
	base       uint64 // where address 0 is: behind a user block
	root       uint64 // address of the root group
	heaps      heapCache
}

const signature = "\x89HDF\r\n\x1a\n"

// ErrNotHDF5 says that a file does not have the signature of an HDF5 file.
var ErrNotHDF5 = errors.New("not an HDF5 file")

// Open reads the superblock of the file of size bytes that r reads. It returns
// ErrNotHDF5 if there is none at byte 0, 512, 1024, 2048 and so on.
func Open(r io.ReaderAt, size int64) (f *File, err error) {
	defer rescue(&err)
	f = &File{r: r, size: size, offsetSize: 8, lengthSize: 8}
	for at := uint64(0); at+8 <= uint64(size); at = max(512, 2*at) {
		if string(f.read(at, 8)) == signature {
			f.superblock(at)
			return f, nil
		}
	}
	return nil, ErrNotHDF5
}

// superblock decodes the superblock at byte at.
func (f *File) superblock(at uint64) {
	c := f.cursor(f.readUpTo(at+8, 256))
	switch version := c.u8(); version {
	case 0, 1:
		c.skip(4)
		f.offsetSize, f.lengthSize = c.u8(), c.u8()
		c.skip(1 + 2 + 2 + 4)
		if version == 1 {
			c.skip(4)
		}
	case 2, 3:
		f.offsetSize, f.lengthSize = c.u8(), c.u8()
		c.skip(1)
	default:
		fail("superblock version %d", version)
	}
	if !validSize(f.offsetSize) || !validSize(f.lengthSize) {
		fail("addresses of %d and lengths of %d bytes", f.offsetSize, f.lengthSize)
	}
	old := f.cursor(f.readUpTo(at+8, 1)).u8() < 2
	base := c.address()
	c.address() // free space, or the extension of the superblock
	c.address() // end of the file
	if old {
		c.address() // driver
		c.address() // the root's name in a heap
	}
	f.root = c.address()
	f.base = base
}

func validSize(n int) bool { return n == 2 || n == 4 || n == 8 }

// bound returns how many bytes a size in the file may ask for: some MiB, or
// many times the size of the file. More is a broken file.
func (f *File) bound() uint64 { return 64<<20 + 256*uint64(f.size) }
