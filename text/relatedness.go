package text

import (
	"math"
	"slices"
)

// Relatedness returns for each row i how much more a[i] and b[i] (an
// instruction and its answer) have to do with each other than fields of
// different rows have on average: the cosine of their tf-idf vectors, minus
// the mean of the cosines of a[i] with every other row's b and of b[i] with
// every other row's a. 0 is a pair as unrelated as a random one; values lie
// between -1 and 1. NaN if a field of the row is empty; such rows are nobody's
// partners either. Relatedness panics if a and b differ in length.
//
// A token weighs (1 + ln count) ln(1 + N/df), where df of the N = 2n fields hold
// it, so that words that stand everywhere hardly count. The mean over all
// n-1 mismatched partners is exact and takes linear time, since a mean of cosines
// with unit vectors is the product with their mean vector.
func Relatedness(a, b [][]uint64) []float64 {
	if len(a) != len(b) {
		panic("text: length mismatch")
	}
	out := make([]float64, len(a))
	var rows []int // the complete ones
	for i := range a {
		out[i] = math.NaN()
		if len(a[i]) > 0 && len(b[i]) > 0 {
			rows = append(rows, i)
		}
	}
	var t termCounter
	vectorsA, vectorsB := make([][]term, len(rows)), make([][]term, len(rows))
	for k, i := range rows {
		vectorsA[k], vectorsB[k] = t.count(a[i]), t.count(b[i])
	}
	sumA, sumB := t.weigh(vectorsA, 2*len(rows)), t.weigh(vectorsB, 2*len(rows))
	for k, i := range rows {
		cosine := dot(vectorsA[k], vectorsB[k])
		out[i] = cosine
		if others := len(rows) - 1; others > 0 {
			sum := product(vectorsA[k], sumB) + product(vectorsB[k], sumA) - 2*cosine
			out[i] -= sum / float64(2*others)
		}
	}
	return out
}

// term is a token of a document, by number, and its weight.
type term struct {
	token  int32
	weight float64
}

// termCounter numbers tokens from 0 and counts the documents that hold them.
type termCounter struct {
	number *table[int32] // of each token, plus 1
	df     []int
}

// count returns the distinct tokens of doc with their counts as weights, by
// ascending number.
func (t *termCounter) count(doc []uint64) []term {
	if t.number == nil {
		t.number = newTable[int32](0)
	}
	tokens := make([]int32, len(doc))
	for i, h := range doc {
		number := t.number.at(h)
		if *number == 0 {
			t.df = append(t.df, 0)
			*number = int32(len(t.df))
		}
		tokens[i] = *number - 1
	}
	slices.Sort(tokens)
	out := make([]term, 0, len(tokens))
	for i, token := range tokens {
		if i > 0 && tokens[i-1] == token {
			out[len(out)-1].weight++
			continue
		}
		out = append(out, term{token, 1})
		t.df[token]++
	}
	return out
}

// weigh turns the counts of the documents into tf-idf weights, each document
// of length 1, and returns the sum of the documents. n is the number of
// documents that df is of.
func (t *termCounter) weigh(docs [][]term, n int) (sum []float64) {
	sum = make([]float64, len(t.df))
	for _, doc := range docs {
		square := 0.0
		for k := range doc {
			idf := math.Log1p(float64(n) / float64(t.df[doc[k].token]))
			doc[k].weight = (1 + math.Log(doc[k].weight)) * idf
			square += doc[k].weight * doc[k].weight
		}
		for k := range doc {
			doc[k].weight /= math.Sqrt(square)
			sum[doc[k].token] += doc[k].weight
		}
	}
	return sum
}

// product returns the inner product of doc and a vector of all tokens.
func product(doc []term, vector []float64) float64 {
	p := 0.0
	for _, t := range doc {
		p += t.weight * vector[t.token]
	}
	return p
}

// dot returns the inner product of two documents.
func dot(a, b []term) float64 {
	p := 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].token < b[j].token:
			i++
		case a[i].token > b[j].token:
			j++
		default:
			p += a[i].weight * b[j].weight
			i++
			j++
		}
	}
	return p
}
