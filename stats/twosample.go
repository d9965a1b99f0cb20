package stats

import "math"

// KS returns the two-sample Kolmogorov-Smirnov statistic D of x and y: the
// largest distance between their empirical distribution functions, 0 if these
// are equal, 1 if the samples do not overlap.
//
// x and y may differ in length and hold ties. KS returns NaN if one is empty.
// O(n log n) time, O(n) if both are sorted.
//
// Source: Smirnov, Ann. Math. Statist. 19(2), 1948. Reference: scipy's ks_2samp.
func KS(x, y []float64) float64 {
	x, y = sorted(x), sorted(y)
	if undefined(x) || undefined(y) {
		return math.NaN()
	}
	// Counts are compared as integers, i*m against j*n, so that ties of the two
	// functions are exact.
	n, m := int64(len(x)), int64(len(y))
	var i, j, most int64
	for i < n && j < m {
		v := min(x[i], y[j])
		for i < n && x[i] == v {
			i++
		}
		for j < m && y[j] == v {
			j++
		}
		most = max(most, i*m-j*n, j*n-i*m)
	}
	return float64(most) / float64(n*m)
}

// AUC returns the area under the ROC curve: the probability that a row labelled
// true has a larger score than one labelled false, ties counting half. 0.5 is
// chance, 1 a perfect separation.
//
// scores and labels have one entry a row. AUC returns NaN if one of the labels
// does not occur. O(n log n) time.
//
// Source: Hanley & McNeil, Radiology 143(1), 1982. Reference: scikit-learn's
// roc_auc_score.
func AUC(scores []float64, labels []bool) float64 {
	sameLength(len(scores), len(labels))
	var positives, sum float64
	for i, r := range Ranks(scores) {
		if labels[i] {
			positives++
			sum += r
		}
	}
	negatives := float64(len(labels)) - positives
	return (sum - positives*(positives+1)/2) / (positives * negatives)
}
