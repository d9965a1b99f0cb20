package text

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestInspect(t *testing.T) {
	for _, test := range []struct {
		name, s string
		measure string
		want    float64
		reason  string
	}{
		{"empty", "", "Empty", 1, "nothing there"},
		{"dots", " ... ", "Empty", 1, "no letter, no digit"},
		{"a digit", "7", "Empty", 0, "a number says something"},
		{"sentence", "It works.", "Unfinished", 0, "ends with a full stop"},
		{"quoted", "He said \"stop!\")", "Unfinished", 0, "closing marks may follow"},
		{"chinese", "你好。", "Unfinished", 0, "the ideographic full stop"},
		{"hindi", "यह ठीक है।", "Unfinished", 0, "the danda"},
		{"ellipsis", "and so on…", "Unfinished", 0, "an ellipsis ends"},
		{"cut", "It works becau", "Unfinished", 1, "ends in a word"},
		{"comma", "It works,", "Unfinished", 1, "a comma does not end"},
		{"nothing to finish", "", "Unfinished", 0, "an empty text has no end"},
		{"replacement", "ab\uFFFDc", "Broken", 0.25, "one of four"},
		{"bytes", "ab\xff\xfe", "Broken", 0.5, "two bytes of no character, two letters"},
		{"control", "a\x00b\x07", "Broken", 0.5, "NUL and BEL"},
		{"layout", "a\tb\nc", "Broken", 0, "white space is no character"},
		{"e acute", "ScreÃ©ch", "Mojibake", 1, "both characters beyond ASCII"},
		{"apostrophe", "itâ€™s", "Mojibake", 1, "three characters for one"},
		{"twice", "cafÃƒÂ©", "Mojibake", 1, "misread twice"},
		{"lost byte", "â€œhelloâ€", "Mojibake", 1, "the closing mark has lost its third byte"},
		{"russian", "ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Mojibake", 1, "one pair after another"},
		{"space", "Ã\u00a0 la carte", "Mojibake", 1, "the second character is a space without a break"},
		{"half", "naïve ScreÃ©ch", "Mojibake", 2. / 3, "the ï is healthy"},
		{"french", "À côté, CAFÉ» déjà vu", "Mojibake", 0, "accents are healthy"},
		{"german", "„MENÜ“", "Mojibake", 0, "a capital before a quotation mark is healthy"},
		{"symbols", "a-b+", "Symbols", 0.5, "two of four"},
		{"digits", "a1 2½", "Digits", 0.75, "three of four, fractions too"},
		{"tags", "<b>ab</b>c", "Markup", 0.7, "7 of 10 characters"},
		{"attributes", `<a href="x">y</a>`, "Markup", 15. / 16, "all but y; the blank does not count"},
		{"entities", "a&nbsp;&#39;b", "Markup", 11. / 13, "6 and 5 of 13"},
		{"comparison", "if a<b and c>d & e;", "Markup", 0, "no tag, no entity"},
		{"marks", "no!!!!", "RepeatedChar", 4. / 6, "a run of four"},
		{"three", "hmm... zzz", "RepeatedChar", 0, "runs of three are ordinary"},
		{"words", "the the end", "RepeatedWord", 2. / 3, "one word twice"},
		{"phrase", "a b c a b c d", "RepeatedWord", 6. / 7, "three words twice"},
		{"not at once", "a b x a b", "RepeatedWord", 0, "something between"},
		{"figures", "16 8 8 is 0", "RepeatedWord", 0, "numbers often repeat"},
		{"length", "abcd abcdef", "WordLength", 0.5, "5 characters on average"},
		{"no words", "!", "WordLength", 0, "no length"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := reflect.ValueOf(Inspect(test.s)).FieldByName(test.measure).Float()
			if !near(got, test.want, 1e-15) {
				t.Errorf("%s of %q is %v, want %v: %s", test.measure, test.s, got, test.want, test.reason)
			}
		})
	}
}

func TestInspectOrdinary(t *testing.T) {
	got := Inspect("The river rose over night. By the morning, it had reached the bridge.")
	want := Surface{Symbols: 3. / 57, WordLength: 54. / 13 / (54./13 + 5)}
	if !near(got.Symbols, want.Symbols, 1e-15) || !near(got.WordLength, want.WordLength, 1e-15) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	got.Symbols, got.WordLength = want.Symbols, want.WordLength
	if got != want {
		t.Errorf("got %+v, want nothing else above 0", got)
	}
}

func FuzzInspect(f *testing.F) {
	for _, s := range []string{"", "It works.", "a\xff\xfe\x00", "<a href=x>&nbsp;<<>&#;", "ÐŸÑ€â€", "the the", "16 8 8", "😀😀😀😀", "â€\u009d", "ï»¿x", "ï»\u00a0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := reflect.ValueOf(Inspect(s))
		for i := range got.NumField() {
			if v := got.Field(i).Float(); !(v >= 0 && v <= 1) {
				t.Fatalf("%s of %q is %v", got.Type().Field(i).Name, s, v)
			}
		}
	})
}

func TestOddity(t *testing.T) {
	const n = 99
	reference := make([]Surface, n)
	for i := range reference {
		reference[i] = Inspect(strings.Repeat("plain words ", 1+i%7) + "end.")
		reference[i].Symbols = float64(i) / 1000
	}
	odd := reference[0]
	odd.Markup = 0.5
	middling := reference[90] // 9 of 99 have at least as many symbols
	got := Oddity([]Surface{odd, middling, reference[0]}, reference)
	want := []float64{1, -math.Log2(10./100) / math.Log2(100)}
	for i := range want {
		if !near(got[i], want[i], 1e-12) {
			t.Errorf("document %d: %v, want %v", i, got[i], want[i])
		}
	}
	if got[2] >= got[1] {
		t.Errorf("a document inside the reference has %v", got[2])
	}
	if got := Oddity(reference[:1], nil); !math.IsNaN(got[0]) {
		t.Errorf("against nothing: %v, want NaN", got[0])
	}
}
