package localize

import (
	"math"

	"synthos/text"
)

// surfaces is what texts of a column usually look like: the words they use, and how odd
// they are as strings of characters.
type surfaces struct {
	words *text.Vocabulary
	rate  float64 // share of the words of a good text that no other one has
	null  [surfaceMeasures]null
}

// The measures of a text's surface.
const (
	surfaceEmpty = iota
	surfaceMarkup
	surfaceRepeatedChar
	surfaceRepeatedWord
	surfaceSymbols
	surfaceWordLength
	surfaceUnknown
	surfaceMeasures
)

// surfaceWords says what is odd about a text, by measure.
var surfaceWords = [surfaceMeasures]string{
	"holds no words", "holds markup", "repeats single characters", "repeats itself", "is mostly signs",
	"has words of unusual length", "consists of unknown words",
}

// fitSurfaces learns from texts known to be good.
func fitSurfaces(texts []string, docs [][]uint64) *surfaces {
	s := &surfaces{words: text.NewVocabulary(docs)}
	s.rate = s.unknownRate(docs)
	all := zeros(surfaceMeasures, len(texts))
	for i := range texts {
		for m, x := range s.measure(texts[i], docs[i], true) {
			all[m][i] = x
		}
	}
	for m := range all {
		s.null[m] = among(all[m])
	}
	return s
}

// measure returns the measures of a text; own says that its words were counted.
func (s *surfaces) measure(t string, doc []uint64, own bool) [surfaceMeasures]float64 {
	f := text.Inspect(t)
	m := [surfaceMeasures]float64{
		surfaceEmpty: f.Empty, surfaceMarkup: f.Markup, surfaceRepeatedChar: f.RepeatedChar,
		surfaceRepeatedWord: f.RepeatedWord, surfaceSymbols: f.Symbols, surfaceWordLength: f.WordLength,
	}
	if unknown := s.unknown(doc, own); unknown > 0 {
		m[surfaceUnknown] = max(0, float64(len(doc))*divergence(float64(unknown)/float64(len(doc)), s.rate))
	}
	return m
}

// unknown returns how many words of doc good texts do not have; own says that doc
// is one of them.
func (s *surfaces) unknown(doc []uint64, own bool) int {
	times := map[uint64]int{}
	if own {
		for _, token := range doc {
			times[token]++
		}
	}
	n := 0
	for _, token := range doc {
		if s.words.Count(token) <= times[token] {
			n++
		}
	}
	return n
}

func (s *surfaces) unknownRate(docs [][]uint64) float64 {
	unknown := 0
	for _, doc := range docs {
		unknown += s.unknown(doc, true)
	}
	return float64(unknown+1) / float64(s.words.Tokens()+2)
}

// divergence returns the Kullback-Leibler divergence of a coin that shows p from
// one that shows q < 1, in nats, 0 if p is less: n tosses that show the share p have a
// probability of about exp(-n divergence).
func divergence(p, q float64) float64 {
	if p <= q {
		return 0
	}
	d := p * math.Log(p/q)
	if p < 1 {
		d += (1 - p) * math.Log((1-p)/(1-q))
	}
	return d
}

// strength returns minus the logarithm of the chance of the oddest measure of a
// text among good ones, and which it is.
func (s *surfaces) strength(t string, doc []uint64, own bool) (strength float64, oddest int) {
	for m, x := range s.measure(t, doc, own) {
		if x > 0 {
			if w := -math.Log(max(1e-300, s.null[m](x))); w > strength {
				strength, oddest = w, m
			}
		}
	}
	return strength, oddest
}
