package load

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"synthos/dataset"
)

const arrowName = "Arrow"

// arrowSource is an Arrow IPC file or stream. A Range is a record batch of a
// file, or the whole stream: it can only be read from its beginning.
type arrowSource struct {
	path     string
	file     file
	size     int64
	stream   bool
	readers  arrowReaders // of a file
	columns  []arrowColumn
	schema   dataset.Schema
	ranges   []dataset.Range
	findings []dataset.Finding
}

// openArrow opens an Arrow IPC file (Feather version 2 is the same) or an IPC
// stream, compressed with zstd, lz4 or not at all. Structs become one column a
// leaf, with dotted names; lists, maps and unions become text (nestedText).
//
// Integers are stored as Float unless a sample of the file holds one beyond
// 2^53, then as String; one that shows later is Invalid. NaN is null, infinities
// are Invalid; times of day and durations are seconds.
func openArrow(ctx context.Context, path string, o Options) (dataset.Source, error) {
	file, size, err := o.openFile(ctx, path)
	if err != nil {
		return nil, err
	}
	s := &arrowSource{path: path, file: file, size: size}
	if err := guarded(path, arrowName, func() error { return s.open(ctx, o) }); err != nil {
		file.Close()
		return nil, err
	}
	return s, nil
}

func (s *arrowSource) open(ctx context.Context, o Options) error {
	var magic [6]byte
	if _, err := s.file.ReadAt(magic[:], 0); err != nil && err != io.EOF {
		return err
	}
	if string(magic[:4]) == "FEA1" {
		return dataset.NewError(s.path, "Feather version 1, a format of before 2020", "write it again as version 2 or as Parquet")
	}
	var schema *arrow.Schema
	if string(magic[:]) == string(ipc.Magic) {
		rows, err := arrowFileRows(s.file, s.size)
		if err != nil {
			return err
		}
		reader, err := s.takeReader()
		if err != nil {
			return err
		}
		schema = reader.Schema()
		s.readers.give(reader)
		var first int64
		for i, n := range rows {
			s.ranges = append(s.ranges, dataset.Range{Index: i, Path: s.path, Offset: int64(i), Length: 1, FirstRow: first, Rows: n})
			first += n
		}
	} else {
		rows, err := arrowStreamRows(s.file, s.size)
		if err != nil {
			return err
		}
		s.stream = true
		stream, err := s.openStream()
		if err != nil {
			return err
		}
		schema = stream.Schema()
		s.ranges = []dataset.Range{{Path: s.path, Length: 1, Rows: rows}}
	}
	s.columns = arrowColumns(schema)
	if len(s.columns) == 0 || len(s.columns) > o.MaxColumns {
		return dataset.NewError(s.path, fmt.Sprintf("the file has %d columns, readable are 1 to %d", len(s.columns), o.MaxColumns), "select the columns that matter")
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	for _, c := range s.columns {
		s.schema.Fields = append(s.schema.Fields, c.field)
	}
	s.findings = append(trainingTexts(s.path, s.schema.Fields), uniqueNames(s.path, s.schema.Fields)...)
	for i := range s.columns {
		s.columns[i].cast.force(&s.schema.Fields[i], o.Types, s.columns[i].format)
	}
	return nil
}

// options returns the limits for the library: no message is longer than the file.
func (s *arrowSource) options() []ipc.Option {
	return []ipc.Option{
		ipc.WithMetadataSizeLimit(s.size), ipc.WithBodySizeLimit(s.size),
		ipc.WithAllocator(boundedAllocator{memory.NewGoAllocator(), largeBuffer + mostPacked*s.size}),
	}
}

// openStream starts to read the file as a stream.
func (s *arrowSource) openStream() (*ipc.Reader, error) {
	return ipc.NewReader(io.NewSectionReader(s.file, 0, s.size), s.options()...)
}

// arrowReaders keeps the library's readers of a file that are not in use. Each
// is for one goroutine at a time: their methods are documented to be safe for
// many, but share the state that finds the dictionaries.
type arrowReaders struct {
	mu   sync.Mutex
	idle []*ipc.FileReader
}

func (r *arrowReaders) give(reader *ipc.FileReader) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle = append(r.idle, reader)
}

func (r *arrowReaders) take() *ipc.FileReader {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.idle)
	if n == 0 {
		return nil
	}
	reader := r.idle[n-1]
	r.idle = r.idle[:n-1]
	return reader
}

// takeReader returns an idle reader of the file, or a new one.
func (s *arrowSource) takeReader() (*ipc.FileReader, error) {
	if reader := s.readers.take(); reader != nil {
		return reader, nil
	}
	return ipc.NewFileReader(io.NewSectionReader(s.file, 0, s.size), s.options()...)
}

// chatColumns implements chatter.
func (s *arrowSource) chatColumns() []*chatColumn {
	var chats []*chatColumn
	for i, c := range s.columns {
		if isArrowChat(c.typ) {
			chats = append(chats, &chatColumn{at: i})
		}
	}
	return chats
}

func (s *arrowSource) Schema() *dataset.Schema     { return &s.schema }
func (s *arrowSource) Ranges() []dataset.Range     { return s.ranges }
func (s *arrowSource) Findings() []dataset.Finding { return s.findings }
func (s *arrowSource) Close() error                { return s.file.Close() }

// Read reads record batch r.Offset, or the whole stream, a few thousand rows at
// a time.
func (s *arrowSource) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	records, err := s.records(r)
	if err != nil {
		return err
	}
	readers := make([]*arrowReader, len(s.columns))
	for i := range s.columns {
		readers[i] = newArrowReader(s.columns[i])
	}
	b := &dataset.Batch{FirstRow: r.FirstRow, Columns: make([]dataset.Vector, len(s.columns))}
	most := batchRows(len(s.columns))
	var record arrow.RecordBatch
	at, rows := 0, 0 // within the record
	next := func() (*dataset.Batch, error) {
		for at == rows {
			var err error
			if record, err = records(); err != nil {
				return nil, err
			}
			at, rows = 0, int(record.NumRows())
			for _, reader := range readers {
				if err := reader.bind(record); err != nil {
					return nil, err
				}
			}
		}
		b.FirstRow += int64(b.Rows)
		b.Rows = min(most, rows-at)
		for i, reader := range readers {
			b.Columns[i] = reader.read(at, b.Rows)
		}
		at += b.Rows
		return b, nil
	}
	return pump(ctx, s.path, arrowName, next, yield)
}

// records returns a function that returns the record batches of a range one
// after the other, and io.EOF after the last.
func (s *arrowSource) records(r dataset.Range) (func() (arrow.RecordBatch, error), error) {
	if !s.stream {
		if r.Offset < 0 || r.Offset >= int64(len(s.ranges)) {
			return nil, dataset.NewError(s.path, fmt.Sprintf("there is no record batch %d", r.Offset), "take the range from the same file")
		}
		done := false
		return func() (arrow.RecordBatch, error) {
			if done {
				return nil, io.EOF
			}
			done = true
			reader, err := s.takeReader()
			if err != nil {
				return nil, err
			}
			record, err := reader.RecordBatchAt(int(r.Offset))
			if err != nil {
				return nil, err
			}
			s.readers.give(reader)
			if want := s.ranges[r.Offset].Rows; record.NumRows() != want {
				return nil, fmt.Errorf("record batch %d has %d rows, its header says %d", r.Offset, record.NumRows(), want)
			}
			return record, nil
		}, nil
	}
	var stream *ipc.Reader
	return func() (arrow.RecordBatch, error) {
		if stream == nil {
			var err error
			if stream, err = s.openStream(); err != nil {
				return nil, err
			}
		}
		return stream.Read()
	}, nil
}
