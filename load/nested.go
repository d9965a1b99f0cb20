package load

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A nested value, as the Parquet and Arrow readers assemble it from lists,
// maps and structs, is one of: nil, string, literal, []any, *record.

// literal is a scalar that is written without quotes: a number, true or false.
type literal string

// record is a struct or a map: named values in order.
type record struct {
	names  []string
	values []any
}

// text returns the value called name if it is a string.
func (r *record) text(name string) (string, bool) {
	for i, n := range r.names {
		if n == name {
			s, ok := r.values[i].(string)
			return s, ok
		}
	}
	return "", false
}

// nestedText renders a nested value as the text of one cell: a list of scalars
// joined by ", ", everything else as compact JSON. The second result is false if v is null.
func nestedText(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case literal:
		return string(v), true
	case []any:
		if s, ok := scalarList(v); ok {
			return s, true
		}
	}
	return string(appendNested(nil, v)), true
}

// scalarList joins a list that holds scalars and nulls only.
func scalarList(list []any) (string, bool) {
	var b strings.Builder
	for i, v := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		switch v := v.(type) {
		case nil:
			b.WriteString("null")
		case string:
			b.WriteString(v)
		case literal:
			b.WriteString(string(v))
		default:
			return "", false
		}
	}
	return b.String(), true
}

// appendNested appends v as compact JSON.
func appendNested(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		b, _ = jsontext.AppendQuote(b, v) // its error is about invalid UTF-8, which it replaces
	case literal:
		b = append(b, v...)
	case []any:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendNested(b, x)
		}
		b = append(b, ']')
	case *record:
		b = append(b, '{')
		for i, name := range v.names {
			if i > 0 {
				b = append(b, ',')
			}
			b, _ = jsontext.AppendQuote(b, name)
			b = append(b, ':')
			b = appendNested(b, v.values[i])
		}
		b = append(b, '}')
	default:
		b = append(b, "null"...)
	}
	return b
}

// plainText returns s as it is if it is valid UTF-8 without zero bytes, and otherwise what stands
// for binary data in a cell: its first 16 bytes in hexadecimal, and if there
// are more, how many there are and the first 8 bytes of their SHA-256. Equal
// data has equal text.
func plainText(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	if len(s) <= 16 {
		return "0x" + hex.EncodeToString([]byte(s))
	}
	sum := sha256.Sum256([]byte(s))
	return fmt.Sprintf("0x%x... (%d bytes, sha256 %x...)", s[:16], len(s), sum[:8])
}
