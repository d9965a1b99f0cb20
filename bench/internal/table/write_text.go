package table

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// WriteNDJSON writes t as lines of JSON; strings and dates are quoted, a null is
// null.
func WriteNDJSON(path string, t *Table) error {
	return create(path, func(w *bufio.Writer) error {
		var line []byte
		return t.each(func(row []cell) error {
			line = append(line[:0], '{')
			for j := range row {
				c := &t.columns[j]
				line = append(append(append(line, '"'), c.name...), `":`...)
				switch {
				case row[j].null:
					line = append(line, "null"...)
				case c.kind == category || c.kind == date:
					line = append(appendCell(append(line, '"'), &row[j], c.kind), '"')
				default:
					line = appendCell(line, &row[j], c.kind)
				}
				line = append(line, ',')
			}
			line[len(line)-1] = '}'
			_, err := w.Write(append(line, '\n'))
			return err
		})
	})
}

// The parts of a workbook with one sheet, whose style 1 is a date.
var workbook = []struct{ name, text string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="data" sheetId="1" r:id="r1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`},
}

// WriteExcel writes t as a workbook with one sheet, row by row: strings in their
// cells, dates as days with a date format.
func WriteExcel(path string, t *Table) error {
	return create(path, func(w *bufio.Writer) error {
		z := zip.NewWriter(w)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
		for _, part := range workbook {
			f, err := z.Create(part.name)
			if err == nil {
				_, err = io.WriteString(f, part.text)
			}
			if err != nil {
				return err
			}
		}
		f, err := z.Create("xl/worksheets/sheet1.xml")
		if err != nil {
			return err
		}
		sheet := bufio.NewWriterSize(f, 1<<20)
		err = t.writeSheet(sheet)
		return errors.Join(err, sheet.Flush(), z.Close())
	})
}

func (t *Table) writeSheet(w *bufio.Writer) error {
	fmt.Fprint(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">`)
	names := make([]string, len(t.columns)) // of the columns of the sheet: A, B, ..., AA
	for j, c := range t.columns {
		for k := j + 1; k > 0; k = (k - 1) / 26 {
			names[j] = string(rune('A'+(k-1)%26)) + names[j]
		}
		fmt.Fprintf(w, `<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>`, names[j], c.name)
	}
	fmt.Fprint(w, "</row>")
	number := 1
	var line []byte
	err := t.each(func(row []cell) error {
		number++
		line = append(strconv.AppendInt(append(line[:0], `<row r="`...), int64(number), 10), `">`...)
		for j := range row {
			if row[j].null {
				continue
			}
			line = append(strconv.AppendInt(append(append(line, `<c r="`...), names[j]...), int64(number), 10), '"')
			switch c := &row[j]; t.columns[j].kind {
			case category:
				line = append(append(append(line, ` t="inlineStr"><is><t>`...), c.text...), `</t></is></c>`...)
				continue
			case boolean:
				line = strconv.AppendFloat(append(line, ` t="b"><v>`...), c.number, 'f', -1, 64)
			case date:
				line = strconv.AppendFloat(append(line, ` s="1"><v>`...), c.number/86400+25569, 'f', -1, 64) // days since 1899-12-30
			default:
				line = strconv.AppendFloat(append(line, `><v>`...), c.number, 'f', -1, 64)
			}
			line = append(line, `</v></c>`...)
		}
		_, err := w.Write(append(line, `</row>`...))
		return err
	})
	fmt.Fprint(w, "</sheetData></worksheet>")
	return err
}
