package stats

import (
	_ "embed"
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// What other tools say of the same inputs; see testdata/reference.py.
//
//go:embed testdata/reference.json
var referenceJSON []byte

type reference struct {
	X, Y, U, V, P, Q, M, Probabilities        []float64
	A, B                                      []int
	Labels                                    []bool
	QuantileAt                                []float64 `json:"quantile_at"`
	NormalQuantiles                           []float64 `json:"normal_quantiles"`
	CramersV                                  float64   `json:"cramers_v"`
	EffectiveRank                             float64   `json:"effective_rank"`
	LogDet                                    float64   `json:"log_det"`
	LogDetShrunk                              float64   `json:"log_det_shrunk"`
	LedoitWolf                                float64   `json:"ledoit_wolf"`
	KS, AUC, Spearman, Pearson                float64
	TVD, Entropy, Mean, Variance              float64
	Ranks, Quantiles, Covariance, Correlation []float64
	Eigenvalues, Autocorrelation              []float64
}

// approximately says that numbers agree to 1e-12 or 12 digits: what float64 leaves
// after sums of a few dozen terms in another order.
var approximately = cmpopts.EquateApprox(1e-12, 1e-12)

func TestAgainstOtherTools(t *testing.T) {
	var r reference
	if err := json.Unmarshal(referenceJSON, &r); err != nil {
		t.Fatal(err)
	}
	mean, variance := MeanVar(r.X)
	normal := make([]float64, len(r.Probabilities))
	for i, p := range r.Probabilities {
		normal[i] = NormalQuantile(p)
	}
	tests := []struct {
		name, source string
		got, want    any
	}{
		{"KS", "scipy ks_2samp", KS(r.X, r.Y), r.KS},
		{"AUC", "scikit-learn roc_auc_score", AUC(r.U, r.Labels), r.AUC},
		{"Ranks", "scipy rankdata", Ranks(r.U), r.Ranks},
		{"Spearman", "scipy spearmanr", Spearman(r.U, r.V), r.Spearman},
		{"Pearson", "scipy pearsonr", Pearson(r.U, r.V), r.Pearson},
		{"TVD", "numpy", TVD(r.P, r.Q), r.TVD},
		{"Entropy", "scipy entropy", Entropy(r.P), r.Entropy},
		{"mean", "numpy mean", mean, r.Mean},
		{"variance", "numpy var", variance, r.Variance},
		{"Quantiles", "numpy quantile", Quantiles(r.X, r.QuantileAt), r.Quantiles},
		{"NormalQuantile", "scipy ndtri", normal, r.NormalQuantiles},
		{"CramersV", "scipy chi2_contingency, corrected after Bergsma", CramersV(r.A, r.B, 4, 3), r.CramersV},
		{"Covariance", "numpy cov", Covariance(r.M, 25, 4), r.Covariance},
		{"Correlation", "numpy corrcoef", Correlation(r.M, 25, 4), r.Correlation},
		{"SymmetricEigenvalues", "numpy eigvalsh", SymmetricEigenvalues(r.Covariance, 4), r.Eigenvalues},
		{"EffectiveRank", "numpy", EffectiveRank(r.Eigenvalues), r.EffectiveRank},
		{"LogDetCovariance", "numpy slogdet", LogDetCovariance(r.M, 25, 4, 0), r.LogDet},
		{"LogDetCovariance shrunk", "numpy slogdet", LogDetCovariance(r.M, 25, 4, 0.2), r.LogDetShrunk},
		{"LedoitWolf", "scikit-learn ledoit_wolf_shrinkage", LedoitWolf(r.M, 25, 4), r.LedoitWolf},
		{"Autocorrelation", "numpy, by the definition", Autocorrelation(r.X, 10), r.Autocorrelation},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, test.got, approximately); diff != "" {
			t.Errorf("%s: not what %s says (-want +got)\n%s", test.name, test.source, diff)
		}
	}
}

// nan compares numbers to 12 digits, NaN with NaN.
var nan = cmp.Options{approximately, cmpopts.EquateNaNs()}

var (
	notNumber = math.NaN()
	infinite  = math.Inf(1)
)
