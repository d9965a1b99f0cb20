// Package report draws a verdict.Result: as JSON for programs, as text for a
// terminal, as HTML and Markdown for people and as JUnit XML and SARIF for CI servers. It
// computes nothing: what is not in the Result is not in a report.
//
// Names and values in a Result come from the file that was judged, so they may
// hold anything. Every format shows control characters, terminal escapes and
// direction marks as visible escapes, and escapes its own markup.
package report

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"synthos/verdict"
)

// formats are the kinds of report, by the extension of the file.
var formats = []struct {
	extension string
	write     func(io.Writer, *verdict.Result) error
}{
	{".json", JSON},
	{".html", HTML},
	{".md", Markdown},
	{".xml", JUnit},
	{".sarif", SARIF},
}

// Save writes r to path, in the format that the extension of path stands for:
// .json, .html, .md or .xml (JUnit). Any other extension is an error that lists
// them.
//
// The file is written whole or not at all: into a temporary file beside it that
// then takes its place. A new file gets the usual permissions (0644 less the
// umask), an existing one keeps its own.
func Save(path string, r *verdict.Result) error {
	write, err := writer(path)
	if err != nil {
		return err
	}
	if err := writeFile(path, func(w io.Writer) error { return write(w, r) }); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// Check reports whether Save could write to path, as far as can be told
// without writing: the error is about the extension or the folder. It is for
// programs that want to know before a long computation.
func Check(path string) error {
	if _, err := writer(path); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("report: %s is a folder; name a file in it", path)
	}
	folder := filepath.Dir(path)
	info, err := os.Stat(folder)
	if err != nil {
		return fmt.Errorf("report: cannot write %s: there is no folder %s; create it first", path, folder)
	}
	if !info.IsDir() {
		return fmt.Errorf("report: cannot write %s: %s is not a folder", path, folder)
	}
	return nil
}

// Extensions returns the extensions that Save knows, in the order of the help.
func Extensions() []string {
	list := make([]string, len(formats))
	for i := range formats {
		list[i] = formats[i].extension
	}
	return list
}

func writer(path string) (func(io.Writer, *verdict.Result) error, error) {
	extension := strings.ToLower(filepath.Ext(path))
	for _, f := range formats {
		if f.extension == extension {
			return f.write, nil
		}
	}
	return nil, fmt.Errorf("report: %s: the extension must say the format: one of %s", path, strings.Join(Extensions(), " "))
}
