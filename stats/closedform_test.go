package stats

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClosedForms(t *testing.T) {
	tests := []struct {
		name, reason string
		got, want    any
	}{
		{"KS identical", "equal samples have equal distribution functions", KS([]float64{3, 1, 2}, []float64{2, 1, 3}), 0.0},
		{"KS repeated", "a sample doubled has the same distribution function", KS([]float64{1, 2, 3}, []float64{1, 1, 2, 2, 3, 3}), 0.0},
		{"KS disjoint", "one function is 1 before the other leaves 0", KS([]float64{1, 2}, []float64{5}), 1.0},
		{"KS empty", "nothing to compare", KS(nil, []float64{1}), notNumber},
		{"KS NaN", "a null that slipped in must show", KS([]float64{1, notNumber}, []float64{1}), notNumber},
		{"AUC perfect", "every true score is above every false one", AUC([]float64{1, 2, 3, 4}, []bool{false, false, true, true}), 1.0},
		{"AUC reversed", "and the other way round", AUC([]float64{4, 3, 2, 1}, []bool{false, false, true, true}), 0.0},
		{"AUC tied", "ties count half", AUC([]float64{1, 1, 1}, []bool{true, false, true}), 0.5},
		{"AUC one class", "no pair to order", AUC([]float64{1, 2}, []bool{true, true}), notNumber},
		{"AUC NaN", "a score without an order", AUC([]float64{1, notNumber}, []bool{true, false}), notNumber},
		{"Spearman monotone", "ranks see only the order", Spearman([]float64{1, 2, 3}, []float64{1, 10, 1e9}), 1.0},
		{"Spearman constant", "no order", Spearman([]float64{1, 1}, []float64{1, 2}), notNumber},
		{"Pearson huge", "variances of 1e300 multiply beyond float64", Pearson([]float64{1e150, 2e150, 3e150}, []float64{3e150, 2e150, 1e150}), -1.0},
		{"TVD disjoint", "no shared support", TVD([]float64{1, 0}, []float64{0, 1}), 1.0},
		{"TVD none", "no bins", TVD(nil, nil), notNumber},
		{"Entropy even", "ln k", Entropy([]float64{2, 2, 2, 2}), math.Log(4)},
		{"Entropy single", "no uncertainty", Entropy([]float64{0, 9, 0}), 0.0},
		{"Entropy nothing", "no mass", Entropy([]float64{0, 0}), notNumber},
		{"EffectiveRank even", "d equal eigenvalues fill d directions", EffectiveRank([]float64{3, 3, 3}), 3.0},
		{"EffectiveRank single", "one direction; the negative one is rounding", EffectiveRank([]float64{5, 0, -1e-17}), 1.0},
		{"EffectiveRank zero", "no direction", EffectiveRank([]float64{0, 0}), notNumber},
		{"Quantile ends", "minimum and maximum", Quantiles([]float64{5, 1, 3}, []float64{0, 1}), []float64{1, 5}},
		{"Quantile infinite", "between equal infinities there is no NaN", Quantile([]float64{infinite, infinite, 1}, 0.75), infinite},
		{"Quantile empty", "nothing", Quantile(nil, 0.5), notNumber},
		{"NormalQuantile ends", "the distribution has no ends", []float64{NormalQuantile(0), NormalQuantile(1)}, []float64{math.Inf(-1), infinite}},
		{"NormalQuantile outside", "no probability", NormalQuantile(1.1), notNumber},
		{"NormalCDF", "half", NormalCDF(0), 0.5},
		{"CramersV equal", "one determines the other", CramersV([]uint8{0, 1, 0, 1}, []uint8{1, 0, 1, 0}, 2, 2), 1.0},
		{"CramersV unused", "levels that do not occur change nothing", CramersV([]uint16{0, 7, 0, 7}, []uint16{1, 0, 1, 0}, 9, 4), 1.0},
		{"CramersV independent", "a full 2x2 design", CramersV([]int{0, 0, 1, 1}, []int{0, 1, 0, 1}, 2, 2), 0.0},
		{"CramersV all distinct", "as many levels as rows say nothing", CramersV([]int{0, 1, 2}, []int{2, 1, 0}, 3, 3), 0.0},
		{"CramersV constant", "one level associates with nothing", CramersV([]int{0, 0}, []int{0, 1}, 1, 2), notNumber},
		{"GoodTuring", "two of six draws were alone of their kind", GoodTuring([]int{1, 4, 0, 1}), 1 - 2.0/6},
		{"GoodTuring all single", "no repetition, no coverage", GoodTuring([]int{1, 1, 1}), 0.0},
		{"GoodTuring nothing", "no draw", GoodTuring(nil), notNumber},
		{"Correlation constant", "0.1 sums to a mean that is not 0.1; still no correlation", Correlation([]float64{0.1, 1, 0.1, 2, 0.1, 4}, 3, 2), []float64{0, 0, 0, 1}},
		{"Correlation of one row", "no variance", Correlation([]float64{1}, 1, 1), []float64{notNumber}},
		{"Correlation far from zero", "years and their sevenfold are one direction", Correlation([]float64{2001e6, 7, 2002e6, 14, 2003e6, 21}, 3, 2), []float64{1, 1, 1, 1}},
		{"SymmetricEigenvalues", "of [[2 1] [1 2]], largest first", SymmetricEigenvalues([]float64{2, 1, 1, 2}, 2), []float64{3, 1}},
		{"SymmetricEigenvalues NaN", "no spectrum", SymmetricEigenvalues([]float64{notNumber}, 1), []float64{notNumber}},
		{"LogDetCovariance unit", "the variance of -1, 0, 1 is 1", LogDetCovariance([]float64{-1, 0, 1}, 3, 1, 0), 0.0},
		{"LogDetCovariance scale", "a factor of e adds 2 per column", LogDetCovariance([]float64{-math.E, 0, math.E}, 3, 1, 0), 2.0},
		{"LogDetCovariance flat", "a constant column has no volume", LogDetCovariance([]float64{1, 5, 2, 5, 3, 5}, 3, 2, 0), math.Inf(-1)},
		{"LogDetCovariance of one row", "no variance", LogDetCovariance([]float64{1}, 1, 1, 0.1), notNumber},
		{"LedoitWolf flat", "without variance only the target is left", LedoitWolf([]float64{1, 1, 1, 1}, 2, 2), 1.0},
		{"Autocorrelation alternating", "minus (n-1)/n, (n-2)/n ...", Autocorrelation([]float64{1, -1, 1, -1}, 5), []float64{1, -0.75, 0.5, -0.25, 0, 0}},
		{"Autocorrelation constant", "nothing varies", Autocorrelation([]float64{2, 2, 2}, 1), []float64{notNumber, notNumber}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.got, nan); diff != "" {
				t.Errorf("%s (-want +got)\n%s", test.reason, diff)
			}
		})
	}
}

func TestMeanVar(t *testing.T) {
	tests := []struct {
		name, reason   string
		x              []float64
		mean, variance float64
	}{
		{"empty", "no mean", nil, notNumber, notNumber},
		{"one", "no variance", []float64{5}, 5, notNumber},
		{"offset", "squares of 1e9 would lose the variance of 4, 7, 13, 16", []float64{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}, 1e9 + 10, 30},
		{"NaN", "a null that slipped in must show", []float64{1, notNumber}, notNumber, notNumber},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			mean, variance := MeanVar(test.x)
			if diff := cmp.Diff([]float64{test.mean, test.variance}, []float64{mean, variance}, nan); diff != "" {
				t.Errorf("%s (-want +got)\n%s", test.reason, diff)
			}
		})
	}
}

func TestPanics(t *testing.T) {
	tests := []struct {
		name string
		call func()
	}{
		{"TVD", func() { TVD([]float64{1}, nil) }},
		{"AUC", func() { AUC([]float64{1}, nil) }},
		{"Spearman", func() { Spearman([]float64{1}, nil) }},
		{"CramersV", func() { CramersV([]int{1}, nil, 2, 2) }},
		{"Quantile", func() { Quantile([]float64{1}, math.NaN()) }},
		{"Correlation", func() { Correlation([]float64{1}, 1, 2) }},
		{"LogDetCovariance", func() { LogDetCovariance([]float64{1}, 1, 1, -0.1) }},
		{"KMeans", func() { KMeans([]float32{1}, 1, 2, 1, 0, 1) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("a mistake of the programmer did not panic")
				}
			}()
			test.call()
		})
	}
}

// Arguments are the caller's: no function may sort or centre them in place.
func TestArgumentsUnchanged(t *testing.T) {
	x := func() []float64 { return []float64{3, 1, 2, 5, 4, 9, 8, 7, 0, 6, 3, 2, 5, 5} }
	a, b := x(), x()
	b[0] = 4
	want := []any{x(), append([]float64{4}, x()[1:]...)}
	KS(a, b)
	Spearman(a, b)
	Quantiles(a, []float64{0.5})
	Covariance(a, 7, 2)
	LogDetCovariance(a, 7, 2, 0)
	LedoitWolf(a, 7, 2)
	SymmetricEigenvalues(a[:4], 2)
	Autocorrelation(a, 3)
	Interval(a, 0.9)
	if diff := cmp.Diff(want, []any{a, b}); diff != "" {
		t.Errorf("an argument was changed (-want +got)\n%s", diff)
	}
}
