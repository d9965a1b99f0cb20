package headline

import (
	"math"
	"slices"

	"synthos/stats"
)

// AUC returns the probability that an entry of high exceeds one of low, ties
// counting half: the area under the ROC curve of a score that should be higher
// for high. It returns NaN if one of them is empty. O(n log n) time.
//
// Source: Hanley & McNeil, Radiology 143(1), 1982 (the Mann-Whitney form).
func AUC(high, low []float64) float64 {
	n, m := float64(len(high)), float64(len(low))
	if n == 0 || m == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, r := range stats.Ranks(slices.Concat(high, low))[:len(high)] {
		sum += r
	}
	return (sum - n*(n+1)/2) / (n * m)
}

// Spearman returns the rank correlation of a tool's score with the truth. A
// score that does not react at all is 0; a truth that does not vary, or fewer
// than three points, tell nothing: NaN.
func Spearman(score, truth []float64) float64 {
	switch {
	case len(score) < 3 || slices.Min(truth) == slices.Max(truth):
		return math.NaN()
	case slices.Min(score) == slices.Max(score):
		return 0
	}
	return stats.Spearman(score, truth)
}

// AmongTwoLowest returns the chance that one of the wanted dimensions is among
// the two lowest scores: 1 or 0, or in between if ties decide, as if they were
// broken at random. It returns NaN if fewer than three dimensions, or none of the
// wanted ones, have a score.
func AmongTwoLowest(scores [8]float64, wanted []string) float64 {
	var measured []float64
	known := false
	for i, s := range scores {
		if !math.IsNaN(s) {
			measured = append(measured, s)
			known = known || slices.Contains(wanted, Dimensions[i])
		}
	}
	if len(measured) < 3 || !known {
		return math.NaN()
	}
	slices.Sort(measured)
	cut := measured[1]
	slots, tied, wantedTied := 2, 0, 0 // slots left for the tied ones
	for i, s := range scores {
		switch {
		case s < cut:
			if slices.Contains(wanted, Dimensions[i]) {
				return 1
			}
			slots--
		case s == cut:
			tied++
			if slices.Contains(wanted, Dimensions[i]) {
				wantedTied++
			}
		}
	}
	missed := 1.0 // chance that no wanted one is drawn
	for i := range slots {
		missed *= max(0, float64(tied-wantedTied-i)) / max(1, float64(tied-i))
	}
	return 1 - missed
}

// Localization says how well a score of suspicion finds the bad rows.
type Localization struct {
	AveragePrecision float64
	PrecisionAtBad   float64 // share of bad rows among as many of the most suspect ones
	AUC              float64 // of the ROC curve
	BaseRate         float64 // share of bad rows: what guessing reaches in the first two
}

// Localize compares the suspicion of every row with the rows that are bad; rows
// to ignore count neither way. Ties get their expected value, as if they were
// broken at random. ok is false if no row is bad, or all are.
func Localize(suspicion []float64, bad, ignore map[int]bool) (l Localization, ok bool) {
	type entry struct {
		score float64
		bad   bool
	}
	var rows []entry
	var good, ill []float64
	for i, s := range suspicion {
		if ignore[i] {
			continue
		}
		rows = append(rows, entry{s, bad[i]})
		if bad[i] {
			ill = append(ill, s)
		} else {
			good = append(good, s)
		}
	}
	if len(ill) == 0 || len(good) == 0 {
		return Localization{}, false
	}
	slices.SortStableFunc(rows, func(a, b entry) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	total := float64(len(ill))
	seen, found, hits := 0.0, 0.0, 0.0
	for lo := 0; lo < len(rows); {
		hi, tied := lo, 0.0
		for hi < len(rows) && rows[hi].score == rows[lo].score {
			if rows[hi].bad {
				tied++
			}
			hi++
		}
		if seen < total {
			hits += tied * min(1, (total-seen)/float64(hi-lo))
		}
		found += tied
		seen += float64(hi - lo)
		l.AveragePrecision += tied / total * found / seen
		lo = hi
	}
	l.PrecisionAtBad = hits / total
	l.AUC = AUC(ill, good)
	l.BaseRate = total / float64(len(rows))
	return l, true
}
