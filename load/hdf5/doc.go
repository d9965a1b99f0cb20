// Package hdf5 reads HDF5 files, without libhdf5 and without changing them.
//
// Open finds the root, Objects lists the groups and datasets, and a Reader
// hands out the rows of a dataset as raw bytes that its Type decodes:
//
//	f, err := hdf5.Open(file, size)
//	objects, err := f.Objects()
//	r := objects[i].Dataset.NewReader(0, rows)
//	for { raw, n, err := r.Next(4096); ... }
//
// Read are superblocks 0 to 3, object headers 1 and 2, old and new groups,
// compact, contiguous and chunked data with every chunk index, the filters
// deflate, shuffle, fletcher32, scale-offset, LZF, bzip2, Zstandard, LZ4 and
// blosc, and attributes. Refused by name are virtual and external data, the
// filters szip, n-bit and LZO, shared object header messages, and types that no
// table holds (references, opaque data, times).
//
// Nothing in a file is trusted: every read is checked against its size, every
// size against a bound that grows with it, and every walk visits each address
// once. Broken files give errors; nothing panics. A File and all that comes
// from it, except a Reader, may be used by several goroutines.
//
// Source: HDF5 File Format Specification Version 3.0, The HDF Group.
package hdf5
