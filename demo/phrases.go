package demo

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"

	"synthos/dataset"
)

// phraseTable holds how often texts have each sentence, and how many of them.
type phraseTable struct {
	phrases []string  // the most frequent first
	sums    []float64 // [k]: the weights of phrases 0 to k added up, counts sharpened
	lengths []float64 // [k]: how many texts have k sentences
}

// countPhrases counts the sentences of column v apart for each code of its
// first parent; without a parent there is one table. A code that no text was
// seen with gets the table of all texts.
func (g *Generator) countPhrases(n *node, codes [][]int, v *dataset.Vector) []phraseTable {
	tables := 1
	if len(n.parents) > 0 {
		tables = g.nodes[n.parents[0]].codec.size()
	}
	texts := make([][]string, tables)
	var all []string
	for i, s := range v.Strings {
		if v.Null[i] {
			continue
		}
		key := g.key(n, min(1, len(n.parents)), func(p int) int { return codes[p][i] })
		texts[key] = append(texts[key], s)
		all = append(all, s)
	}
	out := make([]phraseTable, tables)
	for k := range out {
		if len(texts[k]) < minCell {
			texts[k] = all
		}
		out[k] = newPhraseTable(texts[k])
	}
	return out
}

func newPhraseTable(texts []string) phraseTable {
	var t phraseTable
	counts := make(map[string]int)
	for _, s := range texts {
		parts := sentences(s)
		for len(t.lengths) <= len(parts) {
			t.lengths = append(t.lengths, 0)
		}
		t.lengths[len(parts)]++
		for _, p := range parts {
			counts[p]++
		}
	}
	for p := range counts {
		t.phrases = append(t.phrases, p)
	}
	slices.SortFunc(t.phrases, func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	sum := 0.0
	for _, p := range t.phrases {
		sum += sharpen(float64(counts[p]))
		t.sums = append(t.sums, sum)
	}
	return t
}

// draw returns a text: a number of sentences, each drawn by itself.
func (t *phraseTable) draw(rng *rand.Rand) string {
	parts := make([]string, drawIndex(rng, len(t.lengths), func(k int) float64 { return sharpen(t.lengths[k]) }))
	for i := range parts {
		last := len(t.sums) - 1
		k, _ := slices.BinarySearch(t.sums, rng.Float64()*t.sums[last])
		parts[i] = t.phrases[min(k, last)]
	}
	return strings.Join(parts, " ")
}

// sentences cuts a text after each full stop that is followed by a space. A
// text has at least one sentence, which may be empty.
func sentences(text string) []string {
	parts := strings.Split(text, ". ")
	for i := range parts[:len(parts)-1] {
		parts[i] += "."
	}
	return parts
}
