package sketch

import "math"

// Shared returns the share of the rows of a whose hash was added to b too, 0 to
// 1, from the hashes of which both know everything; NaN if a has none there. It is
// exact if both are complete.
func Shared(a, b *KMV) float64 {
	limit := min(a.Limit(), b.Limit())
	shared, all := int64(0), int64(0)
	for h, count := range a.All() {
		if h > limit {
			break
		}
		all += count
		if b.Count(h) > 0 {
			shared += count
		}
	}
	return float64(shared) / float64(all)
}

// Repeated returns the share of the rows whose hash was added more than once, 0
// to 1; NaN if there are none. It is what Shared of another sample of the same
// population is expected to be (the coverage of Good, Biometrika 40, 1953).
func (s *KMV) Repeated() float64 {
	repeated, all := int64(0), int64(0)
	for _, count := range s.All() {
		all += count
		if count > 1 {
			repeated += count
		}
	}
	return float64(repeated) / float64(all)
}

// DistinctAmong returns how many distinct hashes n rows of the same population
// are expected to have. Up to the number of rows added it is the rarefaction
// curve, above its extrapolation.
//
// Source: Chao, Gotelli, Hsieh, Sander, Ma, Colwell & Ellison, Ecological
// Monographs 84(1), 2014, equations 4 and 9 with Chao1 for the unseen.
func (s *KMV) DistinctAmong(n int64) float64 {
	kept, rows := 0.0, 0.0
	var once, twice float64
	for _, count := range s.All() {
		kept++
		rows += float64(count)
		switch count {
		case 1:
			once++
		case 2:
			twice++
		}
	}
	if kept == 0 {
		return 0
	}
	scale := float64(s.total) / rows // of the kept hashes to all
	if n <= s.total {
		missed := map[int64]float64{} // by count: the chance that none of so many rows is drawn
		expected := 0.0
		for _, count := range s.All() {
			if _, known := missed[count]; !known {
				missed[count] = drawNone(s.total, count, n)
			}
			expected += 1 - missed[count]
		}
		return expected * scale
	}
	unseen := once * (once - 1) / 2
	if twice > 0 {
		unseen = once * once / (2 * twice)
	}
	unseen *= scale
	if unseen == 0 {
		return kept * scale
	}
	more := float64(n - s.total)
	all, once := float64(s.total), once*scale
	return kept*scale + unseen*(-math.Expm1(more*math.Log1p(-once/(all*unseen+once))))
}

// drawNone returns the chance that n rows drawn without replacement from all rows
// are none of the given ones.
func drawNone(all, given, n int64) float64 {
	if given > all-n {
		return 0
	}
	logFactorial := func(x int64) float64 {
		v, _ := math.Lgamma(float64(x) + 1)
		return v
	}
	return math.Exp(logFactorial(all-given) - logFactorial(all-given-n) + logFactorial(all-n) - logFactorial(all))
}
