package text

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestTokens(t *testing.T) {
	for _, test := range []struct {
		name, s string
		want    []string
		reason  string
	}{
		{"empty", "", nil, "no characters, no words"},
		{"blank", " \t\n…—!", nil, "only separators"},
		{"words", "Hello, World!", []string{"hello", "world"}, "lower-cased, punctuation dropped"},
		{"apostrophe", "don't", []string{"don", "t"}, "an apostrophe separates"},
		{"mixed run", "GPT4 b2b 20kg", []string{"gpt4", "b2b", "20kg"}, "letters and digits make one run"},
		{"decimal", "3.14, 1.2.3.", []string{"3.14", "1.2.3"}, "a point between digits belongs to the number"},
		{"thousands", "$1,250,000.50", []string{"1250000.50"}, "separators of thousands are taken out"},
		{"list", "1,2,3 and 1,2345 and 1234,567", []string{"1", "2", "3", "and", "1", "2345", "and", "1234", "567"}, "other commas separate"},
		{"han", "我爱北京2008年", []string{"我", "爱", "北", "京", "2008", "年"}, "one token a character, numbers whole"},
		{"kana", "コーヒーを飲む", []string{"コ", "ー", "ヒ", "ー", "を", "飲", "む"}, "the length mark is a character too"},
		{"thai", "น้ำ ก็", []string{"น้", "ำ", "ก็"}, "marks stay with their letter"},
		{"hangul", "한국어 문장", []string{"한국어", "문장"}, "Korean has spaces"},
		{"cyrillic", "Привет МИР", []string{"привет", "мир"}, "any script is lower-cased"},
		{"accent", "re\u0301sume\u0301", []string{"re\u0301sume\u0301"}, "combining marks belong to words"},
		{"devanagari", "हिन्दी भाषा", []string{"हिन्दी", "भाषा"}, "vowel signs belong to words"},
		{"latin beside han", "a中b", []string{"a", "中", "b"}, "scripts without spaces end a run"},
		{"bad bytes", "ab\xff\xfecd", []string{"ab", "cd"}, "what is not UTF-8 separates"},
		{"emoji", "ok👍🏽ok", []string{"ok", "ok"}, "emoji are no letters"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Tokens(test.s, nil); !slices.Equal(got, test.want) {
				t.Errorf("Tokens(%q) = %q, want %q: %s", test.s, got, test.want, test.reason)
			}
		})
	}
}

func TestTokensAppends(t *testing.T) {
	got := Tokens("b c", []string{"a"})
	if want := []string{"a", "b", "c"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTokensAllocatesNothing(t *testing.T) {
	s := strings.Repeat("a few plain words, and 42 more ", 20)
	buf := Tokens(s, nil)
	if n := testing.AllocsPerRun(10, func() { buf = Tokens(s, buf[:0]) }); n != 0 {
		t.Errorf("%v allocations for lower-case text into a large enough buffer, want 0", n)
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"", "Hello, World 1,000.5", "我爱北京", "น้ำ", "İstanbul ΟΔΟΣ", "a\xff1,234\u0301,567", "٣,000", "ǅ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tokens := Tokens(s, nil)
		for _, token := range tokens {
			r, _ := utf8.DecodeRuneInString(token)
			if !utf8.ValidString(token) || !unicode.IsLetter(r) && !unicode.IsNumber(r) {
				t.Fatalf("token %q of %q does not begin with a letter or digit", token, s)
			}
		}
		if again := Tokens(strings.Join(tokens, " "), nil); !slices.Equal(again, tokens) {
			t.Fatalf("tokens of %q are %q, tokens of these are %q", s, tokens, again)
		}
		if n := len(Hashes(s)); n != len(tokens) {
			t.Fatalf("%d hashes of %d tokens", n, len(tokens))
		}
	})
}

func TestHash(t *testing.T) {
	for token, want := range map[string]bool{"中": true, "ก็": true, "ー": true, "a": false, "한": false, "7": false, "": false} {
		if got := ideograph(Hash(token)); got != want {
			t.Errorf("ideograph(Hash(%q)) = %v, want %v", token, got, want)
		}
	}
	if Hash("cat") == Hash("dog") || Hash("cat") != Hash("cat") {
		t.Error("Hash does not tell words apart")
	}
}

func TestGrams(t *testing.T) {
	doc := Hashes("a b a b a")
	pairs := Grams(doc, 2, nil)
	if len(pairs) != 4 || pairs[0] != pairs[2] || pairs[1] != pairs[3] || pairs[0] == pairs[1] {
		t.Errorf("pairs of a b a b a: %v, want x y x y", pairs)
	}
	if !slices.Equal(Grams(doc, 1, nil), doc) {
		t.Error("1-grams are not the tokens")
	}
	if got := Grams(doc, 6, nil); len(got) != 0 {
		t.Errorf("%d 6-grams of 5 tokens", len(got))
	}
}
