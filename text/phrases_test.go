package text

import (
	"strings"
	"testing"
)

func TestPhrases(t *testing.T) {
	tests := []struct {
		name, s string
		want    int
		reason  string
	}{
		{"nothing", "?!", 0, "no tokens, no phrases"},
		{"one word", "yes", 1, "a text shorter than a phrase is one"},
		{"two words", "very good", 1, "a text shorter than a phrase is one"},
		{"three words", "one two three", 1, "a phrase"},
		{"six words", "one two three four five six", 4, "runs of three"},
		{"Korean", "한국어 문장 하나 더", 2, "Korean has spaces"},
		{"Chinese", "我爱北京天安门", 3, "runs of five of seven"},
		{"short Chinese", "好的", 1, "shorter than a phrase"},
		{"Japanese", "コーヒーを飲む", 3, "runs of five of seven"},
		{"Thai", "กขคงจฉชซฌญฎฏ", 3, "runs of ten of twelve"},
		{"mostly Chinese", "用 Go 写一个排序函数", 5, "runs of five of nine"},
		{"mostly English", "write a sorting function 用中文", 5, "runs of three of seven"},
	}
	for _, test := range tests {
		if got := Phrases(Tokens(test.s, nil), nil); len(got) != test.want {
			t.Errorf("%s: %d phrases in %q, want %d: %s", test.name, len(got), test.s, test.want, test.reason)
		}
	}
	a := Phrases(Tokens("yes", nil), nil)
	if b := Phrases(Tokens("YES!", nil), a); len(b) != 2 || b[0] != b[1] {
		t.Errorf("the same short text twice: %v, want two equal phrases", b)
	}
}

// For texts with spaces, none shorter than three words, it is distinct-3.
func TestPhrasesAreDistinct3(t *testing.T) {
	texts := []string{"a b c d e", "b c d", "a b c x", "x y z a b c d"}
	var phrases, docs [][]uint64
	for _, s := range texts {
		tokens := strings.Fields(s)
		phrases, docs = append(phrases, Phrases(tokens, nil)), append(docs, Hashes(s))
	}
	budget := CountGrams(docs, 3)
	if n := CountGrams(phrases, 1); n != budget {
		t.Fatalf("%d phrases, want %d", n, budget)
	}
	if got, want := DistinctN(phrases, 1, budget), DistinctN(docs, 3, budget); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}
