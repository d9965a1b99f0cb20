package synthos

import (
	"bufio"
	"io"
	"os"
	"slices"
	"strings"
)

const (
	maxLineFile = 1 << 30 // bytes of a file that is read again to number its lines
	maxLineRows = 1000
)

// findLines fills in on which line of the file the worst rows start, for CSV,
// TSV and JSON lines in one plain file. The count of records has to agree with
// that of stage 1; else no row gets a line.
func (r *run) findLines() {
	res := r.result
	if res.Localization == nil || res.Load == nil || len(res.Localization.Rows) == 0 {
		return
	}
	format := res.Load.Format
	quoted := format == "csv" || format == "tsv"
	info, err := os.Stat(r.path)
	if !quoted && format != "ndjson" && format != "jsonl" || err != nil || !info.Mode().IsRegular() || info.Size() > maxLineFile {
		return
	}
	f, err := os.Open(r.path)
	if err != nil {
		return
	}
	defer f.Close()
	rows := make([]int64, 0, maxLineRows)
	for _, row := range res.Localization.Rows[:min(maxLineRows, len(res.Localization.Rows))] {
		rows = append(rows, row.Row)
	}
	header := int64(0)
	if quoted {
		header = 1
	}
	lines, records := recordLines(f, rows, header, quoted)
	if records != res.Rows+res.Load.RowsSkipped+header {
		return
	}
	for i := range res.Localization.Rows {
		res.Localization.Rows[i].Line = lines[res.Localization.Rows[i].Row]
	}
}

// recordLines returns the 1-based line on which each of rows starts, counted
// from 0 after header records, and how many records there are. Blank lines are no
// records; with quoted, a line break between quotes does not end one.
func recordLines(f io.Reader, rows []int64, header int64, quoted bool) (lines map[int64]int64, records int64) {
	wanted := slices.Clone(rows)
	slices.Sort(wanted)
	lines = map[int64]int64{}
	in := bufio.NewReaderSize(f, 1<<20)
	line, inside := int64(0), false
	for {
		text, err := in.ReadSlice('\n')
		part := string(text) != "" && err == bufio.ErrBufferFull
		if len(text) > 0 {
			line++
			blank := !inside && strings.TrimSpace(string(text)) == ""
			if !inside && !blank {
				if row := records - header; len(wanted) > 0 && row == wanted[0] {
					lines[row] = line
					for len(wanted) > 0 && wanted[0] == row {
						wanted = wanted[1:]
					}
				}
				records++
			}
			for {
				if quoted {
					for _, c := range text {
						if c == '"' {
							inside = !inside
						}
					}
				}
				if !part {
					break
				}
				text, err = in.ReadSlice('\n')
				part = err == bufio.ErrBufferFull
			}
		}
		if err != nil {
			return lines, records
		}
	}
}
