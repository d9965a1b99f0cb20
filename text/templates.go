package text

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	templateWords = 5   // least number of fixed words in a template
	maxTemplates  = 512 // skeletons that are tried as templates, the most frequent
)

// Template is a sentence pattern that many rows fill in.
type Template struct {
	Form  string  // "please * the * of *": fixed words, and slots that rows fill
	Words int     // number of fixed words
	Rows  []int   // the rows made from it, ascending
	Fixed float64 // mean share of the rows' words that are fixed, 0-1
}

// Templates finds sentence patterns that at least minRows of docs are made from,
// word for word but for some slots. docs hold the tokens of each row. It
// returns for each row the index of its template in templates, or -1, and the
// templates, those with most fixed words first. It panics if minRows < 2.
//
// First the skeleton of each row: numbers and words that are in fewer than
// minRows rows are slots, neighbouring slots are merged, and what is left is
// kept if it stands in a run of three, slots counted, that at least minRows rows
// share. A skeleton of at least 5 words that two rows share is a pattern; of the
// patterns the 512 most frequent are tried, those with most words first.
// A row belongs to a pattern if it consists of its words in order, with slots
// at most twice as long as in the rows the pattern was found in. So a slot
// may also hold a word that is frequent elsewhere. Patterns with fewer than
// minRows rows are dropped.
func Templates(docs [][]string, minRows int) (ids []int, templates []Template) {
	if minRows < 2 {
		panic("text: a template needs at least 2 rows")
	}
	ids = make([]int, len(docs))
	for i := range ids {
		ids[i] = -1
	}
	words, rows := intern(docs)
	holding := rowsHolding(rows, len(words))
	for _, p := range patterns(rows, words, holding, minRows) {
		var members []int
		for _, r := range holding[p.rarest(holding)] {
			if ids[r] < 0 && p.matches(rows[r]) {
				members = append(members, r)
			}
		}
		if len(members) < minRows {
			continue
		}
		fixed := 0.0
		for _, r := range members {
			ids[r] = len(templates)
			fixed += float64(p.words) / float64(len(rows[r]))
		}
		templates = append(templates, Template{
			Form: p.form(words), Words: p.words, Rows: members, Fixed: fixed / float64(len(members)),
		})
	}
	return ids, templates
}

// intern numbers the distinct words of docs in the order in which they come, and
// returns them and the documents as numbers.
func intern(docs [][]string) (words []string, rows [][]int32) {
	number := make(map[string]int32)
	rows = make([][]int32, len(docs))
	for i, doc := range docs {
		rows[i] = make([]int32, len(doc))
		for k, word := range doc {
			id, seen := number[word]
			if !seen {
				id = int32(len(words))
				number[word] = id
				words = append(words, word)
			}
			rows[i][k] = id
		}
	}
	return words, rows
}

// rowsHolding returns for each of n words the rows that hold it, ascending.
func rowsHolding(rows [][]int32, n int) [][]int {
	holding := make([][]int, n)
	for i, row := range rows {
		for _, w := range row {
			if k := len(holding[w]); k == 0 || holding[w][k-1] != i {
				holding[w] = append(holding[w], i)
			}
		}
	}
	return holding
}

// slot stands in a skeleton for one or more words that differ between rows.
const slot = int32(-1)

// patterns returns the skeletons to try as templates, in the order in which to
// try them.
func patterns(rows [][]int32, words []string, holding [][]int, minRows int) []*pattern {
	frequent := make([]bool, len(words))
	for w, word := range words {
		first, _ := utf8.DecodeRuneInString(word)
		frequent[w] = len(holding[w]) >= minRows && !unicode.IsNumber(first)
	}
	reduced := make([]skeleton, len(rows))
	for i, row := range rows {
		reduced[i] = newSkeleton(row, func(k int) bool { return frequent[row[k]] })
	}
	runs := countRuns(reduced)

	byParts := make(map[string]*pattern)
	var found []*pattern
	for i, row := range rows {
		kept := reduced[i].anchored(runs, minRows, len(row))
		s := newSkeleton(row, func(k int) bool { return kept[k] })
		if s.words < templateWords {
			continue
		}
		key := s.key()
		p := byParts[key]
		if p == nil {
			p = &pattern{parts: s.parts, words: s.words, gaps: make([]int, len(s.parts)), first: i}
			byParts[key] = p
			found = append(found, p)
		}
		p.seen++
		for k, length := range s.lengths {
			if p.parts[k] == slot {
				p.gaps[k] = max(p.gaps[k], 2*length)
			}
		}
	}
	found = slices.DeleteFunc(found, func(p *pattern) bool { return p.seen < 2 })
	slices.SortFunc(found, func(a, b *pattern) int {
		return cmp.Or(b.seen-a.seen, a.first-b.first)
	})
	found = found[:min(len(found), maxTemplates)]
	slices.SortFunc(found, func(a, b *pattern) int {
		return cmp.Or(b.words-a.words, b.seen-a.seen, a.first-b.first)
	})
	return found
}

// form returns the pattern as it is printed.
func (p *pattern) form(words []string) string {
	parts := make([]string, len(p.parts))
	for k, w := range p.parts {
		parts[k] = "*"
		if w != slot {
			parts[k] = words[w]
		}
	}
	return strings.Join(parts, " ")
}
