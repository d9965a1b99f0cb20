package load

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

func TestExcelCells(t *testing.T) {
	// What testdata/gen.py writes: four rows, one after empty rows, ten with one cell.
	fill := func(v ...any) []any { return append(v, make([]any, 15-len(v))...) }
	want := map[string][]any{
		"date":     fill(1582934400.0, nil, 1582761600.0, 1582675200.0), // 2020-02-29, 27, 26
		"datetime": fill(1582983901.5, 1582983901.5, 1582983901.5, 1582983901.5, -2208988800.0),
		"clock":    fill(47100.0, 47100.0, 47100.0, 47100.0),
		"span":     fill(108000.0, 108000.0, 108000.0, 108000.0),
		"percent":  fill(0.1, 1.1, 2.1, 3.1),
		"formula":  fill(),
		"merged":   fill("M", nil, nil, "M"),
		"bool":     fill(1.0, 0.0, 1.0, 0.0),
		"error":    fill(1.5, nil, 1.5, 1.5),
		"code":     fill("00120", nil, "00122", "00123"),
		"text":     fill(`<a & 'ü'> "q" A 0`, `<a & 'ü'> "q" A 1`, "line\nbreak", `<a & 'ü'> "q" A 3`),
		"n/a":      fill(),
		"mixed":    append(fill(0.0, 1.0, 2.0, nil, nil)[:5], 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0),
	}
	const path = "testdata/cells.xlsx"
	table := readAll(t, path, Options{})
	if diff := cmp.Diff(want, cells(table)); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	for name, want := range map[string][]dataset.Invalid{
		"error": {{Row: 1, Text: "#DIV/0!"}},
		"mixed": {{Row: 3, Text: "x"}},
		"n/a":   nil,
	} {
		if diff := cmp.Diff(want, table.Columns[table.Schema.Index(name)].Invalid); diff != "" {
			t.Errorf("invalid cells of %s (-want +got):\n%s", name, diff)
		}
	}
	if f := table.Schema.Fields[0]; f.Layout != "2006-01-02" {
		t.Errorf("dates have layout %q", f.Layout)
	}
	if diff := cmp.Diff([]string{
		"0: 1 ranges of merged cells: only the first cell of each has a value",
		"4: a cell lies beside the columns that the first rows have: it is left out",
	}, findingsAfterReading(t, path)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// findingsAfterReading returns the findings about a file once it has been read,
// each behind its row, or 0.
func findingsAfterReading(t *testing.T, path string) []string {
	t.Helper()
	src, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	for range 2 { // findings must not double
		for _, r := range src.Ranges() {
			if err := src.Read(context.Background(), r, func(*dataset.Batch) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out []string
	for _, f := range src.Findings() {
		out = append(out, fmt.Sprintf("%d: %s", max(0, f.Row), f.Message))
	}
	slices.Sort(out)
	return out
}

func TestExcelSheets(t *testing.T) {
	for _, test := range []struct {
		name, reason string
		path         string
		options      Options
		want         map[string][]any
	}{
		{"second sheet", "the table begins at C3", "testdata/cells.xlsx", Options{Sheet: "second"},
			map[string][]any{"a": {0.0, 1.0, 2.0}, "b": {0.0, 0.5, 1.0}}},
		{"1904", "day 0 is 1904-01-01", "testdata/since1904.xlsx", Options{},
			map[string][]any{"d": {1582934400.0, -2082844800.0}}},
		{"xlsxwriter", "shared strings, rich text, values of formulas", "testdata/pandas.xlsx", Options{},
			map[string][]any{"x": {0.1, nil, 1e-20}, "s": {"a", "rich text", "b"}, "t": {1704067200.0, 1704070800.0, 1704074400.0}, "computed": {"0.2", "a!", nil}}},
		{"forced", "as for CSV", "testdata/pandas.xlsx", Options{Types: map[string]dataset.Type{"x": dataset.String, "s": dataset.Float, "t": dataset.String, "computed": dataset.Float}},
			map[string][]any{"x": {"0.1", nil, "1e-20"}, "s": {nil, nil, nil}, "t": {"2024-01-01", "2024-01-01T01:00:00", "2024-01-01T02:00:00"}, "computed": {0.2, nil, nil}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, cells(readAll(t, test.path, test.options))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}

// writeBook writes a workbook of one sheet from the XML of its parts. Parts
// that are not given are as small as they may be.
func writeBook(t testing.TB, rows string, parts map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(path, bookOf(t, rows, parts), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// bookOf returns the bytes of such a workbook.
func bookOf(t testing.TB, rows string, parts map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"[Content_Types].xml": `<Types/>`,
		"_rels/.rels":         `<Relationships><Relationship Id="r" Type="http://x/officeDocument" Target="/book/main.xml"/></Relationships>`,
		"book/main.xml":       `<x:workbook xmlns:x="m" xmlns:r="rel"><x:sheets><x:sheet name="A &amp; B" sheetId="1" r:id="rId7"/></x:sheets></x:workbook>`,
		"book/_rels/main.xml.rels": `<Relationships><Relationship Id="rId7" Type="http://x/worksheet" Target="one.xml"/>` +
			`<Relationship Id="rId8" Type="http://x/sharedStrings" Target="s.xml"/><Relationship Id="rId9" Type="http://x/styles" Target="styles.xml"/></Relationships>`,
		"book/one.xml":    `<?xml version="1.0"?><worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
		"book/s.xml":      `<sst/>`,
		"book/styles.xml": `<styleSheet/>`,
	}
	maps.Copy(all, parts)
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(all[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// oddities is a book of what other writers do and ours do not.
const oddities = `<row><c><v>not there</v></c></row>` + // cells without names count on
	`<row r="2"><c r="A2" t="str"><f>"a>b"</f><v>a&gt;b</v></c><c t="d"><v>2024-02-29T12:00:00</v></c><c t="s"><v>1</v></c></row>` +
	`<!-- <row><c><v>1</v></c></row> --><row r='3'><c r='A3' t='inlineStr'><is><r><t><![CDATA[<x>&amp;]]></t></r><rPh sb="0"><t>said</t></rPh><r><t> &#x43;&#68;</t></r></is></c>` +
	`<c r='B3' s="1"><v>60</v></c><c r="C3" t="s"><v>0</v></c></row><row/><row r="9"><c r="B9" s='1'><v>61.25</v></c></row>`

// Reports have a title above the table, and maybe the day of making.
func TestExcelTitles(t *testing.T) {
	text := func(cells ...string) string {
		row := "<row>"
		for _, c := range cells {
			at, s, _ := strings.Cut(c, "=")
			row += `<c r="` + at + `" t="str"><v>` + s + `</v></c>`
		}
		return row + "</row>"
	}
	number := func(at ...string) string {
		row := "<row>"
		for i, a := range at {
			row += fmt.Sprintf(`<c r="%s"><v>%d</v></c>`, a, i)
		}
		return row + "</row>"
	}
	names := text("B4=land", "C4=year", "D4=n", "E4=m")
	rows := text("B5=at") + number("B6", "C6", "D6", "E6") + number("B7", "C7", "D7", "E7") + number("B8", "C8", "D8", "E8")
	for _, test := range []struct {
		name, reason, sheet string
		columns             string
		rows                int
	}{
		{"a title", "it is no header", text("A1=Sales") + text("A2=made by", "B2=someone") + names + rows, "land year n m", 4},
		{"no title", "a sparse first row below a header is data", names + rows, "land year n m", 4},
	} {
		table := readAll(t, writeBook(t, test.sheet, nil), Options{})
		if got := strings.Join(table.Schema.Names(), " "); got != test.columns || table.Rows() != test.rows {
			t.Errorf("%s: columns %s, %d rows; want %s, %d: %s", test.name, got, table.Rows(), test.columns, test.rows, test.reason)
		}
	}
}

func TestExcelOddities(t *testing.T) {
	path := writeBook(t, `<row><c t="str"><v>n</v></c><c t="str"><v>d</v></c><c t="str"><v>s</v></c></row>`+oddities, map[string]string{
		"book/s.xml":      `<sst><si><t>plain</t><rPh><t>said</t></rPh></si><si><r><t xml:space="preserve">two </t></r><r><t>runs</t></r></si></sst>`,
		"book/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="200" formatCode="[Red]&quot;day&quot; dd/mm/yy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs></styleSheet>`,
	})
	table := readAll(t, path, Options{Types: map[string]dataset.Type{"d": dataset.Time}})
	want := map[string][]any{
		"n": {"not there", "a>b", "<x>&amp; CD", nil},
		"d": {nil, 1709208000.0, nil, -2203869600.0}, // 1900-03-01 06:00
		"s": {nil, "two runs", "plain", nil},
	}
	if diff := cmp.Diff(want, cells(table)); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]dataset.Invalid{{Row: 2, Text: "1900-02-29"}}, table.Columns[1].Invalid); diff != "" {
		t.Errorf("a day that never was (-want +got):\n%s", diff)
	}
}

func TestExcelRefuses(t *testing.T) {
	row := `<row><c><v>1</v></c></row>`
	file := func(name, data string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, test := range []struct {
		name, reason, path, sheet, want string
	}{
		{"no such sheet", "the error lists them", writeBook(t, row, nil), "C", `"A & B"`},
		{"empty sheet", "there is nothing to judge", writeBook(t, "", nil), "", "is empty"},
		{"old or locked", "both are OLE2 files", file("a.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\x00\x00"), "", ".xls"},
		{"binary workbook", "another format in the same archive", writeBook(t, row, map[string]string{"xl/workbook.bin": ""}), "", ".xlsb"},
		{"cut sheet", "rows after it would be missed", writeBook(t, row, map[string]string{"book/one.xml": "<worksheet><sheetData>" + row}), "", "ends before its data"},
		{"cut tag", "the same", writeBook(t, row, map[string]string{"book/one.xml": "<worksheet><sheetData><row><c"}), "", "unexpected EOF"},
		{"shared string out of range", "a wrong text would be worse", writeBook(t, `<row><c t="s"><v>3</v></c></row>`, nil), "", "shared string"},
		{"cells out of order", "columns would be mixed up", writeBook(t, `<row><c r="B1"><v>3</v></c><c r="A1"><v>3</v></c></row>`, nil), "", "out of place"},
		{"bomb", "16 MiB in one cell", writeBook(t, `<row><c t="str"><v>`+strings.Repeat("x", 17<<20)+`</v></c></row>`, nil), "", "16 MiB"},
		{"cut archive", "its directory is at the end", file("b.xlsx", "PK\x03\x04\x00\x00xl/worksheets"), "", "damaged"},
	} {
		_, err := Open(context.Background(), test.path, Options{Sheet: test.sheet})
		var e *dataset.Error
		if !errors.As(err, &e) || e.Path != test.path || e.Do == "" || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want a *dataset.Error with %q (%s)", test.name, err, test.want, test.reason)
		}
	}
}

func TestFormatOf(t *testing.T) {
	for _, test := range []struct {
		code   string
		want   cellFormat
		reason string
	}{
		{"General", plainFormat, "no part of a date"},
		{"#,##0.00 \"days\"", plainFormat, "literal text"},
		{"0.00E+00", plainFormat, "an exponent"},
		{"[Red]0;[Blue]-0", plainFormat, "colours"},
		{"[$-409]mmm\\ d\\,\\ yyyy;@", dateFormat, "a locale, escaped text, a second section"},
		{"mmmm", dateFormat, "m alone is the month"},
		{"h:mm AM/PM", clockFormat, "m beside h is minutes"},
		{"[h]:mm", spanFormat, "hours that go on past 24"},
		{"[mm]:ss.0", spanFormat, "minutes that go on"},
		{"0_d", plainFormat, "a gap as wide as d"},
		{`"open`, plainFormat, "a quote that is never closed"},
	} {
		if got := formatOf(test.code); got != test.want {
			t.Errorf("formatOf(%q) = %d, want %d (%s)", test.code, got, test.want, test.reason)
		}
	}
}

func TestDateText(t *testing.T) {
	for _, test := range []struct {
		serial float64
		system dateSystem
		want   string
		reason string
	}{
		{1, system1900, "1900-01-01", "the first day"},
		{59, system1900, "1900-02-28", "before the day that never was"},
		{60.5, system1900, "1900-02-29", "Lotus 1-2-3's leap day"},
		{61, system1900, "1900-03-01", "after it"},
		{43890.57293402778, system1900, "2020-02-29T13:45:01.5", "openpyxl writes this for 13:45:01.5"},
		{0, system1904, "1904-01-01", "the first day"},
		{2958465, system1900, "9999-12-31", "the last day"},
		{2958466, system1900, "", "Excel shows ####"},
		{-1, system1900, "", "Excel shows ####"},
	} {
		if got := test.system.dateText(test.serial); got != test.want {
			t.Errorf("dateText(%v) = %q, want %q (%s)", test.serial, got, test.want, test.reason)
		}
	}
}

func TestExcelDamaged(t *testing.T) {
	testDamaged(t, []string{"testdata/cells.xlsx", "testdata/pandas.xlsx"})
}

func FuzzExcel(f *testing.F) {
	fuzzFile(f, ".xlsx", "testdata/cells.xlsx", "testdata/pandas.xlsx", writeBook(f, oddities, nil))
}

// FuzzExcelSheet changes the XML of a sheet, which a changed archive would
// mostly hide behind its checksums.
func FuzzExcelSheet(f *testing.F) {
	f.Add(oddities)
	f.Fuzz(func(t *testing.T, rows string) {
		src, err := openMemory("book.xlsx", bookOf(t, rows, nil), Options{})
		if err == nil {
			defer src.Close()
			_, err = wholeTable(src)
		}
		var known *dataset.Error
		if err != nil && !errors.As(err, &known) {
			t.Errorf("error that does not name the file: %v", err)
		}
	})
}
