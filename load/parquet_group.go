package load

import (
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// parquetGroup is a row group: its column chunks as the library reads them, and
// what the footer says about them.
type parquetGroup struct {
	file   io.ReaderAt
	chunks []parquet.ColumnChunk
	meta   *format.RowGroup
}

func (g parquetGroup) rows() int64 { return g.meta.NumRows }

// largePage is the size in bytes up to which a page may be larger than the
// footer says of its whole column: not every writer counts that well.
const largePage = 64 << 20

// checkPages walks the page headers of a leaf and checks the sizes in them
// against the footer: the library allocates what a page header asks for, before
// it has seen the data.
func (g parquetGroup) checkPages(leaf *parquetLeaf) error {
	m := &g.meta.Columns[leaf.index].MetaData
	at := m.DataPageOffset
	if m.DictionaryPageOffset != 0 {
		at = m.DictionaryPageOffset
	}
	end := at + m.TotalCompressedSize
	var values int64
	for at < end && values < m.NumValues {
		header, n, err := pageHeader(g.file, at, end)
		if err != nil {
			return fmt.Errorf("page header at byte %d: %w", at, err)
		}
		at += int64(n) + int64(header.CompressedPageSize)
		size := int64(header.UncompressedPageSize)
		k := pageValues(header)
		if header.Type == format.DictionaryPage {
			if k > size {
				return fmt.Errorf("a dictionary of %d values in %d bytes", k, size)
			}
		} else {
			values += k
		}
		if k < 0 || header.CompressedPageSize < 0 || size < 0 || at > end || values > m.NumValues || size > max(m.TotalUncompressedSize, largePage) {
			return fmt.Errorf("the page before byte %d holds %d values in %d bytes, %d unpacked, more than its column of %d values in %d bytes",
				at, k, header.CompressedPageSize, size, m.NumValues, m.TotalUncompressedSize)
		}
	}
	if leaf.maxRep == 0 && m.NumValues != g.rows() {
		return fmt.Errorf("%d values in a row group of %d rows", m.NumValues, g.rows())
	}
	return nil
}

// pageHeader decodes the page header at byte at of the file and returns its
// length in bytes. Headers with long statistics are longer than the first try.
func pageHeader(file io.ReaderAt, at, end int64) (*format.PageHeader, int, error) {
	for size := int64(512); ; size *= 16 {
		buf := make([]byte, min(size, end-at))
		if _, err := file.ReadAt(buf, at); err != nil && err != io.EOF {
			return nil, 0, err
		}
		var protocol thrift.CompactProtocol
		r := protocol.NewReaderFromBytes(buf)
		header := new(format.PageHeader)
		err := thrift.NewDecoder(r).Decode(header)
		if err == nil {
			return header, r.BytesRead(), nil
		}
		if size >= end-at || size > 32<<20 {
			return nil, 0, err
		}
	}
}

// pageValues returns how many values, nulls included, a page holds.
func pageValues(h *format.PageHeader) int64 {
	switch {
	case h.DataPageHeader.Valid:
		return int64(h.DataPageHeader.V.NumValues)
	case h.DataPageHeaderV2.Valid:
		return int64(h.DataPageHeaderV2.V.NumValues)
	case h.DictionaryPageHeader.Valid:
		return int64(h.DictionaryPageHeader.V.NumValues)
	}
	return 0
}
