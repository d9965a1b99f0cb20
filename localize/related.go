package localize

import (
	"math"
	"slices"
)

// related measures whether two texts of a row, a question and its answer, have
// anything to do with each other: the cosine of their tf-idf vectors minus what
// it is on average with the good rows' texts of the other column (as
// text.Relatedness, but fitted once, so that rows can be measured one by one).
type related struct {
	n          int // good rows with both texts
	holding    map[uint64]int
	sumA, sumB map[uint64]float64 // of the unit vectors of good rows
}

// weighted is a token and its weight in a document.
type weighted struct {
	token  uint64
	weight float64
}

func fitRelated(a, b [][]uint64) *related {
	r := &related{holding: map[uint64]int{}, sumA: map[uint64]float64{}, sumB: map[uint64]float64{}}
	for i := range a {
		if len(a[i]) == 0 || len(b[i]) == 0 {
			continue
		}
		r.n++
		for _, doc := range [][]uint64{a[i], b[i]} {
			for _, t := range counted(doc) {
				r.holding[t.token]++
			}
		}
	}
	for i := range a {
		if len(a[i]) == 0 || len(b[i]) == 0 {
			continue
		}
		for _, t := range r.vector(a[i]) {
			r.sumA[t.token] += t.weight
		}
		for _, t := range r.vector(b[i]) {
			r.sumB[t.token] += t.weight
		}
	}
	return r
}

// counted returns the distinct tokens of doc, ascending, with their counts.
func counted(doc []uint64) []weighted {
	sorted := slices.Clone(doc)
	slices.Sort(sorted)
	var out []weighted
	for _, token := range sorted {
		if k := len(out) - 1; k >= 0 && out[k].token == token {
			out[k].weight++
			continue
		}
		out = append(out, weighted{token, 1})
	}
	return out
}

// vector returns the tf-idf weights of doc, of length 1.
func (r *related) vector(doc []uint64) []weighted {
	terms := counted(doc)
	square := 0.0
	for k := range terms {
		idf := math.Log1p(2 * float64(r.n) / float64(max(1, r.holding[terms[k].token])))
		terms[k].weight = (1 + math.Log(terms[k].weight)) * idf
		square += terms[k].weight * terms[k].weight
	}
	for k := range terms {
		terms[k].weight /= math.Sqrt(square)
	}
	return terms
}

// between returns how much more the texts a and b of a row have to do with
// each other than with others. own says that the row is one of the good ones. NaN if
// one of them is empty or there were no good rows.
func (r *related) between(a, b []uint64, own bool) float64 {
	n := float64(r.n)
	if own {
		n--
	}
	if len(a) == 0 || len(b) == 0 || n < 1 {
		return math.NaN()
	}
	va, vb := r.vector(a), r.vector(b)
	cosine := 0.0
	for i, j := 0, 0; i < len(va) && j < len(vb); {
		switch {
		case va[i].token < vb[j].token:
			i++
		case va[i].token > vb[j].token:
			j++
		default:
			cosine += va[i].weight * vb[j].weight
			i++
			j++
		}
	}
	others := 0.0
	for _, t := range va {
		others += t.weight * r.sumB[t.token]
	}
	for _, t := range vb {
		others += t.weight * r.sumA[t.token]
	}
	if own {
		others -= 2 * cosine
	}
	return cosine - others/(2*n)
}
