package main

import (
	"io"
	"os"
)

// isTerminal says whether w is a terminal that takes escape sequences. (A
// character device that is none, such as /dev/null, does not mind them.)
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// wantsColor says whether to colour what is written to w: on a terminal, unless
// NO_COLOR is set (https://no-color.org).
func wantsColor(w io.Writer) bool { return isTerminal(w) && os.Getenv("NO_COLOR") == "" }
