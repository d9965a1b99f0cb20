package load

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"synthos/dataset"
)

// dialect is how a CSV file is written, as its first records show it.
type dialect struct {
	delimiter byte
	header    []string // the header's fields as they stand there; nil without a header
	columns   int
	rowNames  bool // the first column has no name: the header is one field shorter than the rows
	body      int  // where the first data record starts, in bytes behind the byte order mark
}

// headRecords is how many of the first records decide the dialect.
const headRecords = 200

// sniffDialect finds the dialect of head, the start of a CSV file behind its
// byte order mark; last says that it is all of it. delimiter is 0 if it has to
// be found. ok is false if head does not hold a whole record.
func sniffDialect(head []byte, last bool, delimiter byte) (d dialect, ok bool) {
	d.delimiter = delimiter
	if delimiter == 0 {
		d.delimiter = chooseDelimiter(head, last)
	}
	records, ends := firstRecords(head, last, d.delimiter)
	if len(records) == 0 {
		return d, false
	}
	d.columns = len(records[0])
	d.rowNames = hasRowNames(records)
	if d.rowNames {
		d.columns++
	}
	if d.rowNames || hasHeader(records) {
		d.header, d.body = records[0], ends[0]
	}
	return d, true
}

// firstRecords returns the first records of head, and where each ends.
func firstRecords(head []byte, last bool, delimiter byte) (records [][]string, ends []int) {
	f := fields{delimiter: delimiter}
	p := 0
	for p < len(head) && len(records) < headRecords {
		if n, _ := blank(head, p, last); n > 0 {
			p += n
			continue
		}
		record, after, ok := f.split(head, p, last)
		if !ok {
			break
		}
		p = after
		records = append(records, record)
		ends = append(ends, p)
	}
	return records, ends
}

// chooseDelimiter returns the delimiter that cuts most of the first records
// into as many fields as the very first one; the one that gives more fields
// where two do equally well.
func chooseDelimiter(head []byte, last bool) byte {
	best, bestShare, bestFields := byte(noDelimiter), 0.0, 1
	for _, delimiter := range []byte{',', ';', '\t', '|'} {
		records, _ := firstRecords(head, last, delimiter)
		if len(records) == 0 || len(records[0]) < 2 {
			continue
		}
		same := 0
		rowNames := hasRowNames(records)
		for _, r := range records {
			if len(r) == len(records[0]) || rowNames {
				same++
			}
		}
		share := float64(same) / float64(len(records))
		if share > bestShare || share == bestShare && len(records[0]) > bestFields {
			best, bestShare, bestFields = delimiter, share, len(records[0])
		}
	}
	return best
}

// hasRowNames reports whether nine in ten records have one field more than the
// first, as R writes tables with row names.
func hasRowNames(records [][]string) bool {
	longer := 0
	for _, r := range records[1:] {
		if len(r) == len(records[0])+1 && strings.TrimSpace(r[len(r)-1]) != "" {
			longer++
		}
	}
	return longer > 0 && float64(longer) >= mostly*float64(len(records)-1)
}

// hasHeader decides whether the first record names the columns.
//
// A cell of it that does not fit the type of its column is evidence for a
// header, one that fits a type other than string is evidence against it; one
// piece of evidence for it is enough. Numbers that count up (0, 1, 2 or 2019,
// 2020) are names. In a table of strings, a first record whose cells come back
// below is data.
func hasHeader(records [][]string) bool {
	first, rest := records[0], records[1:]
	if len(rest) == 0 {
		return !slices.ContainsFunc(first, func(s string) bool { _, ok := parseNumber([]byte(s)); return ok })
	}
	against, recurring := 0, 0
	var numbers []float64
	for j, name := range first {
		if isNullNumber([]byte(name)) {
			continue
		}
		column := make([]cell, 0, len(rest))
		for _, r := range rest {
			if j < len(r) {
				column = append(column, cell{text: r[j]})
			}
		}
		field, _ := infer(column, false)
		switch {
		case field.Type == dataset.String:
			if slices.ContainsFunc(column, func(c cell) bool { return c.text == name }) {
				recurring++
			}
		case !slices.ContainsFunc(column, func(c cell) bool { return !isNullNumber([]byte(c.text)) }):
			// all null: no evidence
		case !fits(name, field):
			return true
		default:
			against++
			if v, ok := parseNumber([]byte(name)); ok {
				numbers = append(numbers, v)
			}
		}
	}
	if against > 0 {
		return len(numbers) == against && countsUp(numbers)
	}
	repeated := slices.ContainsFunc(rest, func(r []string) bool { return slices.Equal(r, first) })
	return repeated || recurring == 0 || 2*recurring < len(first)
}

// fits reports whether text reads as the type of the field.
func fits(text string, f dataset.Field) bool {
	c := newBuilder(&dataset.Schema{Fields: []dataset.Field{f}}).columns[0]
	_, ok := c.read([]byte(text))
	return ok
}

// countsUp reports whether v holds at least two numbers and each is one more
// than the one before, from 0, 1 or a year on.
func countsUp(v []float64) bool {
	if len(v) < 2 || !(v[0] == 0 || v[0] == 1 || v[0] >= 1800 && v[0] <= 2200) {
		return false
	}
	for i := 1; i < len(v); i++ {
		if v[i] != v[i-1]+1 {
			return false
		}
	}
	return true
}

// fields returns a field for each column, named by the header, which is in
// encoding e, and findings about names that had to be made up.
func (d *dialect) fields(path string, e encoding) ([]dataset.Field, []dataset.Finding) {
	fields := make([]dataset.Field, d.columns)
	if d.header == nil {
		for i := range fields {
			fields[i].Name = fmt.Sprintf("column_%d", i+1)
		}
		message := fmt.Sprintf("no header line: the columns are named column_1 to column_%d", d.columns)
		return fields, []dataset.Finding{{Path: path, Row: -1, Message: message}}
	}
	offset := len(fields) - len(d.header) // 1 with row names
	for i, name := range d.header {
		if e == windows1252 || e == utf8Text {
			decoded, _ := io.ReadAll(decode(strings.NewReader(name), e)) // reading a string cannot fail
			name = string(decoded)
		}
		fields[i+offset].Name = strings.TrimSpace(name)
	}
	return fields, uniqueNames(path, fields)
}
