package text

import "unicode/utf8"

// Nearest returns the one of words that word may have been meant for, the first of
// those that are equally near; "" if none is near: more than a third of its letters
// differ, or all of them.
func Nearest(word string, words []string) string {
	best, least := "", 1+max(2, utf8.RuneCountInString(word)/3)
	for _, w := range words {
		if d := EditDistance(word, w); d < least && d < utf8.RuneCountInString(word) {
			best, least = w, d
		}
	}
	return best
}

// EditDistance returns the least number of inserted, deleted, replaced and
// swapped neighbouring letters that make b of a.
//
// Source: Damerau, CACM 7(3), 1964, as optimal string alignment.
func EditDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			replace := last[j]
			if x[i] != y[j] {
				replace++
			}
			row[j+1] = min(replace, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
