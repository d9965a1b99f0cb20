package collapse

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"synthos/text"
)

// What texts show by themselves, without a reference.

const (
	leastWords  = 15  // tokens of a text that says what it is about
	longText    = 20  // tokens of a text that says something about how words go on in it
	enoughTexts = 100 // long texts of a column that says something
)

// selfTextQuality: fields of a row that have nothing to do with each other, and
// texts whose words do not come back.
func selfTextQuality(v *view) []measurement {
	if v.corpus() == nil {
		return nil
	}
	return measured(v.unrelatedBySelf(), v.wordsLeft())
}

// asked and answered are names of columns, or of the last parts of their names, whose
// texts belong together: layouts of data to instruct language models with.
var (
	asked    = []string{"instruction", "instructions", "prompt", "question", "query", "user", "human", "problem"}
	answered = []string{"output", "response", "answer", "completion", "assistant", "gpt", "chosen", "solution"}
)

// asking returns the columns of the corpus that hold questions and their answers.
func (v *view) asking(c *corpus) (question, answer int, ok bool) {
	find := func(names []string) int {
		return slices.IndexFunc(c.columns, func(column int) bool {
			name := strings.ToLower(v.space.Columns[column].Field.Name)
			return slices.Contains(names, name[strings.LastIndexAny(name, "._")+1:])
		})
	}
	question, answer = find(asked), find(answered)
	return question, answer, question >= 0 && answer >= 0
}

// unrelatedBySelf measures the share of rows whose answer has no more to do with the
// question than answers to other questions have: the share of rows of at most average
// relatedness, by the same share after every row was given the answer of another one.
// Of columns of other names it is not known that they should have to do with each other.
func (v *view) unrelatedBySelf() measurement {
	m := measurement{name: "unrelated_texts"}
	c := v.corpus()
	first, second, ok := v.asking(c)
	if !ok {
		return m
	}
	a, b := c.data.fields[first], c.data.fields[second]
	var x, y [][]uint64
	for i := range a {
		if len(a[i]) >= leastWords && len(b[i]) >= leastWords {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	n := len(x)
	if n < enoughTexts {
		return m
	}
	own := unrelatedShare(text.Relatedness(x, y))
	moved := slices.Concat(y[n/2:], y[:n/2])
	chance := unrelatedShare(text.Relatedness(x, moved))
	if chance == 0 {
		return m
	}
	m.add(min(1, own/chance), 0)
	m.reason = fmt.Sprintf("%s has nothing to do with %s in %.0f %% of the rows",
		v.space.Columns[c.columns[second]].Field.Name, v.space.Columns[c.columns[first]].Field.Name, 100*m.value[0])
	return m
}

func unrelatedShare(x []float64) float64 {
	n := 0.0
	for _, r := range x {
		if r <= 0 {
			n++
		}
	}
	return n / float64(len(x))
}

// wordsLeft measures by how much less the words of a text come back in it than in
// texts that are about something. Of a content word in the first half of a text,
// the chance that it stands in the second half too is its adaptation (Church, COLING
// 2000): a tenth to a half in what people write, far more than the share of texts with the
// word. Texts that were put together from a model of few words at a time lose the
// thread: their words come back as chance has it. The measure is 1 less the
// excess of the adaptation over chance, by usual, of the column where that is largest.
func (v *view) wordsLeft() measurement {
	const usual = 0.06
	m := measurement{name: "words_do_not_return"}
	c := v.corpus()
	least, adaptation, name := 1.0, 0.0, ""
	for k, column := range c.columns {
		if a, ok := adaptationOf(c.data.fields[k]); ok && (name == "" || max(0, 1-a/usual) < least) {
			least, adaptation, name = max(0, 1-a/usual), a, v.space.Columns[column].Field.Name
		}
	}
	if name == "" {
		return m
	}
	m.add(least, 0)
	m.reason = fmt.Sprintf("words come back within a text of %s in %.1f %% of the cases more than chance has it, where people's texts have 10 %% or more: the texts lose the thread", name, 100*max(0, adaptation))
	return m
}

// adaptationOf returns by how much the chance that a word of the first half of a
// text comes back in its second half exceeds the share of second halves with the
// word, over words that stand in 2 to 2 % of the long texts; ok is false for too few
// long texts.
func adaptationOf(docs [][]uint64) (excess float64, ok bool) {
	var first, second []map[uint64]bool
	df, late := map[uint64]int{}, map[uint64]int{}
	for _, doc := range docs {
		if len(doc) < longText {
			continue
		}
		a, b := setOf(doc[:len(doc)/2]), setOf(doc[len(doc)/2:])
		for w := range a {
			df[w]++
		}
		for w := range b {
			late[w]++
			if !a[w] {
				df[w]++
			}
		}
		first, second = append(first, a), append(second, b)
	}
	n := len(first)
	if n < enoughTexts {
		return 0, false
	}
	seen, back, chance := 0, 0, 0
	for i, a := range first {
		for w := range a {
			if df[w] < 2 || df[w] > max(3, n/50) {
				continue
			}
			seen++
			chance += late[w]
			if second[i][w] {
				back++
			}
		}
	}
	if seen < enoughTexts {
		return 0, false
	}
	return float64(back)/float64(seen) - float64(chance)/float64(n)/float64(seen), true
}

func setOf(words []uint64) map[uint64]bool {
	set := make(map[uint64]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}

// rareWordsLost measures how few of the words stand in one text only. In what people
// write these are a third to a half of the vocabulary, whatever its size (Zipf 1949;
// Baayen, Word Frequency Distributions, 2001); the measure is what lacks to usual.
func (v *view) rareWordsLost() measurement {
	const usual = 0.3
	m := measurement{name: "rare_words_lost"}
	c := v.corpus()
	if c == nil {
		return m
	}
	texts, tokens := map[string]int{}, 0
	for _, words := range c.data.words {
		seen := map[string]bool{}
		for _, w := range words {
			first, _ := utf8.DecodeRuneInString(w)
			if unicode.IsLetter(first) { // numbers never run out
				seen[w] = true
				tokens++
			}
		}
		for w := range seen {
			texts[w]++
		}
	}
	if len(c.data.words) < enoughTexts || tokens < longText*len(c.data.words) {
		return m
	}
	once := 0
	for _, n := range texts {
		if n == 1 {
			once++
		}
	}
	share := float64(once) / float64(len(texts))
	m.add(max(0, 1-share/usual), 0)
	m.reason = fmt.Sprintf("only %.0f %% of the words stand in one text only, where it is a third or more in people's texts: the rare words are lost", 100*share)
	return m
}
