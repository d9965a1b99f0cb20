package encode

import (
	"fmt"
	"math"
	"slices"

	"synthos/dataset"
	"synthos/text"
)

// textual encodes free text: its length and its topic (hashed n-gram LSA).
type textual struct {
	lsa    *text.LSA
	length *ordered
	topics [textTopics]*ordered
}

func fitText(v *dataset.Vector, more []*dataset.Vector) *textual {
	docs := hashTokens(v)
	corpus := slices.Clone(docs)
	for _, other := range more {
		corpus = append(corpus, hashTokens(other)...)
	}
	t := &textual{lsa: text.FitLSA(corpus, textFeatures)}
	topic := t.topicOf(docs)
	t.length = fitOrdered(lengths(docs, v.Null))
	t.length.edges = thin(t.length.edges)
	for k := range t.topics {
		t.topics[k] = fitOrdered(component(topic, k, v.Null))
		t.topics[k].edges = thin(t.topics[k].edges)
	}
	return t
}

// thin keeps textBins-1 of the edges, evenly.
func thin(edges []float64) []float64 {
	if len(edges) < textBins {
		return edges
	}
	out := make([]float64, textBins-1)
	for i := range out {
		out[i] = edges[(i+1)*len(edges)/textBins]
	}
	return out
}

func (t *textual) slots() []string {
	parts := []string{" (length)"}
	for k := range t.topics {
		parts = append(parts, fmt.Sprintf(" (topic %d)", k+1))
	}
	return parts
}

func (t *textual) topicOf(docs [][]uint64) []float32 {
	out := make([]float32, len(docs)*textFeatures)
	t.lsa.Transform(docs, out)
	return out
}

func lengths(docs [][]uint64, null []bool) *dataset.Vector {
	v := &dataset.Vector{Floats: make([]float64, len(docs)), Null: null}
	for i, doc := range docs {
		v.Floats[i] = math.Log1p(float64(len(doc)))
	}
	return v
}

func component(topic []float32, k int, null []bool) *dataset.Vector {
	v := &dataset.Vector{Floats: make([]float64, len(null)), Null: null}
	for i := range null {
		v.Floats[i] = float64(topic[i*textFeatures+k])
	}
	return v
}

func (t *textual) codes(v *dataset.Vector, out []uint16, stride int) {
	docs := hashTokens(v)
	topic := t.topicOf(docs)
	t.length.codes(lengths(docs, v.Null), out, stride)
	for k, o := range t.topics {
		o.codes(component(topic, k, v.Null), out[1+k:], stride)
	}
}

// features: the topic, scaled so that two unrelated texts are at distance about
// 1, then the length's normal score, then null.
func (t *textual) features(v *dataset.Vector, out []float32, stride int) {
	docs := hashTokens(v)
	topic := t.topicOf(docs)
	for i, null := range v.Null {
		row := out[i*stride:]
		if null {
			row[textFeatures+1] = 1
			continue
		}
		copy(row[:textFeatures], topic[i*textFeatures:(i+1)*textFeatures])
		row[textFeatures] = float32(t.length.score(math.Log1p(float64(len(docs[i])))))
	}
}

// slot returns the encoder of the i-th slot.
func (t *textual) slot(i int) *ordered {
	if i == 0 {
		return t.length
	}
	return t.topics[i-1]
}
