package load

import (
	"fmt"
	"slices"
	"strings"

	xencoding "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Encodings of before Unicode, besides Windows-1252. Nothing in a file says which
// of them it is in; guessLegacy tells some by the characters that they would give.
const (
	shiftJIS encoding = utf16Big + 1 + iota
	eucJP
	gb18030
	big5
	eucKR
	windows1251
	koi8R
	windows1250
	windows1253
	windows1254
	latin2
	latin9
)

// legacy is an encoding of before Unicode.
type legacy struct {
	encoding encoding
	name     string   // as the field writes it
	labels   []string // what users may call it, in lower case
	decoding xencoding.Encoding
}

func legacies() []legacy {
	return []legacy{
		{windows1252, "Windows-1252", []string{"windows-1252", "cp1252", "latin1", "iso-8859-1"}, charmap.Windows1252},
		{shiftJIS, "Shift-JIS", []string{"shift-jis", "shift_jis", "sjis", "cp932"}, japanese.ShiftJIS},
		{eucJP, "EUC-JP", []string{"euc-jp", "eucjp"}, japanese.EUCJP},
		{gb18030, "GB18030", []string{"gb18030", "gbk", "gb2312", "cp936"}, simplifiedchinese.GB18030},
		{big5, "Big5", []string{"big5", "cp950"}, traditionalchinese.Big5},
		{eucKR, "EUC-KR", []string{"euc-kr", "euckr", "cp949"}, korean.EUCKR},
		{windows1251, "Windows-1251", []string{"windows-1251", "cp1251"}, charmap.Windows1251},
		{koi8R, "KOI8-R", []string{"koi8-r"}, charmap.KOI8R},
		{windows1250, "Windows-1250", []string{"windows-1250", "cp1250"}, charmap.Windows1250},
		{windows1253, "Windows-1253", []string{"windows-1253", "cp1253"}, charmap.Windows1253},
		{windows1254, "Windows-1254", []string{"windows-1254", "cp1254"}, charmap.Windows1254},
		{latin2, "ISO 8859-2", []string{"iso-8859-2", "latin2"}, charmap.ISO8859_2},
		{latin9, "ISO 8859-15", []string{"iso-8859-15", "latin9"}, charmap.ISO8859_15},
	}
}

// ParseEncoding returns an error if name is not that of an encoding of before
// Unicode that text can be read in.
func ParseEncoding(name string) error {
	_, err := encodingCalled(name)
	return err
}

// encodingCalled returns the encoding that a user names; utf8Text for "".
func encodingCalled(name string) (encoding, error) {
	if name == "" {
		return utf8Text, nil
	}
	var known []string
	for _, l := range legacies() {
		if slices.Contains(l.labels, strings.ToLower(strings.TrimSpace(name))) {
			return l.encoding, nil
		}
		known = append(known, l.labels[0])
	}
	return utf8Text, fmt.Errorf("no encoding is called %q; there are %s (UTF-8 and UTF-16 are found out)", name, strings.Join(known, ", "))
}

// legacyOf decides what text is in that is not Unicode: what the options say, else
// what a sample of it looks like. why says so.
func legacyOf(sample []byte, o Options) (e encoding, why string) {
	if e, err := encodingCalled(o.Encoding); err == nil && e != utf8Text {
		return e, fmt.Sprintf("the text is not UTF-8; read as %s, as was asked for", e)
	}
	e, sure := guessLegacy(sample)
	why = fmt.Sprintf("the text is not UTF-8; read as %s", e)
	if !sure {
		why += ", a guess by its characters: look at the sample values, and name the right one with --encoding if they are wrong"
	}
	return e, why
}

// legacyDecoder returns the decoder of e, nil for those that decoder knows.
func legacyDecoder(e encoding) *xencoding.Decoder {
	for _, l := range legacies() {
		if l.encoding == e && e != windows1252 {
			return l.decoding.NewDecoder()
		}
	}
	return nil
}
