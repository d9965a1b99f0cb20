// Package load opens data files of every format as a dataset.Source.
//
// Open finds the files that a path means and their format, reads enough of them
// to know the columns, and cuts them into ranges that can be read on their own.
// Formats is the table of what it can open; each format is one opener in a file
// named after it.
//
// All openers keep to these rules:
//
//   - A broken or unusable file gives a *dataset.Error that says where and what
//     to do, never a panic.
//   - The same file gives the same schema, rows, row numbers and findings,
//     whatever Options.RangeBytes and the number of cores are.
//   - A Batch holds a few thousand rows, fewer of a wide table. Its slices are
//     reused for the next one. Its strings are not, but many of them share one
//     allocation: clone those of a few rows that are kept for long.
//   - A row that cannot be read keeps its number: it is in Batch.Skipped, and
//     the rows after it start a new Batch. Range.Rows counts it.
//   - What was odd about the file shows in Source.Findings. Findings that only
//     a full read can make (rows of the wrong length, keys that the sample did
//     not show) are there once the ranges have been read.
package load

import (
	"context"
	"errors"
	"io/fs"

	"synthos/dataset"
)

// Options says how to open a file. The zero value is right for most files.
type Options struct {
	Format  string                  // name of a format; "" = by extension, then by the first bytes
	Types   map[string]dataset.Type // storage forced by column name, for example the reference's; cells that do not fit are Invalid
	Layouts map[string]string       // text formats: how points in time are written (package time), by column name, of those that Types makes Time
	Prefer  map[string]string       // text formats: layouts by column name where the values leave open which it is (day or month first, 1.234, years of two digits); see Written
	Whole   bool                    // decide columns and types from all rows, not from a sample; see Misjudged
	Sheet   string                  // Excel: name of the sheet, HDF5: path of the table; "" = the first

	BadRows BadRows // what happens when rows cannot be read

	// Encoding is what text is in that is not Unicode, such as "shift-jis"; "" = it is
	// guessed by its characters. See ParseEncoding.
	Encoding string

	RangeBytes int64 // about how long a range of a text file is; 0 = 8 MiB. Results do not depend on it

	// Limits against broken and malicious files; 0 = the default.
	FieldBytes int64 // longest record of a JSON file; a CSV record may be four times as long; default 16 MiB
	MaxColumns int   // default 100,000
	MaxBytes   int64 // bytes of a compressed file after decompression; default 256 GiB
	MaxRatio   int64 // decompressed to compressed bytes, once past 64 MiB; default 500

	opener fileOpener // how files are opened; nil = from disk
}

func (o Options) withDefaults() Options {
	setDefault(&o.RangeBytes, 8<<20)
	setDefault(&o.FieldBytes, 16<<20)
	setDefault(&o.MaxColumns, 100_000)
	setDefault(&o.MaxBytes, 256<<30)
	setDefault(&o.MaxRatio, 500)
	return o
}

func setDefault[T int | int64](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}

// An opener opens a file of its format. The options have their defaults filled
// in and Format set to the name of the format. The path is a readable,
// non-empty regular file.
type opener func(ctx context.Context, path string, o Options) (dataset.Source, error)

// Format is one line of the table of formats.
type Format struct {
	Name       string
	Extensions []string // in lower case, with the dot
	About      string   // one line for the user

	text  bool // may be compressed as a whole
	open  opener
	sniff func(head []byte) bool // whether a file that starts with head (after decompression) looks like it; nil = never
}

// Formats returns what can be opened, in the order in which first bytes are tried.
func Formats() []Format {
	return []Format{
		{"parquet", []string{".parquet", ".pq"}, "Apache Parquet", false, openParquet, isParquet},
		{"arrow", []string{".arrow", ".ipc", ".arrows"}, "Apache Arrow IPC, file or stream", false, openArrow, isArrow},
		{"feather", []string{".feather"}, "Feather version 2, an Arrow IPC file", false, openArrow, isFeather},
		{"hdf5", []string{".h5", ".hdf5", ".hdf", ".he5"}, "HDF5 by pandas, PyTables or h5py", false, openHDF5, isHDF5},
		{"excel", []string{".xlsx", ".xlsm"}, "Excel workbook, one sheet", false, openExcel, isExcel},
		{"json", []string{".json"}, "JSON array of records, or records one after the other", true, openJSON, isJSON},
		{"ndjson", []string{".ndjson", ".jsonl", ".jsonlines"}, "JSON lines: one record a line", true, openJSON, isNDJSON},
		{"tsv", []string{".tsv", ".tab"}, "tab-separated values", true, openTSV, nil},
		{"csv", []string{".csv", ".txt", ".psv", ".data"}, "comma-, semicolon-, tab- or pipe-separated values", true, openCSV, isCSV},
	}
}

// Open opens what path names as a Source. The caller closes it; ctx must not end
// before that.
//
// path is a file, or several that are read as one: a pattern ("part-*.csv", with
// ** for any depth of folders), a folder, or a list separated by commas. The
// files of a folder or a pattern follow one another in the order of their names.
// Folders called key=value below it give a column each (Hive partitions). See
// openParts for how columns that differ are brought together. Each may also be
// an address (s3, gs, az, https, http); in the first three, a pattern or a
// folder, which ends in a slash, too. Of remote files only what is needed is
// transferred, once; it is kept in temporary files until Close.
//
// Every error about the data is a *dataset.Error; others are the context's.
func Open(ctx context.Context, path string, o Options) (dataset.Source, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	if err := ParseEncoding(o.Encoding); err != nil {
		return nil, dataset.NewError(path, err.Error(), "name one of these, or none")
	}
	src, err := openAll(ctx, path, o)
	if err != nil {
		return nil, err
	}
	return withoutSystem(ctx, path, src, o)
}

// openAll is Open once the options are filled in and checked.
func openAll(ctx context.Context, path string, o Options) (dataset.Source, error) {
	if isRemote(path) {
		return openRemote(ctx, path, o)
	}
	found, err := locate(path, o.Format)
	if err != nil {
		return nil, err
	}
	if len(found.parts) == 1 && len(found.parts[0].keys) == 0 {
		src, _, err := openOne(ctx, found.parts[0].path, o)
		return src, err
	}
	return openParts(ctx, path, found, o)
}

// openOne opens the one file at path; o has its defaults filled in.
func openOne(ctx context.Context, path string, o Options) (dataset.Source, Format, error) {
	format, err := fileFormat(ctx, path, o)
	if err != nil {
		return nil, Format{}, err
	}
	o.Format = format.Name
	src, err := format.open(ctx, path, o)
	if err != nil {
		return nil, Format{}, named(path, err)
	}
	if src, err = withChats(ctx, path, src, o); err != nil {
		return nil, Format{}, named(path, err)
	}
	return src, format, nil
}

// failed returns a *dataset.Error about the file as a whole that wraps err.
func failed(path string, err error, found, do string) *dataset.Error {
	e := dataset.NewError(path, found, do)
	e.Err = err
	return e
}

// cause returns err without the call and the path that it names.
func cause(err error) error {
	if p := new(fs.PathError); errors.As(err, &p) {
		return p.Err
	}
	return err
}

// named makes sure that an error names the file; the context's errors stay as they are.
func named(path string, err error) error {
	var e *dataset.Error
	if errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return failed(path, err, "cannot be read", "check that the file is whole")
}

// batchRows returns how many rows a batch of so many columns holds at most:
// 4096, fewer for wide tables, so that a batch has about 2^18 cells.
func batchRows(columns int) int {
	return min(4096, max(16, (1<<18)/max(1, columns)))
}
