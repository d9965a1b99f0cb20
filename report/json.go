package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"synthos/verdict"
)

// jsonOptions make the report strict JSON whatever is in a Result: NaN and
// infinities are null, lists that are not there are [], and text that is not
// UTF-8 gets U+FFFD where it is broken.
var jsonOptions = json.JoinOptions(
	json.Deterministic(true),
	json.WithMarshalers(json.MarshalToFunc(func(enc *jsontext.Encoder, x float64) error {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return enc.WriteToken(jsontext.Null)
		}
		return errors.ErrUnsupported // the usual way will do
	})),
	jsontext.AllowInvalidUTF8(true),
	jsontext.EscapeForHTML(true),
	jsontext.WithIndent("  "),
)

// JSON writes r as indented JSON in UTF-8, with schema_version set to
// verdict.SchemaVersion and a newline at the end. The same Result gives the same
// bytes. Characters that could act on a terminal or a web page are written as
// \u escapes.
func JSON(w io.Writer, r *verdict.Result) error {
	out := *r
	out.SchemaVersion = verdict.SchemaVersion
	b, err := json.Marshal(&out, jsonOptions)
	if err != nil {
		return fmt.Errorf("cannot write the result as JSON: %w", err)
	}
	_, err = w.Write(append(escapeUnprintable(b), '\n'))
	return err
}

// escapeUnprintable writes characters beyond ASCII that are not printable as \u
// escapes. In valid JSON such characters occur in strings only. (Those below
// U+0020 are escaped already; DEL is the one in ASCII that is not.)
func escapeUnprintable(b []byte) []byte {
	var out bytes.Buffer
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case unicode.IsPrint(r) || r == '\n':
			out.Write(b[i : i+size])
		case r < 0x10000:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		}
		i += size
	}
	return out.Bytes()
}
