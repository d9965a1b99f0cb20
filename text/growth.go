package text

import "math"

// SizeAt returns the expected number of distinct tokens in a random sample of
// budget of v's tokens, drawn without replacement: the vocabulary at a size at
// which corpora of different sizes can be compared. NaN if budget is negative
// or v holds fewer tokens. Time is linear in the largest count.
//
// Source: Hurlbert, The nonconcept of species diversity, Ecology 52(4), 1971
// (rarefaction).
func (v *Vocabulary) SizeAt(budget int) float64 {
	if budget < 0 || budget > v.tokens {
		return math.NaN()
	}
	// A token of count c is missed with probability
	// C(N-c, b)/C(N, b) = prod_{i<c} (N-b-i)/(N-i).
	size, missed, c := 0.0, 1.0, 0
	for _, f := range v.spectrum {
		for ; c < f.count && missed > 0; c++ {
			missed *= float64(max(0, v.tokens-budget-c)) / float64(v.tokens-c)
		}
		size += float64(f.types) * (1 - missed)
	}
	return size
}

// Heaps returns the exponent of Heaps' law V = K N^beta around a sample of budget
// tokens: log2 of the growth of the expected vocabulary from half the budget to
// the budget. 0 if no new word comes, 1 if every token is new. NaN if budget < 2
// or v holds fewer tokens.
//
// Source: Heaps, Information retrieval, 1978; the expectation is SizeAt's.
func (v *Vocabulary) Heaps(budget int) float64 {
	if budget < 2 || budget > v.tokens {
		return math.NaN()
	}
	half := budget / 2
	return math.Log(v.SizeAt(budget)/v.SizeAt(half)) / math.Log(float64(budget)/float64(half))
}

// Zipf returns the exponent s of Zipf's law, count proportional to rank^-s,
// fitted to the given number of most frequent tokens by maximum likelihood: 0 if
// they are equally frequent, about 1 in natural text. A fixed number of
// ranks makes corpora of different sizes comparable. NaN if ranks < 2 or v has
// fewer distinct tokens.
//
// The estimate solves E_s[ln rank] = mean ln rank, where E_s is under the law on
// 1..ranks.
func (v *Vocabulary) Zipf(ranks int) float64 {
	if ranks < 2 || ranks > v.Size() {
		return math.NaN()
	}
	logs := make([]float64, ranks)
	tokens, sum, rank := 0.0, 0.0, 0
	for i := len(v.spectrum) - 1; i >= 0 && rank < ranks; i-- {
		for j := 0; j < v.spectrum[i].types && rank < ranks; j++ {
			logs[rank] = math.Log(float64(rank + 1))
			tokens += float64(v.spectrum[i].count)
			sum += float64(v.spectrum[i].count) * logs[rank]
			rank++
		}
	}
	mean := sum / tokens
	// Newton's method: the log-likelihood is concave in s, its second
	// derivative minus the variance of ln rank.
	s := 0.0
	for range 100 {
		var total, first, second float64
		for _, l := range logs {
			p := math.Exp(-s * l)
			total += p
			first += p * l
			second += p * l * l
		}
		first /= total
		step := (first - mean) / (second/total - first*first)
		s += min(1, max(-1, step)) // small steps: far off, the curvature misleads
		if math.Abs(step) < 1e-12 {
			break
		}
	}
	return s
}
