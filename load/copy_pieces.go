package load

import (
	"slices"

	"github.com/parquet-go/parquet-go"

	"synthos/dataset"
)

// piece is a file of a source that is copied.
type piece struct {
	source dataset.Source
	first  int64 // data row number of its first row
}

// piecesOf returns the files of a source, without the columns that stand for conversations, and
// these. Files of a dataset whose records can follow each other as they stand in a file at path are
// a piece each; other datasets are one piece, of cells.
func piecesOf(src dataset.Source, path string) ([]piece, []*chatColumn) {
	src, chats := withoutChats(src)
	s, ok := src.(*partsSource)
	if !ok {
		return []piece{{source: src}}, chats
	}
	var pieces []piece
	for _, p := range s.parts {
		one, its := withoutChats(p.source)
		if len(p.keys) > 0 || len(pieces) == 0 && !asItStands(one, path) || len(pieces) > 0 && !sameRecords(pieces[0].source, one) {
			return []piece{{source: src}}, nil
		}
		pieces, chats = append(pieces, piece{one, p.firstRow}), append(chats, its...)
	}
	return pieces, chats
}

// asItStands reports whether rows of src go to a file of this name without becoming cells.
func asItStands(src dataset.Source, path string) bool {
	format, err := sinkOf(src, path)
	_, json := src.(*jsonSource)
	return err == nil && (format == "" || json && (format == "json" || format == "ndjson"))
}

// sameRecords reports whether the records of b can follow those of a as they stand.
func sameRecords(a, b dataset.Source) bool {
	switch x := a.(type) {
	case *csvSource:
		y, ok := b.(*csvSource)
		return ok && x.dialect.alike(&y.dialect) && slices.Equal(x.dialect.header, y.dialect.header) && slices.Equal(x.schema.Names(), y.schema.Names())
	case *jsonSource:
		_, ok := b.(*jsonSource)
		return ok
	case *parquetSource:
		y, ok := b.(*parquetSource)
		if !ok {
			return false
		}
		f, errF := x.whole()
		g, errG := y.whole()
		return errF == nil && errG == nil && parquet.EqualNodes(f.Schema(), g.Schema()) && slices.EqualFunc(f.Schema().Columns(), g.Schema().Columns(), slices.Equal[[]string])
	}
	return false
}
