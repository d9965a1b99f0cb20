package report

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"synthos/verdict"
)

// maxText is the longest text, in characters, that a report for people shows, and
// maxReason the longest reason of the decision. The JSON report holds everything.
const (
	maxText   = 400
	maxReason = 1600
)

// Clean returns s with everything visible: control characters, terminal
// escapes, direction marks and bytes that are not UTF-8 stand as \n, \x1b,
// \u202e and the like.
func Clean(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }) < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += size
	}
	return b.String()
}

// clip returns s, cut to n characters with an ellipsis if it is longer.
func clip(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// printable returns a copy of r in which every text is clean and clipped to
// maxText, so that no report can forget one. What holds no text is shared with r.
func printable(r *verdict.Result) *verdict.Result {
	out := printableValue(reflect.ValueOf(*r)).Interface().(verdict.Result)
	out.Reason = clip(Clean(r.Reason), maxReason)
	return &out
}

var scoreType = reflect.TypeFor[verdict.Score]()

func printableValue(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		out.SetString(clip(Clean(v.String()), maxText))
	case reflect.Struct:
		if v.Type() == scoreType {
			if s := v.Interface().(verdict.Score); s.WhyNull() != "" {
				out.Set(reflect.ValueOf(verdict.Unmeasured(clip(Clean(s.WhyNull()), maxText))))
			}
			break
		}
		for i := range v.NumField() {
			out.Field(i).Set(printableValue(v.Field(i)))
		}
	case reflect.Pointer:
		if !v.IsNil() && v.Elem().Kind() == reflect.Struct {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(printableValue(v.Elem()))
		}
	case reflect.Slice:
		switch v.Type().Elem().Kind() {
		case reflect.String, reflect.Struct, reflect.Slice:
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(printableValue(v.Index(i)))
			}
		}
	}
	return out
}
