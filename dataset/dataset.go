// Package dataset holds the nouns that come in: what a table is while it flows
// through synthos. Everything else reads these types; this package imports
// nothing of ours.
//
// A file is a Source: a Schema and a list of Ranges. Reading a Range yields
// Batches, which hold a few thousand rows as typed columns (Vectors). What is
// kept in memory, the sample, is a Table.
package dataset

import "context"

// Field describes one column.
type Field struct {
	Name    string `json:"name"`
	Type    Type   `json:"type"`              // storage, fixed by the loader
	Kind    Kind   `json:"kind"`              // meaning, decided by the first pass
	Integer bool   `json:"integer,omitempty"` // every number seen by the loader was whole
	Layout  string `json:"layout,omitempty"`  // Time: the layout (package time) it was parsed with
}

// Schema is the ordered list of columns of a Source, Batch or Table.
type Schema struct {
	Fields []Field
}

// Index returns the position of the column called name, or -1.
func (s *Schema) Index(name string) int {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return i
		}
	}
	return -1
}

// Places returns what Index returns for each of the names. Of thousands of columns
// looked up one by one, each would be compared with all others.
func (s *Schema) Places(names []string) []int {
	at := make(map[string]int, len(s.Fields))
	for i := len(s.Fields) - 1; i >= 0; i-- { // of equal names the first one counts
		at[s.Fields[i].Name] = i
	}
	places := make([]int, len(names))
	for k, name := range names {
		places[k] = -1
		if i, ok := at[name]; ok {
			places[k] = i
		}
	}
	return places
}

// Names returns the column names in order.
func (s *Schema) Names() []string {
	names := make([]string, len(s.Fields))
	for i := range s.Fields {
		names[i] = s.Fields[i].Name
	}
	return names
}

// Range is one unit of work: a run of consecutive rows that can be read
// without reading any other. It is small and can be sent to another machine.
type Range struct {
	Index    int    // position among the ranges of its Source
	Path     string // the file it is in
	Offset   int64  // bytes (text formats), or the first row group, record batch or row
	Length   int64  // bytes, or how many groups, batches or rows
	FirstRow int64  // 0-based data row number of its first row in the whole Source
	Rows     int64  // how many rows; -1 if only reading tells
}

// RowsOf returns how many rows all ranges of a Source hold, if that is known before they are read.
func RowsOf(ranges []Range) (rows int64, known bool) {
	if len(ranges) == 0 {
		return 0, true
	}
	last := ranges[len(ranges)-1]
	if last.Rows < 0 {
		return 0, false
	}
	return last.FirstRow + last.Rows, true
}

// Source is a dataset that can be read again and again, range by range, by
// many goroutines at once.
type Source interface {
	// Schema returns the columns. Batches hold one Vector per field, in order.
	Schema() *Schema
	// Ranges returns the units of work in file order; rows are numbered through.
	Ranges() []Range
	// Read calls yield with the rows of r in order, as batches that are valid
	// only during the call. It stops at yield's first error, or when ctx ends.
	Read(ctx context.Context, r Range, yield func(*Batch) error) error
	// Findings returns what was odd about the file, found while opening it.
	// What shows only while reading is in the batches (Vector.Invalid, Skipped).
	Findings() []Finding
	// Close releases files. No Read may be running.
	Close() error
}

// Finding is something odd about a file that did not stop it from being read:
// a renamed duplicate header, a ragged row, an ambiguous date layout.
type Finding struct {
	Path    string `json:"path,omitempty"`
	Row     int64  `json:"row"` // 0-based data row, -1 if it is not about a row
	Column  string `json:"column,omitempty"`
	Message string `json:"message"`
}

// Batch is a run of consecutive rows, column by column.
type Batch struct {
	FirstRow int64 // data row number of row 0
	Rows     int
	Columns  []Vector
	Skipped  []Finding // rows in this run of the file that could not be read
}

// Vector holds the cells of one column of a Batch or Table.
//
// Null[i] says that cell i holds no value; its Floats or Strings entry is then
// meaningless. Exactly one of Floats and Strings is used, by the Field's Type.
type Vector struct {
	Floats  []float64
	Strings []string
	Null    []bool
	Invalid []Invalid // cells that were there but not readable as the column's Type; their Null is true
}

// Invalid is a cell whose text could not be read as its column's type.
type Invalid struct {
	Row  int    // index into the vector
	Text string // what stands in the file, cut to 64 bytes
}

// Table is a set of rows held in memory, column by column: a sample.
type Table struct {
	Schema  *Schema
	Columns []Vector
	RowIDs  []int64 // the data row number in the file of each row; ascending
}

// Rows returns the number of rows.
func (t *Table) Rows() int { return len(t.RowIDs) }
