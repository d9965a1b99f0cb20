package load

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"

	"synthos/dataset"
)

// workbook is what of an Excel workbook concerns all of its sheets.
type workbook struct {
	path    string // of the file
	size    int64
	options Options
	parts   map[string]*zip.File // by name, in lower case: Excel does not tell case apart
	sheets  []sheetPart
	shared  []string     // the shared strings
	formats []cellFormat // by style
	date    dateSystem
}

// sheetPart is a sheet and the part of the archive that holds it.
type sheetPart struct{ name, part string }

// openWorkbook reads the parts of the archive that describe the sheets.
func openWorkbook(file io.ReaderAt, size int64, path string, o Options) (*workbook, error) {
	archive, err := zip.NewReader(file, size)
	if err == nil {
		archive.RegisterDecompressor(zip.Deflate, flate.NewReader) // takes two thirds of the time of the standard library's
	}
	if err != nil {
		return nil, err
	}
	b := &workbook{path: path, size: size, options: o, parts: map[string]*zip.File{}}
	for _, f := range archive.File {
		b.parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	switch {
	case b.parts["xl/workbook.bin"] != nil:
		return nil, dataset.NewError(path, "a binary workbook (.xlsb)", "save it as .xlsx or export it as CSV")
	case b.parts["content.xml"] != nil:
		return nil, dataset.NewError(path, "an OpenDocument file (.ods)", "save it as .xlsx or export it as CSV")
	}
	main, err := b.mainPart()
	if err != nil {
		return nil, err
	}
	targets, err := b.relations(main)
	if err != nil {
		return nil, err
	}
	if err := b.readBook(main, targets); err != nil {
		return nil, err
	}
	for _, t := range targets {
		switch {
		case strings.HasSuffix(t.kind, "/sharedStrings"):
			err = b.readShared(t.part)
		case strings.HasSuffix(t.kind, "/styles"):
			b.formats, err = b.readFormats(t.part)
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// open starts to read a part of the archive. The caller calls close.
func (b *workbook) open(part string) (s *xmlScanner, close func() error, err error) {
	f := b.parts[strings.ToLower(part)]
	if f == nil {
		return nil, nil, fmt.Errorf("the archive has no %q", part)
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", part, err)
	}
	limited := &bounded{r: r, path: b.path, packing: "zip", size: b.size, maxBytes: b.options.MaxBytes, maxRatio: b.options.MaxRatio}
	return newXMLScanner(limited), r.Close, nil
}

// each calls visit for every tag of a part, with the text before it.
func (b *workbook) each(part string, visit func(text []byte, tag xmlTag)) error {
	s, close, err := b.open(part)
	if err != nil {
		return err
	}
	defer close()
	for {
		text, tag, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
		visit(text, tag)
	}
}

// relation is a reference from one part to another.
type relation struct{ id, kind, part string }

// relations lists the references of a part; none if it has no list.
func (b *workbook) relations(part string) ([]relation, error) {
	dir, name := path.Split(part)
	list := dir + "_rels/" + name + ".rels"
	if b.parts[strings.ToLower(list)] == nil {
		return nil, nil
	}
	var out []relation
	err := b.each(list, func(_ []byte, tag xmlTag) {
		if !tag.starts("Relationship") {
			return
		}
		target := string(appendText(nil, tag.attribute("Target")))
		if strings.HasPrefix(target, "/") {
			target = target[1:]
		} else {
			target = path.Join(dir, target)
		}
		out = append(out, relation{string(tag.attribute("Id")), string(tag.attribute("Type")), target})
	})
	return out, err
}

// mainPart finds the part that lists the sheets.
func (b *workbook) mainPart() (string, error) {
	roots, err := b.relations("")
	if err != nil {
		return "", err
	}
	for _, r := range roots {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			return r.part, nil
		}
	}
	return "xl/workbook.xml", nil
}

// readBook lists the sheets and finds out how dates count.
func (b *workbook) readBook(main string, targets []relation) error {
	parts := map[string]relation{}
	for _, t := range targets {
		parts[t.id] = t
	}
	err := b.each(main, func(_ []byte, tag xmlTag) {
		switch {
		case tag.starts("workbookPr"):
			if v := string(tag.attribute("date1904")); v == "1" || v == "true" {
				b.date = system1904
			}
		case tag.starts("sheet"):
			t := parts[string(tag.attribute("r:id"))]
			if strings.HasSuffix(t.kind, "/worksheet") { // not a chart
				b.sheets = append(b.sheets, sheetPart{string(appendText(nil, tag.attribute("name"))), t.part})
			}
		}
	})
	if err == nil && len(b.sheets) == 0 {
		err = fmt.Errorf("%s lists no sheets", main)
	}
	return err
}

// sheet finds the sheet called name; "" is the first.
func (b *workbook) sheet(name string) (sheetPart, error) {
	names := make([]string, len(b.sheets))
	for i, s := range b.sheets {
		if name == "" || s.name == name {
			return s, nil
		}
		names[i] = strconv.Quote(s.name)
	}
	return sheetPart{}, dataset.NewError(b.path, fmt.Sprintf("there is no sheet %q", name), "name one of "+strings.Join(names, ", "))
}

// readShared reads the table of shared strings: <si> holds <t>, or runs of
// formatted text with a <t> each, and maybe how to pronounce it (<rPh>).
func (b *workbook) readShared(part string) error {
	var text []byte
	in, spoken := false, false
	return b.each(part, func(before []byte, tag xmlTag) {
		if in && !spoken {
			text = appendRaw(text, before, tag)
		}
		switch {
		case tag.starts("t"):
			in = !tag.empty
		case tag.ends("t"):
			in = false
		case tag.starts("rPh"):
			spoken = !tag.empty
		case tag.ends("rPh"):
			spoken = false
		}
		if tag.ends("si") {
			b.shared = append(b.shared, string(text))
			text = text[:0]
		}
	})
}

// appendRaw appends the text before a tag.
func appendRaw(out, text []byte, tag xmlTag) []byte {
	if tag.literal {
		return append(out, text...)
	}
	return appendText(out, text)
}
