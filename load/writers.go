package load

import (
	"strings"

	"synthos/dataset"
)

// writers is the table of formats that can be written, by extension. What text
// says may also be compressed: .csv.gz, .jsonl.zst.
var writers = []struct {
	extension string
	text      bool
	write     func(path string, t *dataset.Table) error
}{
	{".csv", true, WriteCSV},
	{".tsv", true, WriteTSV},
	{".json", true, func(path string, t *dataset.Table) error { return WriteJSON(path, t, false) }},
	{".jsonl", true, func(path string, t *dataset.Table) error { return WriteJSON(path, t, true) }},
	{".ndjson", true, func(path string, t *dataset.Table) error { return WriteJSON(path, t, true) }},
	{".parquet", false, WriteParquet},
	{".arrow", false, WriteArrow},
	{".feather", false, WriteArrow},
}

// writerOf returns what writes files called path, nil if there is nothing.
func writerOf(path string) func(path string, t *dataset.Table) error {
	name := strings.ToLower(path)
	for _, w := range writers {
		if strings.HasSuffix(name, w.extension) || w.text && strings.HasSuffix(withoutPacking(name), w.extension) {
			return w.write
		}
	}
	return nil
}

// Write writes t to path in the format that its extension names; see WriteCSV,
// WriteJSON, WriteParquet and WriteArrow. It returns CheckWrite's error if there is none.
func Write(path string, t *dataset.Table) error {
	if write := writerOf(path); write != nil {
		return write(path, t)
	}
	return CheckWrite(path)
}

// CheckWrite returns an error that says what to do if Write knows no format for
// the path or there can be no file there, nil otherwise.
func CheckWrite(path string) error {
	if writerOf(path) != nil {
		return checkPlace(path)
	}
	var known []string
	for _, w := range writers {
		known = append(known, w.extension)
	}
	last := len(known) - 1
	return dataset.NewError(path, "no format that can be written has this extension", "end the name in "+strings.Join(known[:last], ", ")+" or "+known[last])
}
