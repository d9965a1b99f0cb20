package text

import "testing"

func TestEditDistance(t *testing.T) {
	for _, test := range []struct {
		a, b   string
		want   int
		reason string
	}{
		{"", "", 0, "nothing to do"},
		{"", "abc", 3, "three inserted"},
		{"kitten", "sitting", 3, "the textbook's example"},
		{"vlaidate", "validate", 1, "two neighbours swapped"},
		{"ünï", "uni", 2, "letters, not bytes"},
	} {
		if got := EditDistance(test.a, test.b); got != test.want {
			t.Errorf("EditDistance(%q, %q) = %d, want %d: %s", test.a, test.b, got, test.want, test.reason)
		}
		if got := EditDistance(test.b, test.a); got != test.want {
			t.Errorf("EditDistance(%q, %q) is not symmetric: %d", test.b, test.a, got)
		}
	}
}
