package load

import (
	"bytes"
	"slices"
)

// titleLines is how many lines above a table may be its title.
const titleLines = 20

// stripTitles returns head without lines of text above the table: an empty line
// stands behind them, none of them holds the delimiter of the table below, and all
// records of that have as many fields as its header, two at least. (Titles that no
// empty line parts from a table of three columns and more are found by titles.)
func stripTitles(head []byte, last bool) []byte {
	rest := head
	for range titleLines {
		line, below, found := bytes.Cut(rest, []byte{'\n'})
		if !found {
			return head
		}
		rest = below
		if len(bytes.TrimSpace(line)) > 0 {
			continue
		}
		above := head[:len(head)-len(rest)]
		if len(bytes.TrimSpace(above)) == 0 {
			continue
		}
		for _, delimiter := range []byte{',', ';', '\t', '|'} {
			d := dialect{delimiter: delimiter, quote: '"'}
			records, _ := firstRecords(rest, last, &d)
			if bytes.IndexByte(above, delimiter) >= 0 || len(records) < 3 || len(records[0]) < 2 || !hasHeader(records) {
				continue
			}
			if !slices.ContainsFunc(records, func(r []string) bool { return len(r) != len(records[0]) }) {
				return rest
			}
		}
		return head
	}
	return head
}
