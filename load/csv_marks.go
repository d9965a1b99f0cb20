package load

import (
	"bytes"
	"slices"
)

// parity reports whether the quotes of a file in the dialect tell by their parity
// where its records end.
func (d *dialect) parity() bool { return d.quote == '"' && !d.escape && !d.spaced && !d.comments }

// marks decides the delimiter, if it is 0, and how fields are quoted.
func (d *dialect) marks(head []byte, last bool, delimiter byte) {
	choose := func() {
		if d.delimiter = delimiter; delimiter == 0 {
			d.delimiter = chooseDelimiter(head, last, *d)
		}
	}
	d.quote = '"'
	choose()
	if d.delimiter == noDelimiter && delimiter == 0 {
		if rare := rareDelimiter(head, last, *d); rare != 0 {
			d.delimiter, delimiter = rare, rare
		}
	}
	if bytes.Contains(head, []byte{d.delimiter, ' ', d.quote}) && quotesAfterSpaces(head, last, *d) {
		d.spaced = true
		choose()
	}
	if singleQuoted(head, last, *d) {
		d.quote = '\''
		choose()
	}
	if bytes.Contains(head, []byte{'\\', d.quote}) && escapesQuotes(head, last, *d) {
		d.escape = true
		choose()
	}
}

// rareDelimiter returns a delimiter that few programs write, 0 if there is none: it
// cuts all of the first records into equally many fields, of which the first
// record names the columns. Spaces, which texts hold too, must make three columns,
// one of them of numbers.
func rareDelimiter(head []byte, last bool, d dialect) byte {
	for _, delimiter := range []byte{0x01, '^', '~', ':', ' '} {
		d.delimiter = delimiter
		records, _ := firstRecords(head, last, &d)
		if len(records) < 3 || len(records[0]) < 2 || delimiter == ' ' && len(records[0]) < 3 {
			continue
		}
		even := !slices.ContainsFunc(records, func(r []string) bool { return len(r) != len(records[0]) })
		if even && hasHeader(records) && (delimiter != ' ' || hasNumbers(records)) {
			return delimiter
		}
	}
	return 0
}

// hasNumbers reports whether a column holds numbers in all records but the first.
func hasNumbers(records [][]string) bool {
	for j := range records[0] {
		if !slices.ContainsFunc(records[1:], func(r []string) bool { _, ok := parseNumber([]byte(r[j])); return !ok }) {
			return true
		}
	}
	return false
}

// quotesAfterSpaces reports whether at least as many of the first records have the
// usual number of fields if quotes after a space are quotes.
func quotesAfterSpaces(head []byte, last bool, d dialect) bool {
	usual := func(spaced bool) int {
		d.spaced = spaced
		records, _ := firstRecords(head, last, &d)
		n, most := 0, usualFields(records)
		for _, r := range records {
			if len(r) == most {
				n++
			}
		}
		return n
	}
	return usual(true) >= usual(false)
}

// singleQuoted reports whether a column of the first records is in single quotes,
// in nine of ten cells with anything in them, and nothing is in double quotes.
func singleQuoted(head []byte, last bool, d dialect) bool {
	if bytes.IndexByte(head, '\'') < 0 {
		return false
	}
	d.quote = '\''
	f := newFields(&d)
	var quoted, filled []int // cells by column
	records, column := 0, 0
	for p := 0; p < len(head) && records < headRecords; {
		text, inQuotes, after, end := f.next(head, p, last)
		if end == atBlockEnd {
			break
		}
		if end == atNoQuote || len(text) > 0 && text[0] == '"' && !inQuotes {
			return false
		}
		if column == len(filled) {
			quoted, filled = append(quoted, 0), append(filled, 0)
		}
		if inQuotes {
			quoted[column]++
		}
		if inQuotes || len(text) > 0 {
			filled[column]++
		}
		p, column = after, column+1
		if end == atRecordEnd {
			column = 0
			records++
		}
	}
	for i, n := range quoted {
		if n > 1 && float64(n) >= mostly*float64(filled[i]-1) && f.tails == 0 { // the header need not be
			return true
		}
	}
	return false
}

// escapesQuotes reports whether the first records make better sense if a backslash
// escapes a quote: otherwise text stands behind closing quotes.
func escapesQuotes(head []byte, last bool, d dialect) bool {
	tails := func(escape bool) int {
		d.escape = escape
		f := newFields(&d)
		for p := 0; p < len(head); {
			_, after, ok := f.split(head, p, last)
			if !ok {
				break
			}
			p = after
		}
		return f.tails
	}
	return tails(true) < tails(false)
}

// withoutComments leaves out those of the first records that are comments.
func withoutComments(head []byte, d *dialect, records [][]string, ends []int) ([][]string, []int) {
	usual, start := usualFields(records), 0
	kept, keptEnds := records[:0], ends[:0]
	for i, r := range records {
		at := start
		start = ends[i]
		for at < ends[i] && (head[at] == '\n' || head[at] == '\r') {
			at++
		}
		if at < ends[i] && head[at] == '#' {
			if n, _ := comment(head[:ends[i]], at, true, d.delimiter, usual); n > 0 {
				continue
			}
		}
		kept, keptEnds = append(kept, r), append(keptEnds, ends[i])
	}
	return kept, keptEnds
}
