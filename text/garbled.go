package text

// Garbled reports whether s holds replacement or control characters, or text that
// was decoded with the wrong encoding.
func Garbled(s string) bool {
	if ASCII(s) {
		return false
	}
	surface := Inspect(s)
	return surface.Broken+surface.Mojibake > 0
}

// ASCII reports whether s holds nothing but printable ASCII and white space.
func ASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x7f || c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	return true
}
