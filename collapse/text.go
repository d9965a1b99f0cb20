package collapse

import (
	"fmt"
	"math"

	"synthos/text"
)

const (
	nearText     = 0.5 // Jaccard index of word 3-shingles from which texts are near duplicates
	templateRows = 10  // rows that make a template, at least
	textBudget   = 0.8 // share of the tokens of the smaller corpus that vocabularies are compared on
)

// eachText measures a statistic of whole rows of text on every split.
func (v *view) eachText(m *measurement, f func(x, a [][]uint64) float64) {
	c := v.corpus()
	for _, s := range v.splits[:v.effort.costly] {
		a := pick(c.ref.docs, s.a)
		m.add(f(pick(c.data.docs, s.d), a), f(pick(c.ref.docs, s.b), a))
	}
}

// textRepetition: near duplicates and templates.
func textRepetition(v *view) []measurement {
	c := v.corpus()
	if c == nil {
		return nil
	}
	near := measurement{name: "near_duplicate_texts"}
	v.eachText(&near, func(x, _ [][]uint64) float64 {
		n := 0
		for _, group := range text.NearDuplicates(x, nearText) {
			n += len(group)
		}
		return float64(n) / float64(len(x))
	})
	near.reason = fmt.Sprintf("%.1f %% of the texts have a near duplicate (%.1f %% in the reference)", 100*mean(near.value), 100*mean(near.floor))
	template := measurement{name: "template_texts"}
	form := ""
	share := func(words [][]string) float64 {
		ids, found := text.Templates(words, max(templateRows, len(words)/200))
		n := 0
		for _, id := range ids {
			if id >= 0 {
				n++
			}
		}
		if len(found) > 0 {
			form = found[0].Form
		}
		return float64(n) / float64(len(ids))
	}
	for _, s := range v.splits[:v.effort.costly] {
		floor := share(pick(c.ref.words, s.b))
		template.add(share(pick(c.data.words, s.d)), floor)
	}
	template.reason = fmt.Sprintf("%.1f %% of the texts fill in a template, such as %q", 100*mean(template.value), form)
	return []measurement{near, template}
}

// textCopies: near copies of reference texts. The floor is what reference
// texts have among each other.
func textCopies(v *view) []measurement {
	c := v.corpus()
	if c == nil {
		return nil
	}
	m := measurement{name: "copied_texts"}
	n := 0
	for _, of := range text.NearCopies(c.data.docs, c.ref.docs, nearText) {
		if of >= 0 {
			n++
		}
	}
	own := 0
	for _, group := range text.NearDuplicates(c.ref.docs, nearText) {
		own += len(group)
	}
	m.add(float64(n)/float64(len(c.data.docs)), float64(own)/float64(len(c.ref.docs)))
	m.reason = fmt.Sprintf("%.1f %% of the texts are copies or near copies of reference texts", 100*m.value[0])
	return []measurement{m}
}

// textVariety: vocabulary and phrases lost, on equally many tokens.
func textVariety(v *view) []measurement {
	if v.corpus() == nil {
		return nil
	}
	words := measurement{name: "vocabulary_lost"}
	phrases := measurement{name: "phrases_lost"}
	v.eachText(&words, func(x, a [][]uint64) float64 {
		p, q := text.NewVocabulary(x), text.NewVocabulary(a)
		budget := int(textBudget * float64(min(p.Tokens(), q.Tokens())))
		return max(0, 1-p.SizeAt(budget)/q.SizeAt(budget))
	})
	v.eachText(&phrases, func(x, a [][]uint64) float64 {
		budget := int(textBudget * float64(min(text.CountGrams(x, 3), text.CountGrams(a, 3))))
		return max(0, 1-text.DistinctN(x, 3, budget)/text.DistinctN(a, 3, budget))
	})
	words.reason = fmt.Sprintf("the vocabulary is %.0f %% smaller than the reference's on equally many words", 100*mean(words.value))
	phrases.reason = fmt.Sprintf("there are %.0f %% fewer different three-word phrases than in the reference", 100*mean(phrases.value))
	return []measurement{words, phrases}
}

// textQuality: what a language model trained on the data loses on real text,
// fields that have nothing to do with each other, and odd surfaces.
func textQuality(v *view) []measurement {
	c := v.corpus()
	if c == nil {
		return nil
	}
	model := measurement{name: "language_model_lost"}
	odd := measurement{name: "odd_texts"}
	for _, s := range v.splits[:v.effort.costly] {
		d, a, b := pick(c.data.docs, s.d), pick(c.ref.docs, s.a), pick(c.ref.docs, s.b)
		real, data := text.TrainTrigram(a, d, b), text.TrainTrigram(d, a, b)
		// The gain of a model over guessing every word of the vocabulary alike.
		uniform := math.Log2(float64(vocabularySize(a, b, d)))
		gain := uniform - real.CrossEntropy(b)
		if gain > 0 {
			model.add((gain-(uniform-data.CrossEntropy(b)))/gain, 0)
		}
		var x, y float64
		for k := range c.columns {
			fa := pick(c.ref.surfaces[k], s.a)
			x = max(x, oddShare(pick(c.data.surfaces[k], s.d), fa))
			y = max(y, oddShare(pick(c.ref.surfaces[k], s.b), fa))
		}
		odd.add(x, y)
	}
	odd.reason = fmt.Sprintf("%.1f %% of the texts look unlike real ones: characters, length, ending", 100*mean(odd.value))
	out := []measurement{odd}
	if len(model.value) > 0 {
		model.reason = fmt.Sprintf("a language model trained on the data loses %.0f %% of its gain on real text", 100*mean(model.value))
		out = append(out, model)
	}
	if m := v.unrelated(); len(m.value) > 0 {
		out = append(out, m)
	}
	return out
}

func vocabularySize(corpora ...[][]uint64) int {
	var all [][]uint64
	for _, c := range corpora {
		all = append(all, c...)
	}
	return text.NewVocabulary(all).Size()
}

// oddShare returns the share of surfaces further out than all but 1 % of the reference's.
func oddShare(x, reference []text.Surface) float64 {
	limit := math.Log2(100) / math.Log2(float64(len(reference)+1))
	n := 0
	for _, o := range text.Oddity(x, reference) {
		if o > limit {
			n++
		}
	}
	return float64(n) / float64(len(x))
}

// unrelated measures the share of rows whose two longest text fields have less
// to do with each other than those of all but 5 % of the reference rows.
func (v *view) unrelated() measurement {
	m := measurement{name: "unrelated_texts"}
	c := v.corpus()
	if len(c.columns) < 2 {
		return m
	}
	first, second := c.filled()
	related := func(t *texts, rows []int) []float64 {
		var out []float64
		for _, x := range text.Relatedness(pick(t.fields[first], rows), pick(t.fields[second], rows)) {
			if !math.IsNaN(x) {
				out = append(out, x)
			}
		}
		return out
	}
	for _, s := range v.splits[:v.effort.costly] {
		real := related(&c.ref, s.a)
		d, b := related(&c.data, s.d), related(&c.ref, s.b)
		if len(real) < MinRows || len(d) == 0 || len(b) == 0 {
			continue
		}
		// Compare means: pairs overlap too much for a share beyond a limit.
		whole := mean(real)
		if whole <= 0 {
			continue
		}
		m.add(max(0, 1-mean(d)/whole), max(0, 1-mean(b)/whole))
	}
	if len(m.value) > 0 {
		m.reason = fmt.Sprintf("%s and %s of a row have %.0f %% less to do with each other than in the reference",
			v.space.Columns[c.columns[first]].Field.Name, v.space.Columns[c.columns[second]].Field.Name, 100*mean(m.value))
	}
	return m
}

// filled returns the two text columns with a text in most of the reference rows.
func (c *corpus) filled() (first, second int) {
	count := make([]float64, len(c.columns))
	for k := range c.columns {
		for _, doc := range c.ref.fields[k] {
			if len(doc) > 0 {
				count[k]++
			}
		}
	}
	order := byDescending(count)
	return min(order[0], order[1]), max(order[0], order[1])
}

// textShift: words used otherwise, and lengths.
func textShift(v *view) []measurement {
	if v.corpus() == nil {
		return nil
	}
	m := measurement{name: "word_shift"}
	v.eachText(&m, func(x, a [][]uint64) float64 {
		p, q := text.NewVocabulary(x), text.NewVocabulary(a)
		return wordDistance(p, q, a)
	})
	m.reason = fmt.Sprintf("%.0f %% of the use of frequent words differs from the reference", 100*mean(m.value))
	return []measurement{m}
}

// wordDistance returns the total variation distance of the use of the words
// that make up at least 1 in 2,000 of the reference.
func wordDistance(p, q *text.Vocabulary, reference [][]uint64) float64 {
	seen := map[uint64]bool{}
	sum := 0.0
	for _, doc := range reference {
		for _, t := range doc {
			if seen[t] {
				continue
			}
			seen[t] = true
			share := float64(q.Count(t)) / float64(q.Tokens())
			if share >= 1.0/2000 {
				sum += math.Abs(share - float64(p.Count(t))/float64(max(1, p.Tokens())))
			}
		}
	}
	return sum / 2
}
