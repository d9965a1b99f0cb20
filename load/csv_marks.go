package load

import "bytes"

// parity reports whether the quotes of a file in the dialect tell by their parity
// where its records end.
func (d *dialect) parity() bool { return d.quote == '"' && !d.escape && !d.comments }

// marks decides the delimiter, if it is 0, and how fields are quoted.
func (d *dialect) marks(head []byte, last bool, delimiter byte) {
	choose := func() {
		if d.delimiter = delimiter; delimiter == 0 {
			d.delimiter = chooseDelimiter(head, last, *d)
		}
	}
	d.quote = '"'
	choose()
	if singleQuoted(head, last, *d) {
		d.quote = '\''
		choose()
	}
	if bytes.Contains(head, []byte{'\\', d.quote}) && escapesQuotes(head, last, *d) {
		d.escape = true
		choose()
	}
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
