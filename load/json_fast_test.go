package load

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// readBothWays reads a JSON file with and without jsonFast, which must agree.
func readBothWays(t testing.TB, src dataset.Source) contents {
	t.Helper()
	s := src.(*jsonSource)
	fast, err := readContents(s)
	if err != nil {
		t.Fatal(err)
	}
	s.slowly = true
	defer func() { s.slowly = false }()
	slow, err := readContents(s)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slow, fast); diff != "" {
		t.Fatalf("(-without +with jsonFast):\n%s", diff)
	}
	return fast
}

// oddValues are what a member may hold, whatever its column expects.
var oddValues = []string{
	"null", "NaN", "Infinity", "-Infinity", "true", "false", "0", "-0", "-0.0", "7", "-12", "0.5", "1e3", "1.25E-7", "1e999", "01", "-01", "1.", ".5", "+1", "-", "1e",
	"12345678901234567", "9007199254740992", "9007199254740993", "0.12345678901234567", "123456789.123456789012", "-209.62883",
	`""`, `"x"`, `"7"`, `"NA"`, `"true"`, `"2024-02-29"`, `"2024-02-30"`, `"a \"quoted\" \\ text\n"`, `"\u00e9\ud83d\ude00"`, `"\ud83d"`, `"\x"`, `"\u12"`, `"` + strings.Repeat("long ", 20) + `é"`,
	`{}`, `{"x":1}`, `{"x":1,"y":"t"}`, `{"x":null,"z":{"w":-2.5}}`, `[]`, `[1,"a",null]`, `[{"role":"user","content":"hi\n"}]`, "tru", "nul", `"open`, "{", "[1", "truex",
}

// plainRecord shows what the columns of randomRecord hold.
const plainRecord = `{"a":1.5,"b":2,"c":"x","d":true,"e":"2024-01-02","f":{"x":1,"y":"t","z":{"w":2.5}},"g\"h":[1]}`

// randomRecord writes a record with the members of plainRecord: mostly what their
// columns hold, in order, but not always.
func randomRecord(rng *rand.Rand) string {
	rare := func(share float64) bool { return rng.Float64() < share }
	space := func() string {
		if rare(0.05) {
			return []string{" ", "\t", "  ", "\r"}[rng.IntN(4)]
		}
		return ""
	}
	members := []string{
		`"a":` + strconv.FormatFloat(rng.NormFloat64()*100, 'f', rng.IntN(18), 64),
		`"b":` + strconv.Itoa(rng.IntN(100000)-50000),
		`"c":` + []string{`"red"`, `"dark green"`, `"with \"escapes\" \u00e9"`, `""`}[rng.IntN(4)],
		`"d":` + []string{"true", "false"}[rng.IntN(2)],
		`"e":"2024-0` + strconv.Itoa(1+rng.IntN(9)) + `-11"`,
		`"f":{"x":` + strconv.Itoa(rng.IntN(9)) + `,"y":"t","z":{"w":` + strconv.FormatFloat(rng.NormFloat64(), 'g', -1, 64) + `}}`,
		`"g\"h":[1,2]`,
	}
	for i := range members {
		if rare(0.05) {
			name, _, _ := strings.Cut(members[i], ":")
			members[i] = name + space() + ":" + space() + oddValues[rng.IntN(len(oddValues))]
		}
	}
	if rare(0.1) {
		rng.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	}
	if rare(0.1) {
		i := rng.IntN(len(members))
		members = append(members[:i], members[i+1:]...)
	}
	if rare(0.03) {
		members = append(members, members[rng.IntN(len(members))])
	}
	if rare(0.01) {
		members = append(members, `"unknown":1`)
	}
	separator := "," + space()
	text := space() + "{" + space() + strings.Join(members, separator) + space() + "}" + space()
	switch {
	case rare(0.01):
		text = text[:3+rng.IntN(len(text)-3)]
	case rare(0.01):
		text += []string{"x", "}", " {}", ","}[rng.IntN(4)]
	case rare(0.01):
		i := rng.IntN(len(text))
		text = text[:i] + string(rune('!'+rng.IntN(90))) + text[i+1:]
	}
	return text
}

// TestJSONFast compares both ways to read records on well-formed, odd and broken
// ones, and makes sure that the fast one is used.
func TestJSONFast(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	src, err := openTemp(t, "a.jsonl", strings.Repeat(plainRecord+"\n", 300), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := src.(*jsonSource)
	if got := strings.Join(s.schema.Names(), " "); got != `a b c d e f.x f.y f.z.w g"h` {
		t.Fatalf("columns %s", got)
	}
	var text strings.Builder
	const n = 8000
	for range n {
		text.WriteString(randomRecord(rng) + "\n")
	}
	read := func(slowly bool) (c contents, notes tallies) {
		s.slowly = slowly
		r := newJSONReader(s, newJSONRecords(s.path, jsonLines, strings.NewReader(text.String()), 0, s.options))
		next := int64(0)
		if err := r.run(t.Context(), func(b *dataset.Batch) error {
			for _, f := range b.Skipped {
				c.Findings = append(c.Findings, fmt.Sprintf("%d: %s", f.Row, f.Message))
			}
			return c.add(s.schema, b, &next)
		}); err != nil {
			t.Fatal(err)
		}
		return c, r.notes
	}
	slow, slowNotes := read(true)
	fast, fastNotes := read(false)
	if diff := cmp.Diff(slow, fast); diff != "" {
		t.Fatalf("(-without +with jsonFast):\n%s", diff)
	}
	if diff := cmp.Diff(slowNotes, fastNotes, cmp.AllowUnexported(tally{})); diff != "" {
		t.Fatalf("(-without +with jsonFast):\n%s", diff)
	}
	if len(fast.Skipped) < n/100 || len(fast.Skipped) > n/4 || len(fast.Rows)+len(fast.Skipped) != n {
		t.Errorf("%d rows and %d skipped of %d records", len(fast.Rows), len(fast.Skipped), n)
	}
	f := newJSONFast(s.root, newBuilder(s.schema))
	count := 0
	for line := range strings.Lines(text.String()) {
		if f.read([]byte(strings.TrimRight(line, "\r\n"))) {
			count++
			f.builder.undo(len(f.builder.columns))
		}
	}
	if count < n*3/4 {
		t.Errorf("only %d of %d records are read fast", count, n)
	}
}

// TestJSONFastValues compares the cells that jsonFast reads with encoding/json
// and strconv.
func TestJSONFastValues(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	var text strings.Builder
	for range 300 {
		text.WriteString("{\"a\":1.5,\"c\":\"x\",\"f\":{\"x\":1,\"y\":\"t\"}}\n")
	}
	src, err := openTemp(t, "a.jsonl", text.String(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := src.(*jsonSource)
	f := newJSONFast(s.root, newBuilder(s.schema))
	compared := 0
	for range 20_000 {
		a, x := oddValues[rng.IntN(len(oddValues))], oddValues[rng.IntN(len(oddValues))]
		c, y := randomString(rng), randomString(rng)
		line := []byte(fmt.Sprintf(`{"a":%s,"c":%s,"f":{"x":%s,"y":%s}}`, a, c, x, y))
		var want struct {
			A, C any
			F    struct{ X, Y any }
		}
		decoder := json.NewDecoder(strings.NewReader(string(line)))
		decoder.UseNumber()
		wantErr := decoder.Decode(&want)
		b := f.builder
		if !f.read(line) {
			continue
		}
		if wantErr != nil && !strings.Contains(string(line), "NaN") && !strings.Contains(string(line), "Infinity") {
			t.Fatalf("%s is read; encoding/json says %v", line, wantErr)
		}
		if wantErr == nil {
			compared++
			for i, w := range []any{want.A, want.C, want.F.X, want.F.Y} {
				compareCell(t, line, &b.columns[i], w)
			}
		}
		b.undo(len(b.columns))
	}
	if compared < 5000 {
		t.Errorf("only %d records were compared", compared)
	}
}

// compareCell compares the first cell of a column with what encoding/json reads.
func compareCell(t *testing.T, line []byte, c *columnBuilder, want any) {
	t.Helper()
	if c.typ == dataset.String {
		if s, ok := want.(string); ok && (c.null[0] || string(c.text) != s) {
			t.Fatalf("%s: %q, encoding/json reads %q", line, c.text, s)
		}
		return
	}
	if n, ok := want.(json.Number); ok {
		v, err := strconv.ParseFloat(string(n), 64)
		exact := err == nil && (strings.ContainsAny(string(n), ".eE") || math.Abs(v) <= 1<<53)
		if c.null[0] == exact && string(n) != "9007199254740993" || exact && !c.null[0] && math.Float64bits(v) != math.Float64bits(c.floats[0]) {
			t.Fatalf("%s: %v, null is %v; strconv reads %v", line, c.floats[0], c.null[0], v)
		}
	} else if want == nil && !c.null[0] {
		t.Fatalf("%s: null is read as %v", line, c.floats[0])
	}
}

// randomString writes a JSON string of any length, with and without escapes.
func randomString(rng *rand.Rand) string {
	var s []rune
	for range rng.IntN(30) {
		switch rng.IntN(8) {
		case 0:
			s = append(s, []rune{'"', '\\', '\n', '/', 'é', '😀', 0x7f, 0x01}[rng.IntN(8)])
		default:
			s = append(s, 'a'+rune(rng.IntN(26)))
		}
	}
	text, err := json.Marshal(string(s))
	if err != nil || !utf8.Valid(text) {
		panic(string(text))
	}
	return string(text)
}

// TestStringStop compares with the obvious loop.
func TestStringStop(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 20_000 {
		b := make([]byte, rng.IntN(40))
		for i := range b {
			b[i] = []byte{'"', '\\', 'x', 0xa2, 0xdc, 0x23, 0x5d, 0x00, '!'}[2+rng.IntN(7)]
			if rng.IntN(12) == 0 {
				b[i] = []byte{'"', '\\'}[rng.IntN(2)]
			}
		}
		p := rng.IntN(len(b) + 1)
		want := p
		for want < len(b) && b[want] != '"' && b[want] != '\\' {
			want++
		}
		if got := stringStop(b, p); got != want {
			t.Fatalf("%q from %d: %d, want %d", b, p, got, want)
		}
	}
}
