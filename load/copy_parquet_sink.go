package load

import (
	"github.com/parquet-go/parquet-go"
)

// parquetSink takes the rows of a Parquet file as they stand in it.
type parquetSink struct {
	*pending
	writer  *parquet.Writer
	without []bool // by leaf of the source
	leaves  int    // of the source that are kept
	reasons bool
	source  *parquet.Schema
	columns []parquetAdded // of the source, for rows that are added
}

func (s *parquetSink) name() string { return s.path }

// newParquetSink writes to path with the schema and the compression of src.
func newParquetSink(src *parquetSource, path string, without map[string]bool, reasons bool) (*parquetSink, error) {
	file, err := src.whole()
	if err != nil {
		return nil, err
	}
	root := orderedGroup{Group: parquet.Group{}}
	skipped := make([]bool, 0, len(src.columns))
	columns := src.columns
	for _, f := range file.Schema().Fields() {
		leaves := countLeaves(f)
		var gone bool
		// A column of ours is a root field or a leaf below one; only whole fields
		// can be left out.
		for n := 0; n < leaves && len(columns) > 0; columns = columns[1:] {
			n += max(1, len(columns[0].node.leaves))
			gone = without[columns[0].field.Name] && len(columns[0].node.leaves) == leaves
		}
		for range leaves {
			skipped = append(skipped, gone)
		}
		if !gone {
			root.add(f.Name(), f)
		}
	}
	s := &parquetSink{without: skipped, reasons: reasons, source: file.Schema(), columns: addedColumns(src, file)}
	for _, gone := range skipped {
		if !gone {
			s.leaves++
		}
	}
	if reasons {
		root.add(ReasonColumn, parquet.Optional(parquet.String()))
	}
	if s.pending, err = newPending(path, false); err != nil {
		return nil, err
	}
	options := []parquet.WriterOption{parquet.NewSchema(file.Schema().Name(), root), parquet.MaxRowsPerRowGroup(groupRows)}
	if groups := file.Metadata().RowGroups; len(groups) > 0 && len(groups[0].Columns) > 0 {
		options = append(options, parquet.Compression(parquet.LookupCompressionCodec(groups[0].Columns[0].MetaData.Codec)))
	}
	for _, kv := range file.Metadata().KeyValueMetadata {
		if kv.Key != "ARROW:schema" || !reasons && s.leaves == len(skipped) {
			options = append(options, parquet.KeyValueMetadata(kv.Key, kv.Value))
		}
	}
	s.writer = parquet.NewWriter(s.pending, options...)
	return s, nil
}

func countLeaves(n parquet.Node) int {
	if n.Leaf() {
		return 1
	}
	sum := 0
	for _, f := range n.Fields() {
		sum += countLeaves(f)
	}
	return sum
}

func (s *parquetSink) commit() error {
	if err := s.writer.Close(); err != nil {
		return notWritten(s.path, err)
	}
	return s.pending.commit()
}

// place returns where a leaf of the source stands in the file; false if it is left out.
func (s *parquetSink) place(leaf int) (int, bool) {
	n := 0
	for _, gone := range s.without[:leaf] {
		if !gone {
			n++
		}
	}
	return n, !s.without[leaf]
}
