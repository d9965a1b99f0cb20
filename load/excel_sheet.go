package load

import (
	"errors"
	"fmt"
	"io"
	"strconv"
)

// excelCell is a cell with something in it.
type excelCell struct {
	column int // 0-based
	kind   excelKind
	text   []byte // what a CSV file would hold; valid until the next row
}

// excelKind says what an excelCell holds.
type excelKind uint8

const (
	excelText excelKind = iota
	excelNumber
	excelError // #DIV/0! and the like
)

// sheetReader reads the rows of a sheet. Cells that a formula computes hold
// the value that was last computed.
type sheetReader struct {
	book *workbook
	part string
	xml  *xmlScanner

	row    []excelCell
	texts  []byte // of the cells of the row, one behind the other
	ends   []int
	merged int // ranges of merged cells; known at the end
	last   int // column of the cell before

	cell   excelCell // being read
	typ    string    // its attribute t
	format cellFormat
	value  []byte
	inV    bool // in <v>, or in <t> of <is>
	inIs   bool // in <is>
	spoken bool // in <rPh>
	slow   bool // in tests: nothing is read at one go
}

var errCutSheet = errors.New("the sheet ends before its data does")

// next returns the cells of the next row that holds any, in the order of their
// columns, and io.EOF after the last.
func (s *sheetReader) next() ([]excelCell, error) {
	for {
		if done, err := s.plainCell(); err != nil {
			return nil, err
		} else if done {
			continue
		}
		text, tag, err := s.xml.next()
		if err == io.EOF {
			return nil, fmt.Errorf("%s: %w", s.part, errCutSheet)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.part, err)
		}
		if s.inV && !s.spoken {
			s.value = appendRaw(s.value, text, tag)
		}
		switch {
		case tag.starts("row"):
			s.row, s.texts, s.ends, s.last = s.row[:0], s.texts[:0], s.ends[:0], -1
		case tag.starts("c"):
			s.startCell(tag)
		case tag.starts("is"):
			s.inIs = !tag.empty
		case tag.starts("v"), s.inIs && tag.starts("t"):
			s.inV = !tag.empty
		case tag.starts("rPh"):
			s.spoken = !tag.empty
		}
		switch {
		case tag.ends("v"), tag.ends("t"):
			s.inV = false
		case tag.ends("is"):
			s.inIs = false
		case tag.ends("rPh"):
			s.spoken = false
		case tag.ends("c"):
			if err := s.endCell(); err != nil {
				return nil, err
			}
		case tag.ends("row"):
			if len(s.row) > 0 {
				return s.cells(), nil
			}
		case tag.ends("sheetData"):
			return nil, s.countMerged()
		}
	}
}

// cells gives the cells of the row their texts, which have moved while the row
// was read.
func (s *sheetReader) cells() []excelCell {
	start := 0
	for i := range s.row {
		s.row[i].text = s.texts[start:s.ends[i]]
		start = s.ends[i]
	}
	return s.row
}

// startCell reads the attributes of a cell: r its name, such as AB12, s its
// style, t its type.
func (s *sheetReader) startCell(tag xmlTag) {
	s.begin(tag.attribute("r"), tag.attribute("s"), tag.attribute("t"))
}

// begin starts a cell; nil is an attribute that is not there.
func (s *sheetReader) begin(name, style, typ []byte) {
	s.cell = excelCell{column: s.last + 1}
	if name != nil {
		s.cell.column = columnOf(name)
	}
	s.typ = cellType(typ)
	s.format = plainFormat
	if style != nil {
		if k, err := strconv.Atoi(string(style)); err == nil && k >= 0 && k < len(s.book.formats) {
			s.format = s.book.formats[k]
		}
	}
	s.value, s.inV, s.inIs, s.spoken = s.value[:0], false, false, false
}

// cellType returns a type of a cell as a string, without making one for the usual.
func cellType(b []byte) string {
	switch string(b) {
	case "":
		return ""
	case "s":
		return "s"
	case "n":
		return "n"
	case "str":
		return "str"
	}
	return string(b)
}

// mostExcelColumns is how many columns a sheet can have.
const mostExcelColumns = 16384

// columnOf returns the 0-based column of the cell called name, -1 if there is
// no such column.
func columnOf(name []byte) int {
	column := 0
	for _, c := range name {
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
		if column > mostExcelColumns {
			return -1
		}
	}
	return column - 1
}

// endCell takes a cell into the row, unless it is empty.
func (s *sheetReader) endCell() error {
	c := s.cell
	if c.column <= s.last || c.column >= mostExcelColumns {
		return fmt.Errorf("%s: a cell is out of place", s.part)
	}
	s.last = c.column
	if len(s.value) == 0 {
		return nil
	}
	start := len(s.texts)
	switch s.typ {
	case "s":
		k, err := strconv.Atoi(string(s.value))
		if err != nil || k < 0 || k >= len(s.book.shared) {
			return fmt.Errorf("%s: a cell refers to shared string %q of %d", s.part, cutText(s.value), len(s.book.shared))
		}
		s.texts = append(s.texts, s.book.shared[k]...)
	case "b":
		s.texts = strconv.AppendBool(s.texts, string(s.value) != "0")
	case "e":
		c.kind = excelError
		s.texts = append(s.texts, s.value...)
	case "", "n":
		c.kind = s.number()
	default: // str: a formula's text; inlineStr; d: a date in ISO 8601
		s.texts = append(s.texts, s.value...)
	}
	if len(s.texts) > start {
		s.row, s.ends = append(s.row, c), append(s.ends, len(s.texts))
	}
	return nil
}

// number appends the text of a number: as a date if that is its format, and
// seconds if it is a time of day or a length of time.
func (s *sheetReader) number() excelKind {
	if s.format == plainFormat {
		s.texts = append(s.texts, s.value...)
		return excelNumber
	}
	serial, err := strconv.ParseFloat(viewString(s.value), 64)
	if err == nil && s.format.clockValue(serial) {
		s.texts = append(s.texts, formatNumber(serialSeconds(serial))...)
		return excelNumber
	}
	if date := s.book.date.dateText(serial); err == nil && date != "" {
		s.texts = append(s.texts, date...)
		return excelText
	}
	s.texts = append(s.texts, s.value...)
	return excelNumber
}

// countMerged reads what follows the data and returns io.EOF.
func (s *sheetReader) countMerged() error {
	for {
		_, tag, err := s.xml.next()
		if err == io.EOF {
			return io.EOF
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.part, err)
		}
		if tag.starts("mergeCell") {
			s.merged++
		}
	}
}
