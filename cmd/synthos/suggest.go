package main

import (
	"fmt"

	"synthos/text"
)

// didYouMean returns " (did you mean x?)" for the name nearest to word, "" if none is
// near.
func didYouMean(word string, names []string) string {
	best := text.Nearest(word, names)
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}
