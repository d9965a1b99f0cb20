package synthos

import (
	"archive/zip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeWorkbook writes CSV files without quotes as the sheets of one workbook.
func writeWorkbook(t *testing.T, names, csv []string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	part := func(name, content string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?>` + content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	const main, rel = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	var sheets, relations strings.Builder
	for k, name := range names {
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name, k+1, k+1)
		fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, k+1, rel, k+1)
		b, err := os.ReadFile(csv[k])
		if err != nil {
			t.Fatal(err)
		}
		var rows strings.Builder
		for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
			rows.WriteString("<row>")
			for _, cell := range strings.Split(line, ",") {
				fmt.Fprintf(&rows, `<c t="inlineStr"><is><t>%s</t></is></c>`, cell)
			}
			rows.WriteString("</row>")
		}
		part(fmt.Sprintf("xl/worksheets/sheet%d.xml", k+1), fmt.Sprintf(`<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>`, main, &rows))
	}
	part("xl/workbook.xml", fmt.Sprintf(`<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>`, main, rel, &sheets))
	part("xl/_rels/workbook.xml.rels", fmt.Sprintf(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`, &relations))
	part("_rels/.rels", fmt.Sprintf(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>`, rel))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDataAndReferenceInOneWorkbook(t *testing.T) {
	book := writeWorkbook(t, []string{"notes", "made", "real"}, []string{
		writeFile(t, "notes.csv", "a\n1\n"), writeOrders(t, 400, 2, nil), writeOrders(t, 600, 1, nil),
	})
	o := quick(book)
	o.Sheet, o.ReferenceSheet = "made", "real"
	o.Omit = []string{"localize", "recommend"}
	r := validate(t, o, book)
	if r.Rows != 400 || r.Columns != 6 || !r.ApprovedForTraining {
		t.Errorf("%d rows, %d columns, approved %v: %s", r.Rows, r.Columns, r.ApprovedForTraining, r.Reason)
	}
	if r.Config.ReferenceSheet != "real" {
		t.Errorf("the report says that the reference is sheet %q", r.Config.ReferenceSheet)
	}
}
