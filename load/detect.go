package load

import (
	"bytes"
)

// The functions below tell a format by the first bytes of a file, at most
// 64 KiB, after decompression.

func isParquet(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PAR1")) || bytes.HasPrefix(head, []byte("PARE"))
}

// isArrow knows the IPC file by its magic and the IPC stream by the
// continuation marker before the length of its first message.
func isArrow(head []byte) bool {
	return bytes.HasPrefix(head, []byte("ARROW1")) ||
		len(head) >= 8 && bytes.HasPrefix(head, []byte{0xff, 0xff, 0xff, 0xff}) && head[7] == 0
}

func isFeather(head []byte) bool {
	return bytes.HasPrefix(head, []byte("ARROW1")) || bytes.HasPrefix(head, []byte("FEA1"))
}

// isHDF5 looks for the signature at 0 and, after a user block, at 512, 1024, ...
func isHDF5(head []byte) bool {
	signature := []byte("\x89HDF\r\n\x1a\n")
	if bytes.HasPrefix(head, signature) {
		return true
	}
	for at := 512; at < len(head); at *= 2 {
		if bytes.HasPrefix(head[at:], signature) {
			return true
		}
	}
	return false
}

// isExcel knows a workbook by the parts in its zip archive.
func isExcel(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) &&
		(bytes.Contains(head, []byte("[Content_Types].xml")) || bytes.Contains(head, []byte("xl/w")) || bytes.Contains(head, []byte("xl/_rels")))
}

func isJSON(head []byte) bool { return firstInk(head) == '[' && !isBinary(head) }

func isNDJSON(head []byte) bool { return firstInk(head) == '{' && !isBinary(head) }

// isCSV takes for CSV whatever is text and has more than one line, or a
// delimiter in its only one.
func isCSV(head []byte) bool {
	ink := firstInk(head)
	return ink != 0 && ink != '{' && ink != '[' && ink != '<' && !isBinary(head) && bytes.ContainsAny(head, "\r\n,;\t|")
}

// markup says that head is a web page or other markup, "" if it is not.
func markup(head []byte) string {
	text := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head[:min(len(head), 256)], utf8BOM)))
	switch {
	case bytes.HasPrefix(text, []byte("<!doctype html")), bytes.HasPrefix(text, []byte("<html")):
		return "a web page"
	case bytes.HasPrefix(text, []byte("<?xml")):
		return "XML"
	}
	return ""
}

// isUTF32 knows UTF-32 by its byte order mark.
func isUTF32(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff"))
}

// otherSheet says that head begins a spreadsheet that is not read, and what to do;
// "" if it does not.
func otherSheet(head []byte) (what, do string) {
	switch {
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "an old workbook (.xls), or one with a password", "save it as .xlsx without a password, or export it as CSV"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) && bytes.Contains(head[:min(len(head), 128)], []byte("mimetypeapplication/vnd.oasis.opendocument")):
		return "an OpenDocument file (.ods)", "save it as .xlsx or export it as CSV"
	}
	return "", ""
}

// firstInk returns the first byte that is neither white space nor part of a
// byte order mark, 0 if there is none.
func firstInk(head []byte) byte {
	for _, c := range bytes.TrimPrefix(head, utf8BOM) {
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c
		}
	}
	return 0
}

// isBinary reports whether head cannot be the start of a text: more than one
// byte in 200 is a control character that no text has, and no byte order mark
// says that it is UTF-16.
//
// The separator of fields that Hive uses is no such character.
func isBinary(head []byte) bool {
	const fieldSeparator = 0x01
	if bytes.HasPrefix(head, utf16LE) || bytes.HasPrefix(head, utf16BE) {
		return false
	}
	control := 0
	for _, c := range head {
		if c != fieldSeparator && c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b {
			control++
		}
	}
	return control*200 > len(head)
}
