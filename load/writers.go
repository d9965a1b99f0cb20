package load

import (
	"strings"

	"synthos/dataset"
)

// writers is the table of formats that can be written, by extension.
var writers = []struct {
	extension string
	write     func(path string, t *dataset.Table) error
}{
	{".csv", WriteCSV},
	{".parquet", WriteParquet},
}

// Write writes t to path in the format that its extension names; see WriteCSV
// and WriteParquet. It returns CheckWrite's error if there is none.
func Write(path string, t *dataset.Table) error {
	for _, w := range writers {
		if strings.HasSuffix(strings.ToLower(path), w.extension) {
			return w.write(path, t)
		}
	}
	return CheckWrite(path)
}

// CheckWrite returns an error that says what to do if Write knows no format for
// the path, nil otherwise.
func CheckWrite(path string) error {
	var known []string
	for _, w := range writers {
		if strings.HasSuffix(strings.ToLower(path), w.extension) {
			return nil
		}
		known = append(known, w.extension)
	}
	return dataset.NewError(path, "no format that can be written has this extension", "end the name in "+strings.Join(known, " or "))
}
