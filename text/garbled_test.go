package text

import "testing"

func TestGarbled(t *testing.T) {
	for _, test := range []struct {
		s      string
		want   bool
		reason string
	}{
		{"plain", false, "ASCII"},
		{"tab\tand\nnewline", false, "white space"},
		{"Müller, Łódź, 東京, 👍", false, "letters of any script and emoji"},
		{"J\ufffdrgen", true, "a replacement character"},
		{"J\xf6rgen", true, "Latin-1 that is not UTF-8"},
		{"JÃ¼rgen", true, "UTF-8 read as Windows-1252"},
		{"bell\x07", true, "a control character"},
	} {
		if got := Garbled(test.s); got != test.want {
			t.Errorf("Garbled(%q) = %v, want %v: %s", test.s, got, test.want, test.reason)
		}
	}
}
