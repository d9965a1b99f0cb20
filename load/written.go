package load

import (
	"fmt"
	"math"
	"strings"
)

// writtenNumber returns the text of x that the reader of a column's layout reads back as x: plain,
// with a decimal comma, with the column's unit, or as a time of day. ok is false if there is none.
func writtenNumber(x float64, layout string) (text string, ok bool) {
	plain := formatNumber(x)
	comma := strings.Replace(plain, ".", ",", 1)
	candidates := []string{plain, comma}
	if unit, _, has := cutUnit(layout); has {
		candidates = append(candidates, plain+" "+unit, comma+" "+unit)
	}
	if s := int(x); layout == timesOfDay && float64(s) == math.Abs(x) {
		candidates = append(candidates, fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60))
	}
	read := numberReader(layout)
	for _, text := range candidates {
		if back, ok := read([]byte(text)); ok && back == x {
			return text, true
		}
	}
	return "", false
}
