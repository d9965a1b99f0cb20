package diversity

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"synthos/dataset"
	"synthos/encode"
	"synthos/verdict"
)

const dims = 32

// vectorsOf returns a vector for each of the rows of t that are embedded: made by
// model from the row's number in its file.
func vectorsOf(t *dataset.Table, seed uint64, model func(row int64) []float32) *encode.Features {
	rows := EmbeddedRows(t, seed)
	out := &encode.Features{N: len(rows)}
	for _, i := range rows {
		v := model(t.RowIDs[i])
		out.D = len(v)
		out.Data = append(out.Data, v...)
	}
	return out
}

// around returns a model whose vectors lie around one of so many topics.
func around(seed uint64, topics int, spread float64) func(int64) []float32 {
	return func(row int64) []float32 {
		topic := rand.New(rand.NewPCG(uint64(row)*0x9e3779b97f4a7c15%uint64(topics), 77))
		own := rand.New(rand.NewPCG(seed, uint64(row)))
		v := make([]float32, dims)
		for j := range v {
			v[j] = float32(3 + topic.NormFloat64() + spread*own.NormFloat64()) // models share a direction
		}
		return v
	}
}

// reworded is around with 40 topics, where one of so many rows means nearly the
// same as the one before: at a third of the usual distance, where a real model
// puts paraphrases.
func reworded(one int64) func(int64) []float32 {
	return func(row int64) []float32 {
		if row%one != 1 {
			return around(2, 40, 1)(row)
		}
		v, own := around(2, 40, 1)(row-1), rand.New(rand.NewPCG(3, uint64(row)))
		for j := range v {
			v[j] += float32(0.4 * own.NormFloat64())
		}
		return v
	}
}

func embedded(t *testing.T, data, reference *dataset.Table, of, ofReference func(int64) []float32) *verdict.Diversity {
	t.Helper()
	in := Input{Data: data, Reference: reference, Seed: 1, Jobs: 2, Embeddings: &Embeddings{Data: vectorsOf(data, 1, of)}}
	if ofReference != nil {
		in.Embeddings.Reference = vectorsOf(reference, 1, ofReference)
	}
	d, err := Measure(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func find(t *testing.T, d *verdict.Diversity, name string) *verdict.Statistic {
	t.Helper()
	for i := range d.Semantic.Statistics {
		if s := &d.Semantic.Statistics[i]; s.Name == name {
			return s
		}
	}
	return nil
}

func TestEmbeddingsShowWhatWordsDoNot(t *testing.T) {
	reference := asks(rows, 1)
	usual := around(1, 40, 1)
	tests := []struct {
		name, reason  string
		model         func(int64) []float32
		least, atMost float64 // of the semantic diversity
	}{
		{"another sample", "the same model of the world", around(2, 40, 1), 95, 100},
		{"few topics", "forty topics became three, in as many words", around(2, 3, 1), 0, 60},
		{"one meaning", "every row means the same", func(int64) []float32 { return around(2, 40, 1)(7) }, 0, 25},
		{"paraphrases", "each of fifty meanings ten times", func(row int64) []float32 {
			v := around(2, 40, 1)(row % 50)
			v[0] += 1e-3 * float32(row)
			return v
		}, 0, 50},
		{"pairs", "every second row restates the one before", reworded(2), 0, 60},
		{"a few pairs", "one row in twenty restates another: hardly more than by chance", reworded(20), 80, 100},
	}
	for _, test := range tests {
		d := embedded(t, asks(rows, 2), reference, test.model, usual)
		if v := d.Semantic.Score.Or(-1); v < test.least || v > test.atMost {
			t.Errorf("%s: %.1f (%s), want %.0f to %.0f: %s", test.name, v, d.Semantic.Reason, test.least, test.atMost, test.reason)
		}
	}
}

func TestEmbeddingsWithoutReference(t *testing.T) {
	healthy := embedded(t, asks(rows, 2), nil, around(2, 40, 1), nil)
	if v := healthy.Semantic.Score.Or(0); v < 80 {
		t.Errorf("healthy: %.1f (%s)", v, healthy.Semantic.Reason)
	}
	for _, name := range []string{"embedding_vendi_score", "embedding_distance"} {
		if s := find(t, healthy, name); s == nil || !math.IsNaN(float64(s.Damage)) || math.IsNaN(float64(s.Value)) {
			t.Errorf("%s is %+v, want a value that does not count: what is ordinary depends on the model", name, s)
		}
	}
	repeated := embedded(t, asks(rows, 2), nil, func(row int64) []float32 { return around(2, 40, 1)(row % 100) }, nil)
	if v := repeated.Semantic.Score.Or(100); v > 40 {
		t.Errorf("a hundred meanings of five hundred rows: %.1f", v)
	}
	pairs := embedded(t, asks(rows, 2), nil, reworded(2), nil)
	if v := pairs.Semantic.Score.Or(100); v > 60 {
		t.Errorf("every second row restates the one before: %.1f (%s)", v, pairs.Semantic.Reason)
	}
}

func TestEmbeddingsStandInForWords(t *testing.T) {
	mixed := func(n int, seed uint64) *dataset.Table {
		a, b := shop(n, seed), asks(n, seed)
		return &dataset.Table{
			Schema:  &dataset.Schema{Fields: slices.Concat(a.Schema.Fields, b.Schema.Fields)},
			Columns: slices.Concat(a.Columns, b.Columns), RowIDs: a.RowIDs,
		}
	}
	model := around(1, 40, 1)
	tests := []struct {
		name            string
		data, reference *dataset.Table
		own, others     func(int64) []float32
		has, hasNot     []string
		on              string
	}{
		{"texts", asks(300, 2), asks(300, 1), model, model, []string{"embedding_vendi_score", "embedding_distance", "embedding_coverage", "distinct_phrases"}, []string{"vendi_score", "topic_spread"}, "embeddings, and"},
		{"texts and numbers", mixed(300, 2), mixed(300, 1), model, model, []string{"vendi_score", "embedding_coverage"}, []string{"topic_spread"}, "the other columns"},
		{"numbers", shop(300, 2), shop(300, 1), model, model, []string{"vendi_score", "embedding_coverage"}, []string{"topic_spread"}, "embeddings"},
		{"the data's alone", asks(300, 2), asks(300, 1), model, nil, []string{"vendi_score", "topic_spread", "embedding_vendi_score"}, []string{"embedding_coverage"}, "LSA); the embeddings of the data alone"},
		{"none", asks(300, 2), asks(300, 1), nil, nil, []string{"vendi_score", "topic_spread"}, []string{"embedding_vendi_score"}, "hashed n-gram LSA"},
	}
	for _, test := range tests {
		d := measure(t, test.data, test.reference)
		if test.own != nil {
			d = embedded(t, test.data, test.reference, test.own, test.others)
		}
		for _, name := range test.has {
			if find(t, d, name) == nil {
				t.Errorf("%s: %s is not measured", test.name, name)
			}
		}
		for _, name := range test.hasNot {
			if find(t, d, name) != nil {
				t.Errorf("%s: %s is measured", test.name, name)
			}
		}
		if !strings.Contains(d.SemanticOn, test.on) {
			t.Errorf("%s: measured on %q, want %q in it", test.name, d.SemanticOn, test.on)
		}
		if v := d.Semantic.Score.Or(0); v < 90 {
			t.Errorf("%s: a healthy sample scores %.1f (%s)", test.name, v, d.Semantic.Reason)
		}
	}
}

func TestWithoutMeaningTheRestIsMeasured(t *testing.T) {
	d, err := Measure(context.Background(), Input{Data: asks(200, 2), Reference: asks(200, 1), Seed: 1, NoMeaning: "the endpoint is down"})
	if err != nil {
		t.Fatal(err)
	}
	if d.Semantic.Score.WhyNull() != "the endpoint is down" || len(d.Semantic.Statistics) > 0 {
		t.Errorf("semantic %v (%q), want null with the reason", d.Semantic.Score, d.Semantic.Score.WhyNull())
	}
	for _, s := range []verdict.DiversityScore{d.Overall, d.Statistical, d.Structural} {
		if s.Score.Or(0) < 90 {
			t.Errorf("the rest scores %v (%s)", s.Score, s.Reason)
		}
	}
}

func TestEmbeddingsOfOtherRowsAreRefused(t *testing.T) {
	d, r := asks(100, 2), asks(100, 1)
	model, wide := around(1, 40, 1), func(int64) []float32 { return make([]float32, dims+1) }
	for name, e := range map[string]*Embeddings{
		"none":             {},
		"too few":          {Data: vectorsOf(asks(99, 1), 1, model)},
		"other dimensions": {Data: vectorsOf(d, 1, model), Reference: vectorsOf(r, 1, wide)},
		"of the reference": {Data: vectorsOf(d, 1, model), Reference: vectorsOf(asks(50, 1), 1, model)},
	} {
		if _, err := Measure(context.Background(), Input{Data: d, Reference: r, Embeddings: e}); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

func TestEmbeddedRows(t *testing.T) {
	big := shop(3*embeddedRows, 1)
	got := EmbeddedRows(big, 1)
	if len(got) != embeddedRows || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != embeddedRows {
		t.Errorf("%d rows, want %d different ones, ascending", len(got), embeddedRows)
	}
	if slices.Equal(got, EmbeddedRows(big, 2)) {
		t.Error("another seed chooses the same rows")
	}
	if got := EmbeddedRows(shop(30, 1), 1); len(got) != 30 {
		t.Errorf("%d of 30 rows", len(got))
	}
}

func TestEmbeddingsSameBitsOnAnyNumberOfCores(t *testing.T) {
	sameBits(t, func() Input {
		d, r := asks(300, 2), asks(300, 1)
		return Input{Data: d, Reference: r, Seed: 5, Embeddings: &Embeddings{
			Data: vectorsOf(d, 5, around(2, 40, 1)), Reference: vectorsOf(r, 5, around(1, 40, 1)),
		}}
	})
}

// The unit of the vectors changes nothing, nor do rows of zeros break anything.
func TestEmbeddingsAnyUnit(t *testing.T) {
	d, r := asks(80, 2), asks(80, 1)
	scaled := func(by float32) float64 {
		model := func(seed uint64) func(int64) []float32 {
			return func(row int64) []float32 {
				v := around(seed, 40, 1)(row)
				for j := range v {
					v[j] *= by
				}
				return v
			}
		}
		return embedded(t, d, r, model(2), model(1)).Semantic.Score.Or(-1)
	}
	want := scaled(1)
	for _, by := range []float32{1024, 1e-30, 1e30} {
		if got := scaled(by); math.Abs(got-want) > 0.5 {
			t.Errorf("vectors times %g: %.2f, want %.2f", by, got, want)
		}
	}
	zero := func(int64) []float32 { return make([]float32, dims) }
	if v := embedded(t, d, r, zero, around(1, 40, 1)).Semantic.Score.Or(100); v > 25 {
		t.Errorf("nothing but zeros: %.1f", v)
	}
	if _, ok := embedded(t, d, r, zero, zero).Semantic.Score.Value(); !ok {
		t.Error("zeros on both sides: not measured")
	}
}

func TestCosineVendi(t *testing.T) {
	identity := func(n int) *encode.Features {
		f := &encode.Features{N: n, D: n, Data: make([]float32, n*n)}
		for i := range n {
			f.Data[i*n+i] = float32(i + 1)
		}
		return f
	}
	c := math.Cos(1)
	two := math.Exp(-(1+c)/2*math.Log((1+c)/2) - (1-c)/2*math.Log((1-c)/2))
	tests := []struct {
		name           string
		f              *encode.Features
		vendi, between float64 // between: mean cosine distance
	}{
		{"equal rows are one", &encode.Features{N: 4, D: 2, Data: []float32{3, 4, 3, 4, 6, 8, 0.3, 0.4}}, 1, 0},
		{"rows at right angles are as many", identity(12), 12, 1},
		{"two directions of two rows each", &encode.Features{N: 4, D: 2, Data: []float32{1, 0, 0, 1, 2, 0, 0, 2}}, 2, 2.0 / 3},
		{"two rows at an angle of 1", &encode.Features{N: 2, D: 2, Data: []float32{1, 0, float32(c), float32(math.Sin(1))}}, two, 1 - c},
		{"zeros are one more direction", &encode.Features{N: 4, D: 1, Data: []float32{0, 0, 5, 5}}, 2, 2.0 / 3},
	}
	for _, test := range tests {
		f := normalised(test.f)
		if got := cosineVendi(f, f.N); math.Abs(got-test.vendi) > 1e-5 {
			t.Errorf("%s: %v, want %v", test.name, got, test.vendi)
		}
		if got := cosineDistance(f); math.Abs(got-test.between) > 1e-6 {
			t.Errorf("%s: mean distance %v, want %v", test.name, got, test.between)
		}
	}
}
