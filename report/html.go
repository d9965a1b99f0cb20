package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"synthos/verdict"
)

// What the HTML report shows at most of each list, so that its size does not
// depend on the size of the data. The JSON report holds everything.
const (
	htmlStatistics   = 30 // of a score
	htmlContributors = 10
	htmlWarnings     = 10
	htmlFirst        = 12  // column cards that are open
	htmlComparisons  = 200 // column cards in all
	htmlPairs        = 8
	htmlColumns      = 200 // lines of the table of the file
	htmlLevels       = 4   // most frequent values of a column
	htmlRows         = 100
	htmlCells        = 12 // of a row
	htmlFixes        = 20
	htmlFindings     = 50
	htmlLeftOut      = 50
	htmlProblematic  = 200
	htmlPoints       = 600 // of a side of the map
	htmlRegions      = 12
	htmlName         = 80 // characters of a column name
	htmlLevel        = 40 // characters of a level
	htmlValue        = 64 // characters of a cell
)

//go:embed html
var htmlFiles embed.FS

var (
	htmlStyle  = mustRead("html/style.css")
	htmlScript = mustRead("html/script.js")
)

var htmlTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"count":      count,
	"plural":     plural,
	"num":        number,
	"points":     points,
	"dollars":    dollars,
	"seconds":    seconds,
	"size":       size,
	"percent":    percent,
	"interval":   interval,
	"fix":        fixed,
	"name":       func(s string) string { return clip(s, htmlName) },
	"words":      func(s string) string { return strings.ReplaceAll(clip(s, htmlName), "_", " ") },
	"level":      func(s string) string { return clip(s, htmlLevel) },
	"value":      func(s string) string { return clip(s, htmlValue) },
	"more":       moreThan,
	"int64":      func(n int) int64 { return int64(n) },
	"whole":      func(x float64) string { return fmt.Sprintf("%.0f", x) },
	"num2":       func(x float64) string { return fmt.Sprintf("%.3g", x) },
	"changeNote": func(c verdict.Change) string { return changeNote(&c) },
	"rate":       func(x float64) string { return number(verdict.Number(x)) },
	"style":      func() template.CSS { return template.CSS(htmlStyle) },
	"script":     func() template.JS { return template.JS(htmlScript) },
	// The page allows this script and no other, whatever stands in the data.
	"scriptHash": func() string {
		sum := sha256.Sum256([]byte(htmlScript))
		return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	},
	"confidence": confidence,
	"spread":     spread,
}).ParseFS(htmlFiles, "html/*.tmpl"))

func mustRead(name string) string {
	b, err := htmlFiles.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// HTML writes r as one HTML page that needs nothing else: no font, no network,
// and no script but its own, without which it shows the same. It follows the
// light or dark preference of the reader, fits a phone, prints, and is at most
// 2 MB however large the Result is.
func HTML(w io.Writer, r *verdict.Result) error {
	r = printable(r)
	return executeHTML(w, "report", func(shrink int) any { return newPage(r, shrink) })
}

// htmlMost is the most that a page may have, in bytes. One that would be larger,
// because names and values are long, is drawn again with lists of half the length.
const htmlMost = 2 << 20

// executeHTML draws the page that data returns for lists cut to a 2^shrink-th.
func executeHTML(w io.Writer, name string, data func(shrink int) any) error {
	var b bytes.Buffer
	for shrink := 0; shrink == 0 || b.Len() > htmlMost && shrink < 8; shrink++ {
		b.Reset()
		if err := htmlTemplate.ExecuteTemplate(&b, name, data(shrink)); err != nil {
			return fmt.Errorf("cannot write the result as HTML: %w", err)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// fixed returns x with at most two decimals, as coordinates are written.
func fixed(x float64) string {
	s := strconv.FormatFloat(x, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// head returns the first n of list.
func head[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// moreThan says how many of a list are not shown, "" if all are.
func moreThan(all, shown int) string {
	if all <= shown {
		return ""
	}
	return fmt.Sprintf("%s more in the JSON report", count(int64(all-shown)))
}
