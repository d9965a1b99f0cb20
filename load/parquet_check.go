package load

import (
	"fmt"
	"strings"

	"github.com/parquet-go/parquet-go/format"

	"synthos/dataset"
)

// checkParquetMetadata checks what the footer declares against the size of the
// file, so that nothing later trusts an impossible number.
func checkParquetMetadata(path string, meta *format.FileMetaData, size int64) error {
	var rows int64
	for i := range meta.RowGroups {
		g := &meta.RowGroups[i]
		if g.NumRows < 0 || rows+g.NumRows < rows {
			return damaged(path, parquetName, fmt.Errorf("row group %d declares %d rows", i, g.NumRows))
		}
		rows += g.NumRows
		for j := range g.Columns {
			if err := checkParquetChunk(path, &g.Columns[j], size); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkParquetChunk(path string, c *format.ColumnChunk, size int64) error {
	name := strings.Join(c.MetaData.PathInSchema, ".")
	fail := func(found, do string) error {
		e := dataset.NewError(path, found, do)
		e.Column = name
		return e
	}
	if c.CryptoMetadata.Value != nil {
		return fail("the column is encrypted", "decrypt the file first")
	}
	if c.FilePath != "" {
		return fail(fmt.Sprintf("its data is in another file, %q", c.FilePath), "give the files that hold the data")
	}
	m := &c.MetaData
	start := m.DataPageOffset
	if m.DictionaryPageOffset != 0 {
		start = min(start, m.DictionaryPageOffset)
	}
	if start < 0 || m.TotalCompressedSize < 0 || m.NumValues < 0 || start > size || m.TotalCompressedSize > size-start {
		e := damaged(path, parquetName, fmt.Errorf("%d values in %d bytes at %d of a file of %d bytes", m.NumValues, m.TotalCompressedSize, start, size)).(*dataset.Error)
		e.Column = name
		return e
	}
	return nil
}
