package load

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"synthos/dataset"
)

const excelName = "Excel"

// excelSource is one sheet of an Excel workbook. It is one range: where a row
// begins in it shows only when all before it has been decompressed.
type excelSource struct {
	path     string
	file     file
	book     *workbook
	part     string
	above    int            // rows with anything in them above the table
	header   bool           // the first row of the table names the columns
	first    int            // sheet column of the first of ours
	schema   dataset.Schema // with the layouts of our readers
	shown    dataset.Schema
	ranges   []dataset.Range
	findings []dataset.Finding
	notes    notes
	totals   totals
	options  Options
	partial  bool            // not all rows were looked at to decide the types
	thinned  bool            // which rows decided the types is not known
	doubtful map[string]bool // columns whose layout is a guess
}

// openExcel opens the sheet called o.Sheet, or the first one, of an .xlsx file.
//
// The first row with anything in it names the columns, if its cells do not look
// like those below (hasHeader). Titles above it are left out, see excelTitles. Empty
// rows are skipped. Cells are read by their
// number formats: dates as ISO 8601, times of day and lengths of time as
// seconds; formulas by the value last computed. The columns' storage is decided
// by the rule for CSV from the first 10,000 rows. Errors (#DIV/0!) are Invalid,
// #N/A is null. Of merged cells the first has the value, as in the file.
func openExcel(ctx context.Context, path string, o Options) (dataset.Source, error) {
	file, size, err := o.openFile(ctx, path)
	if err != nil {
		return nil, err
	}
	s := &excelSource{path: path, file: file, options: o}
	if err := guarded(path, excelName, func() error { return s.open(ctx, size, o) }); err != nil {
		file.Close()
		return nil, err
	}
	return s, nil
}

func (s *excelSource) open(ctx context.Context, size int64, o Options) error {
	magic := make([]byte, 8)
	if _, err := s.file.ReadAt(magic, 0); err == nil && bytes.Equal(magic, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return dataset.NewError(s.path, "an old workbook (.xls), or one with a password", "save it as .xlsx without a password, or export it as CSV")
	}
	var err error
	if s.book, err = openWorkbook(s.file, size, s.path, o); err != nil {
		return err
	}
	sheet, err := s.book.sheet(o.Sheet)
	if err != nil {
		return err
	}
	s.part = sheet.part
	records, err := s.sample(ctx)
	if err != nil {
		return err
	}
	if len(records) == 0 {
		return dataset.NewError(s.path, fmt.Sprintf("the sheet %q is empty", sheet.name), "name the sheet that holds the data")
	}
	if len(records[0]) > o.MaxColumns {
		return dataset.NewError(s.path, fmt.Sprintf("the sheet has %d columns", len(records[0])), "select the columns that matter, or raise the limit MaxColumns")
	}
	s.setSchema(records, o)
	s.ranges = []dataset.Range{{Path: s.path, Length: 1, Rows: -1}}
	return nil
}

// sample returns the first rows of the sheet as texts, all with the same
// columns, and sets where these begin.
func (s *excelSource) sample(ctx context.Context) ([][]string, error) {
	rows, close, err := s.sheet()
	if err != nil {
		return nil, err
	}
	defer close()
	var sparse [][]excelCell
	counts := map[int]int{} // cells by column
	seen, every, passed := 0, 1, 0
	for {
		if len(sparse) > sampleRecords(len(counts)) {
			if s.partial = !s.options.Whole; s.partial {
				break
			}
			sparse = thinRows(sparse)
			every *= 2
			s.thinned = true
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		cells, err := rows.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		seen++
		for _, c := range cells {
			counts[c.column]++
		}
		if passed++; passed < every {
			continue
		}
		passed = 0
		kept := slices.Clone(cells)
		for i := range kept {
			if len(sparse) > mostTitles { // not the names of the columns
				kept[i].text = kept[i].text[:min(sampleText, len(kept[i].text))]
			}
			kept[i].text = bytes.Clone(kept[i].text)
		}
		sparse = append(sparse, kept)
	}
	if len(sparse) == 0 {
		return nil, nil
	}
	if s.above = excelTitles(sparse, counts, seen); s.above > 0 {
		message := fmt.Sprintf("%d rows above the table were left out; the first begins with %q", s.above, cutText(sparse[0][0].text))
		s.findings = append(s.findings, dataset.Finding{Path: s.path, Row: -1, Message: message})
		for _, cells := range sparse[:s.above] {
			for _, c := range cells {
				counts[c.column]--
			}
		}
		sparse, seen = sparse[s.above:], seen-s.above
	}
	first, last := tableColumns(sparse, counts, seen)
	s.first = first
	records := make([][]string, len(sparse))
	for i, cells := range sparse {
		records[i] = make([]string, last-first+1)
		for _, c := range cells {
			if c.column >= first && c.column <= last {
				records[i][c.column-first] = string(c.text)
			}
		}
	}
	return records, nil
}

// excelTitles returns how many rows at the start are titles: they have one or two
// cells, the table has more columns, and the row below them names nearly all of
// these: it holds nothing but texts, unlike the rows that follow.
func excelTitles(rows [][]excelCell, counts map[int]int, all int) int {
	columns := 0
	for _, n := range counts {
		if 10*n >= all {
			columns++
		}
	}
	n := 0
	for n < len(rows) && len(rows[n]) <= min(2, columns-2) {
		n++
	}
	if n == 0 || n > mostTitles || n+1 >= len(rows) || 10*len(rows[n]) < 8*columns {
		return 0
	}
	for _, c := range rows[n] {
		if c.kind != excelText {
			return 0
		}
	}
	return n
}

// mostTitles is how many rows above a table may be titles.
const mostTitles = 20

// tableColumns returns the first and the last column of the table: those with
// a cell in the first row, or in one of ten of all the rows. Notes beside it do not
// count.
func tableColumns(rows [][]excelCell, counts map[int]int, all int) (first, last int) {
	first, last = rows[0][0].column, rows[0][len(rows[0])-1].column
	for column, n := range counts {
		if 10*n >= all {
			first, last = min(first, column), max(last, column)
		}
	}
	return first, last
}

// setSchema decides the names and the storage of the columns from a sample.
func (s *excelSource) setSchema(records [][]string, o Options) {
	d := dialect{columns: len(records[0])}
	s.header = hasHeader(records[:min(headRecords, len(records))])
	if s.header {
		d.header = records[0]
		records = records[1:]
	}
	fields, findings := d.fields(s.path, utf8Text)
	s.findings = append(s.findings, findings...)
	column := make([]cell, 0, len(records))
	for j := range fields {
		column = column[:0]
		for i, r := range records {
			if !isNull([]byte(r[j])) && !isExcelError(r[j]) {
				column = append(column, cell{text: r[j]})
				if !s.thinned {
					column[len(column)-1].at = int64(i) + 1
				}
			}
		}
		decided, finding := inferAs(column, o.Types[fields[j].Name], false)
		if about := tell(decided, column); about != "" && finding == "" && o.Types[fields[j].Name] != dataset.String {
			s.findings = append(s.findings, dataset.Finding{Path: s.path, Row: -1, Column: fields[j].Name, Message: about})
		}
		if finding != "" {
			if s.doubtful == nil {
				s.doubtful = map[string]bool{}
			}
			s.doubtful[fields[j].Name] = true
			s.findings = append(s.findings, dataset.Finding{Path: s.path, Row: -1, Column: fields[j].Name, Message: finding})
		}
		decided.Name = fields[j].Name
		fields[j] = decided
	}
	s.schema.Fields, s.shown.Fields = fields, shownFields(fields)
	s.findings = append(s.findings, trainingTexts(s.path, fields)...)
}

// thinRows leaves out every second row behind those that tell the header.
func thinRows(rows [][]excelCell) [][]excelCell {
	kept := rows[:headRecords]
	for i := headRecords; i < len(rows); i += 2 {
		kept = append(kept, rows[i])
	}
	clear(rows[len(kept):])
	return kept
}

// isExcelError reports whether text is an error value of Excel.
func isExcelError(text string) bool {
	switch text {
	case "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!":
		return true
	}
	return false
}

// sheet starts to read the sheet. The caller calls close.
func (s *excelSource) sheet() (r *sheetReader, close func() error, err error) {
	xml, close, err := s.book.open(s.part)
	if err != nil {
		return nil, nil, err
	}
	return &sheetReader{book: s.book, part: s.part, xml: xml, last: -1}, close, nil
}

// Schema implements dataset.Source.
func (s *excelSource) Schema() *dataset.Schema { return &s.shown }

// Ranges implements dataset.Source.
func (s *excelSource) Ranges() []dataset.Range { return s.ranges }

// Findings implements dataset.Source. Those about single rows and about merged
// cells are there once the sheet has been read.
func (s *excelSource) Findings() []dataset.Finding {
	return slices.Concat(s.findings, s.notes.findings(s.path), s.totals.findings(s.path, &s.shown, len(s.ranges)))
}

// Close implements dataset.Source.
func (s *excelSource) Close() error { return s.file.Close() }

// Read implements dataset.Source.
func (s *excelSource) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	var rows *excelRows
	next := func() (b *dataset.Batch, err error) {
		if rows == nil {
			if rows, err = s.rows(); err != nil {
				return nil, err
			}
		}
		return rows.batch()
	}
	defer func() {
		if rows != nil {
			rows.close()
		}
	}()
	err := pump(ctx, s.path, excelName, next, yield)
	if err == nil {
		s.notes.set(r.Index, rows.notes)
		s.totals.set(r.Index, &rows.sums)
	}
	return err
}
