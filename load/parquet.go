package load

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"

	"synthos/dataset"
)

const parquetName = "Parquet"

// parquetSource is a Parquet file: a Range is a row group.
type parquetSource struct {
	path     string
	file     file
	groups   []parquetGroup
	columns  []*parquetColumn
	schema   dataset.Schema
	ranges   []dataset.Range
	findings []dataset.Finding
}

// openParquet opens a Parquet file. Structs become one column a leaf, with
// dotted names; lists and maps become text (nestedText). Integers are stored as
// Float unless one is beyond 2^53, then as String; NaN is null, infinities are
// Invalid; times of day are seconds since midnight.
func openParquet(ctx context.Context, path string, o Options) (dataset.Source, error) {
	file, size, err := o.openFile(ctx, path)
	if err != nil {
		return nil, err
	}
	s := &parquetSource{path: path, file: file}
	err = guarded(path, parquetName, func() error { return s.open(ctx, size, o) })
	if err != nil {
		file.Close()
		return nil, err
	}
	return s, nil
}

func (s *parquetSource) open(ctx context.Context, size int64, o Options) error {
	if err := checkParquetFooter(s.path, s.file, size); err != nil {
		return err
	}
	f, err := parquet.OpenFile(s.file, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil && strings.Contains(err.Error(), "DecryptionConfig") {
		return dataset.NewError(s.path, "columns of the Parquet file are encrypted", "decrypt it first")
	}
	if err != nil {
		return err
	}
	if err := checkParquetMetadata(s.path, f.Metadata(), size); err != nil {
		return err
	}
	for i, g := range f.RowGroups() {
		s.groups = append(s.groups, parquetGroup{file: s.file, chunks: g.ColumnChunks(), meta: &f.Metadata().RowGroups[i]})
	}
	if s.columns, err = parquetColumns(f); err != nil {
		return err
	}
	if len(s.columns) == 0 || len(s.columns) > o.MaxColumns {
		return dataset.NewError(s.path, fmt.Sprintf("the file has %d columns, readable are 1 to %d", len(s.columns), o.MaxColumns), "select the columns that matter")
	}
	var first int64
	for i, g := range s.groups {
		s.ranges = append(s.ranges, dataset.Range{Index: i, Path: s.path, Offset: int64(i), Length: 1, FirstRow: first, Rows: g.rows()})
		first += g.rows()
	}
	if err := s.settleIntegers(ctx); err != nil {
		return err
	}
	fields := make([]dataset.Field, len(s.columns))
	for i, c := range s.columns {
		fields[i] = c.field
	}
	s.findings = append(trainingTexts(s.path, fields), uniqueNames(s.path, fields)...)
	s.schema.Fields = fields
	if err := s.markWhole(ctx); err != nil {
		return err
	}
	for i, c := range s.columns {
		var format func(float64) string
		if c.node.leaf != nil {
			format = c.node.leaf.format
		}
		c.cast.force(&s.schema.Fields[i], o.Types, format)
	}
	return nil
}

// chatColumns implements chatter.
func (s *parquetSource) chatColumns() []*chatColumn {
	var chats []*chatColumn
	for i, c := range s.columns {
		if c.node.isChat() {
			chats = append(chats, &chatColumn{at: i})
		}
	}
	return chats
}

func (s *parquetSource) Schema() *dataset.Schema     { return &s.schema }
func (s *parquetSource) Ranges() []dataset.Range     { return s.ranges }
func (s *parquetSource) Findings() []dataset.Finding { return s.findings }
func (s *parquetSource) Close() error                { return s.file.Close() }

// Read reads row group r.Offset: all its columns in step, one batch at a time.
func (s *parquetSource) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	if r.Offset < 0 || r.Offset >= int64(len(s.groups)) {
		return dataset.NewError(s.path, fmt.Sprintf("there is no row group %d", r.Offset), "take the range from the same file")
	}
	group := s.groups[r.Offset]
	readers := make([]parquetReader, len(s.columns))
	casts := make([]forced, len(s.columns))
	defer func() {
		for _, reader := range readers {
			if reader != nil {
				reader.close()
			}
		}
	}()
	rows := int(group.rows())
	most := batchRows(len(s.columns))
	b := &dataset.Batch{Columns: make([]dataset.Vector, len(s.columns))}
	done := 0
	next := func() (*dataset.Batch, error) {
		if done >= rows {
			return nil, io.EOF
		}
		n := min(most, rows-done)
		b.FirstRow, b.Rows = r.FirstRow+int64(done), n
		for i, c := range s.columns {
			if readers[i] == nil {
				readers[i], casts[i] = c.reader(group), c.cast
			}
			got, err := readers[i].read(n)
			if err == nil && len(got.Null) != n {
				err = fmt.Errorf("row group %d has %d rows, but the column ends after %d", r.Offset, rows, done+len(got.Null))
			}
			if err != nil {
				e := damaged(s.path, parquetName, err).(*dataset.Error)
				e.Column = s.schema.Fields[i].Name
				return nil, e
			}
			b.Columns[i] = casts[i].apply(got, n)
		}
		done += n
		return b, nil
	}
	return pump(ctx, s.path, parquetName, next, yield)
}

// checkParquetFooter looks at the last eight bytes, so that what is cut short,
// encrypted or claims an impossible footer is refused before it is decoded.
func checkParquetFooter(path string, r io.ReaderAt, size int64) error {
	if size < 12 {
		return damaged(path, parquetName, fmt.Errorf("%d bytes are too few", size))
	}
	var tail [8]byte
	if _, err := r.ReadAt(tail[:], size-8); err != nil {
		return err
	}
	switch string(tail[4:]) {
	case "PAR1":
	case "PARE":
		return dataset.NewError(path, "the Parquet file is encrypted", "decrypt it first")
	default:
		return damaged(path, parquetName, fmt.Errorf("it does not end in PAR1"))
	}
	if footer := int64(binary.LittleEndian.Uint32(tail[:4])); footer > size-12 {
		return damaged(path, parquetName, fmt.Errorf("a footer of %d bytes in a file of %d", footer, size))
	}
	return nil
}
