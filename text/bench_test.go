package text

import (
	"math/rand/v2"
	"testing"
)

// zipfian returns n documents of the given number of words, the word of rank r
// with probability proportional to (r+10)^-1.1, as tokens and as hashes.
func zipfian(n, words int, seed uint64) (tokens [][]string, docs [][]uint64) {
	rank := rand.NewZipf(rand.New(rand.NewPCG(seed, 1)), 1.1, 10, 50000)
	tokens, docs = make([][]string, n), make([][]uint64, n)
	for i := range docs {
		for range words {
			word := name(rank.Uint64())
			tokens[i] = append(tokens[i], word)
			docs[i] = append(docs[i], Hash(word))
		}
	}
	return tokens, docs
}

// name writes x in letters.
func name(x uint64) string {
	s := "w"
	for ; x > 0; x /= 26 {
		s += string(rune('a' + x%26))
	}
	return s
}

// BenchmarkCorpus times each function on 2,000 documents of 100 words.
func BenchmarkCorpus(b *testing.B) {
	tokens, docs := zipfian(2000, 100, 1)
	_, others := zipfian(2000, 100, 2)
	model, vocabulary := TrainTrigram(docs), NewVocabulary(docs)
	lsa := FitLSA(docs, 16)
	out := make([]float32, len(docs)*16)
	for _, f := range []struct {
		name string
		run  func()
	}{
		{"DistinctN", func() { DistinctN(docs, 3, 100000) }},
		{"NewVocabulary", func() { NewVocabulary(docs) }},
		{"SizeAt", func() { vocabulary.SizeAt(10000) }},
		{"Zipf", func() { vocabulary.Zipf(500) }},
		{"NearDuplicates", func() { NearDuplicates(docs, 0.7) }},
		{"NearCopies", func() { NearCopies(docs, others, 0.7) }},
		{"Templates", func() { Templates(tokens, 10) }},
		{"TrainTrigram", func() { TrainTrigram(docs) }},
		{"CrossEntropy", func() { model.CrossEntropy(others) }},
		{"FitLSA", func() { FitLSA(docs, 16) }},
		{"Transform", func() { lsa.Transform(docs, out) }},
		{"Relatedness", func() { Relatedness(docs, others) }},
	} {
		b.Run(f.name, func(b *testing.B) {
			for b.Loop() {
				f.run()
			}
		})
	}
}
