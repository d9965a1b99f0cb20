package load

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"synthos/dataset"
)

// dialect is how a CSV file is written, as its first records show it.
type dialect struct {
	delimiter byte
	quote     byte     // " or '
	escape    bool     // a backslash makes a quote within quotes a character
	spaced    bool     // spaces follow the delimiters, also before quotes
	comments  bool     // there are lines that begin with # and are no records
	header    []string // the header's fields as they stand there; nil without a header
	columns   int
	rowNames  bool   // the first column has no name: the header is one field shorter than the rows
	lines     int    // lines above the table, those that are empty included
	above     string // the first of them
	body      int    // where the first data record starts, in bytes behind the byte order mark
	end       string // of the first line: "\n" or "\r\n"
	quoted    []bool // by column: every cell of the first records is quoted, so that a quoted "" is a null like any other
}

// headRecords is how many of the first records decide the dialect.
const headRecords = 200

// sniffDialect finds the dialect of head, the start of a CSV file behind its
// byte order mark; last says that it is all of it. delimiter is 0 if it has to
// be found. ok is false if head does not hold a whole record.
func sniffDialect(head []byte, last bool, delimiter byte) (d dialect, ok bool) {
	all := head
	d.end = "\n"
	if i := bytes.IndexByte(head, '\n'); i > 0 && head[i-1] == '\r' {
		d.end = "\r\n"
	}
	head, stated := stripNotes(head, last)
	d.comments = len(head) < len(all) && all[0] == '#'
	if delimiter == 0 {
		delimiter = stated
	}
	if delimiter == 0 {
		head = stripTitles(head, last)
	}
	d.marks(head, last, delimiter)
	records, ends := firstRecords(head, last, &d)
	if n := len(records); n > 0 {
		records, ends = withoutComments(head, &d, records, ends)
		d.comments = d.comments || len(records) < n
	}
	if len(records) == 0 {
		return d, false
	}
	d.body = len(all) - len(head)
	if n := titles(records); n > 0 {
		d.body += ends[n-1]
		records, ends = records[n:], ends[n:]
	}
	d.lines = bytes.Count(all[:d.body], []byte{'\n'})
	if d.lines > 0 {
		line, _, _ := bytes.Cut(all, []byte{'\n'})
		d.above = cutText(trimCR(line))
	}
	d.columns = len(records[0])
	d.rowNames = hasRowNames(records)
	if d.rowNames {
		d.columns++
	}
	if d.rowNames || hasHeader(records) {
		d.header, d.body = records[0], len(all)-len(head)+ends[0]
	}
	if n := d.columns; d.header != nil && !d.rowNames && n > 1 && len(records) > 1 && strings.TrimSpace(d.header[n-1]) == "" &&
		!slices.ContainsFunc(records[1:], func(r []string) bool { return len(r) >= n && strings.TrimSpace(r[n-1]) != "" }) {
		d.columns, d.header = n-1, d.header[:n-1] // lines end in a delimiter
	}
	d.quoted = d.allQuoted(all[d.body:], last)
	return d, true
}

// allQuoted returns of every column whether its cells in the first records of body are all quoted,
// as by writers that quote all fields, or all that are no numbers.
func (d *dialect) allQuoted(body []byte, last bool) []bool {
	out, some := slices.Repeat([]bool{true}, d.columns), make([]bool, d.columns)
	f := newFields(d)
	p, n, whole := 0, 0, []bool{}
	for n < headRecords && p < len(body) {
		line, _, _ := bytes.Cut(body[p:], []byte{'\n'})
		if len(trimCR(line)) == 0 || d.comments && line[0] == '#' {
			p += len(line) + 1
			continue
		}
		whole = whole[:0]
		end := atDelimiter
		for end == atDelimiter {
			var text []byte
			var quoted bool
			text, quoted, p, end = f.next(body, p, last)
			if j := len(whole); j < len(some) && len(text) > 0 {
				some[j] = true
			}
			whole = append(whole, quoted)
		}
		if end != atRecordEnd {
			break
		}
		n++
		for j := range min(len(whole), len(out)) {
			out[j] = out[j] && whole[j]
		}
	}
	for j := range out {
		out[j] = out[j] && some[j] // a column of nothing but "" tells nothing
	}
	return out
}

// usualFields returns how many fields most of the records have, the larger number of
// two that are as frequent.
func usualFields(records [][]string) int {
	counts := map[int]int{}
	for _, r := range records {
		counts[len(r)]++
	}
	usual := 0
	for fields, n := range counts {
		if n > counts[usual] || n == counts[usual] && fields > usual {
			usual = fields
		}
	}
	return usual
}

// stripNotes returns head without the lines at its start that begin with #, and
// without Excel's line sep=X, whose X is the delimiter (0 = none is stated). The
// last line with # stays if it has as many fields as the one below it.
func stripNotes(head []byte, last bool) (rest []byte, delimiter byte) {
	line, below, found := bytes.Cut(head, []byte{'\n'})
	if line = trimCR(line); found && len(line) == 5 && bytes.EqualFold(line[:4], []byte("sep=")) {
		return below, line[4]
	}
	rest = head
	for bytes.HasPrefix(rest, []byte{'#'}) {
		line, below, found := bytes.Cut(rest, []byte{'\n'})
		if !found || len(bytes.TrimSpace(below)) == 0 {
			return head, 0 // all lines are like that
		}
		if !bytes.HasPrefix(below, []byte{'#'}) {
			next, _, _ := bytes.Cut(below, []byte{'\n'})
			for _, d := range []byte{',', ';', '\t', '|'} {
				if n := bytes.Count(line, []byte{d}); n > 0 && n == bytes.Count(next, []byte{d}) && !bytes.HasPrefix(line, []byte("# ")) {
					return rest, 0
				}
			}
		}
		rest = below
	}
	return rest, 0
}

// titles returns how many records at the start are no part of the table: they
// have at least two fields fewer than eight in ten of all records.
func titles(records [][]string) int {
	usual, like := usualFields(records), 0
	for _, r := range records {
		if len(r) == usual {
			like++
		}
	}
	n := 0
	for n < len(records) && len(records[n]) != usual {
		if len(records[n])+2 > usual {
			return 0
		}
		n++
	}
	if 10*like < 8*(len(records)-n) || like < 2 {
		return 0
	}
	return n
}

// firstRecords returns the first records of head, and where each ends.
func firstRecords(head []byte, last bool, d *dialect) (records [][]string, ends []int) {
	f := newFields(d)
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
func chooseDelimiter(head []byte, last bool, d dialect) byte {
	best, bestShare, bestFields := byte(noDelimiter), 0.0, 1
	for _, delimiter := range []byte{',', ';', '\t', '|'} {
		d.delimiter = delimiter
		records, ends := firstRecords(head, last, &d)
		records, _ = withoutComments(head, &d, records, ends)
		records = records[titles(records):]
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
		if e == windows1252 || e == utf8Text { // else the head is decoded
			decoded, _ := io.ReadAll(decode(strings.NewReader(name), e)) // reading a string cannot fail
			name = string(decoded)
		}
		fields[i+offset].Name = strings.TrimSpace(name)
	}
	return fields, uniqueNames(path, fields)
}
