package load

import (
	"context"
	"fmt"
	"slices"

	"synthos/dataset"
)

// Edit says how a copy differs from its original.
type Edit struct {
	// Dropped says of a row, by its data row number, whether it is left out of the
	// copy, and why. It is called once a row, in order.
	Dropped func(row int64) (reason string, dropped bool)
	// Numbers change every number of a column, by the column's name.
	Numbers map[string]func(x float64) float64
	// Cells get another value: those that cannot be read as their column's type, and
	// levels that are wrong.
	Cells map[Place]Value
	// Broken drops the records of JSON that cannot be read, and those of CSV with more fields
	// than there are columns.
	Broken bool
	// Noted says of a row that stays whether it stands, as it was, among the dropped
	// ones too, and why; nil = of none.
	Noted map[int64]string
	// Without names the columns that are left out. Of conversations, these are the
	// messages of a role.
	Without map[string]bool
	// Added are rows that the copy has in addition; nil = none.
	Added *Added

	silenced map[string]map[string]bool // of columns of conversations, the roles that are left out
	stored   map[string]dataset.Field   // how columns of JSON are stored
}

// Columns returns the columns in which cells change.
func (e *Edit) Columns() map[string]bool {
	out := map[string]bool{}
	for name := range e.Numbers {
		out[name] = true
	}
	for at := range e.Cells {
		out[at.Column] = true
	}
	return out
}

// Place is a cell: a data row number and the name of a column.
type Place struct {
	Row    int64
	Column string
}

// Value is what a cell gets: a number, a text, or null.
type Value struct {
	Number float64
	Null   bool
	Text   *string // nil = not a text
}

// Copied counts the rows of a copy.
type Copied struct {
	Kept, Dropped, Added int64
	Broken               int64 // of those that were dropped
}

// ReasonColumn is the column that a file of dropped rows has in addition: why they
// were dropped.
const ReasonColumn = "synthos_reason"

// Copy writes the rows of src, which Open opened, to a new file at path, and the
// dropped ones, with the reason, to one at dropped unless that is "". Row order,
// columns and types stay; with the extension of another format (.csv, .tsv,
// .parquet or .arrow) the rows are written as that. Rows of text formats and Parquet that
// no edit changes are copied as they stand in the file, conversations too, which Open shows as
// several columns; those of several files too, if one file can hold them. Rows of text formats
// that no reader can make sense of (Edit.Broken) are dropped.
//
// Both files appear when both are complete; a file of that name is then
// replaced. After an error or when ctx ends, there is none. Copy refuses to
// write to a file that it reads. progress, if not nil, is called with the
// number of rows done.
func Copy(ctx context.Context, src dataset.Source, path, dropped string, e Edit, progress func(rows int64)) (Copied, error) {
	inputs := src.Ranges()
	if e.Added != nil {
		inputs = append(slices.Clone(inputs), e.Added.Source.Ranges()...)
	}
	for _, r := range inputs {
		for _, out := range []string{path, dropped} {
			if out != "" && SamePath(r.Path, out) {
				return Copied{}, dataset.NewError(out, "this is the input", "name another file for the output")
			}
		}
	}
	if dropped != "" && SamePath(path, dropped) {
		return Copied{}, dataset.NewError(dropped, "the dropped rows cannot go where the others go", "name another file")
	}
	pieces, chats := piecesOf(src, path)
	src = pieces[0].source
	c := &copying{edit: e, progress: progress}
	if err := c.edit.conversations(src, path, chats); err != nil {
		return Copied{}, err
	}
	kept, err := c.open(src, path, false)
	if err != nil {
		return Copied{}, err
	}
	defer kept.discard()
	var gone rowSink
	if dropped != "" {
		if gone, err = c.open(src, dropped, true); err != nil {
			return Copied{}, err
		}
		defer gone.discard()
	}
	for _, piece := range pieces {
		c.first = piece.first
		if err := c.run(ctx, piece.source, kept, gone); err != nil {
			return Copied{}, err
		}
	}
	if err := c.append(ctx, src, kept); err != nil {
		return Copied{}, err
	}
	if gone != nil {
		if err := gone.commit(); err != nil {
			return Copied{}, err
		}
	}
	return c.done, kept.commit()
}

// CanCopy returns an error if Copy cannot write a file of this name from src.
func CanCopy(src dataset.Source, path string) error {
	pieces, _ := piecesOf(src, path)
	if _, err := sinkOf(pieces[0].source, path); err != nil {
		return err
	}
	return checkPlace(path)
}

// copying is one call of Copy.
type copying struct {
	edit     Edit
	done     Copied
	progress func(rows int64)
	first    int64          // data row number of the first row of the file at hand
	rows     map[int64]bool // with a cell that changes; filled by written
}

// rowSink is where rows go. Which of its methods is used depends on the source.
type rowSink interface {
	commit() error
	discard()
}

// next counts a row and says where it goes. broken says why it cannot stay, whatever the edit
// says; "" = it can.
func (c *copying) next(row int64, broken string) (reason string, dropped bool) {
	if c.edit.Dropped != nil {
		reason, dropped = c.edit.Dropped(row)
	}
	if broken != "" {
		reason, dropped = broken, true
		c.done.Broken++
	}
	if dropped {
		c.done.Dropped++
	} else {
		c.done.Kept++
	}
	if n := c.done.Kept + c.done.Dropped; c.progress != nil && n%4096 == 0 {
		c.progress(n)
	}
	return reason, dropped
}

// sinkOf returns the format to write to path, "" for that of src.
func sinkOf(src dataset.Source, path string) (format string, err error) {
	own := ""
	switch s := src.(type) {
	case *csvSource:
		own = "csv"
		if s.dialect.delimiter == '\t' {
			own = "tsv"
		}
	case *jsonSource:
		own = "ndjson"
		if s.layout == jsonArray {
			own = "json"
		}
	case *parquetSource:
		own = "parquet"
	}
	asked := ""
	for _, f := range Formats() {
		for _, ext := range f.Extensions {
			if ext == extension(path) {
				asked = f.Name
			}
		}
	}
	text := own == "csv" || own == "tsv"
	switch {
	case own != "" && (asked == own || asked == "" && extension(path) == "" || text && (asked == "csv" || asked == "tsv") && own == asked):
		return "", nil
	case own == "csv" && asked == "tsv" || own == "tsv" && asked == "csv":
		return "csv", nil
	case own == "ndjson" && asked == "json", own == "json" && asked == "ndjson":
		return asked, nil
	case asked == "csv" || asked == "parquet":
		return asked, nil
	case asked == "feather" || asked == "arrow" && extension(path) != ".arrows": // a stream is not written
		return "arrow", nil
	case asked == "tsv":
		return "csv", nil
	}
	return "", dataset.NewError(path, fmt.Sprintf("rows cannot be written to a file called *%s", extension(path)), "give it the extension of the input if that is CSV, TSV, JSON, JSON lines, Parquet or Arrow; else .csv, .tsv, .parquet or .arrow (Excel and HDF5 files are read, but not written)")
}

func (c *copying) open(src dataset.Source, path string, reasons bool) (rowSink, error) {
	format, err := sinkOf(src, path)
	if err != nil {
		return nil, err
	}
	switch s := src.(type) {
	case *csvSource:
		if format == "" {
			return newCSVSink(s, path, c.edit.Without, reasons)
		}
	case *jsonSource:
		if format == "" || format == "json" || format == "ndjson" {
			return newJSONSink(s, path, c.edit.Without, format == "json" || format == "" && s.layout == jsonArray, reasons)
		}
	case *parquetSource:
		if format == "" {
			return newParquetSink(s, path, c.edit.Without, reasons)
		}
	}
	if s, ok := src.(*arrowSource); ok && format == "arrow" && copiesArrow(s, &c.edit) {
		return newArrowSink(s, path, c.edit.Without, reasons)
	}
	return newTableSink(path, format, src.Schema(), c.edit.Without, reasons)
}

// run reads src in order and hands its rows to the sinks; gone may be nil.
func (c *copying) run(ctx context.Context, src dataset.Source, kept, gone rowSink) error {
	_, typed := kept.(*tableSink)
	_, arrows := kept.(*arrowSink)
	if gone != nil {
		_, also := gone.(*tableSink)
		_, too := gone.(*arrowSink)
		if typed != also || arrows != too {
			return dataset.NewError(gone.(interface{ name() string }).name(), "the dropped rows would have another format than the others", "give both files the same extension")
		}
	}
	switch s := src.(type) {
	case *csvSource:
		if !typed {
			return c.csv(ctx, s, kept, gone)
		}
	case *jsonSource:
		if !typed {
			return c.json(ctx, s, kept, gone)
		}
	case *parquetSource:
		if !typed {
			return guarded(s.path, parquetName, func() error { return c.parquet(ctx, s, kept, gone) })
		}
	case *arrowSource:
		if to, ok := kept.(*arrowSink); ok {
			lost, _ := gone.(*arrowSink)
			return guarded(s.path, arrowName, func() error { return c.arrow(ctx, s, to, lost) })
		}
	}
	return c.tables(ctx, src, kept, gone)
}
