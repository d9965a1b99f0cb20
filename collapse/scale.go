package collapse

// Scale maps the excess of a statistic over its noise floor to damage: an excess
// of Tolerance is harmless, and Tolerance + PerDamage costs what a score of 65
// stands for: a tenth of a model's skill, or half of the tails.
type Scale struct{ Tolerance, PerDamage float64 }

// Damage returns the damage of an excess, from 0 up.
func (s Scale) Damage(excess float64) float64 { return max(0, excess-s.Tolerance) / s.PerDamage }

// Modes of judging.
const (
	ReferenceMode = "reference"
	SelfMode      = "self"
)

// Calibration returns the scale of every statistic in a mode, by name. The
// numbers stand in calibration.go, which bench/calibrate writes.
func Calibration(mode string) map[string]Scale { return calibration[mode] }

// scaleOf panics if the table lacks the statistic: that is a slip of ours.
func scaleOf(mode, name string) Scale {
	s, ok := calibration[mode][name]
	if !ok {
		panic("collapse: no scale in " + mode + " mode for statistic " + name)
	}
	return s
}

// leastNoise says how much excess chance alone makes of a statistic at least, by its floor and
// the rows on a side. Of others the spread between resamples is all that is known.
var leastNoise = map[string]func(floor, rows float64) float64{
	"utility_lost": noiseOfSkill, "transfer_lost": noiseOfTransfer, "one_column_surprises": noiseOfSurprise, "effective_rank_change": noiseOfRank, "off_manifold_rows": noiseOfPlace, "worst_number_shift": noiseOfLargestShift,

	"agreeing_rows": noiseOfShare, "contradictions": noiseOfShare, "copied_texts": noiseOfShare, "coverage_lost": noiseOfShare,
	"duplicate_rows": noiseOfShare, "exact_copies": noiseOfShare, "garbled_rows": noiseOfShare, "invalid_rows": noiseOfShare,
	"near_copies": noiseOfShare, "near_duplicate_texts": noiseOfShare, "near_duplicates": noiseOfShare,
	"null_rows": noiseOfShare, "odd_texts": noiseOfShare, "one_cell_apart": noiseOfShare,
	"opposed_rows": noiseOfShare, "out_of_domain_rows": noiseOfShare, "paired_rows": noiseOfShare,
	"surprising_cells": noiseOfShare, "template_rows": noiseOfGroups, "template_texts": noiseOfShare,
}

// sources says what each statistic is and where it was published.
var sources = map[string]string{
	"agreeing_rows":         "bits of agreement, Fellegi & Sunter 1969",
	"short_tails":           "reach of the extremes against the outer tenths",
	"one_cell_apart":        "bits of agreement, Fellegi & Sunter 1969",
	"words_do_not_return":   "adaptation, Church 2000",
	"rare_words_lost":       "words of one text, Zipf 1949; Baayen 2001",
	"garbled_rows":          "replacement characters and wrong decodings",
	"abrupt_edges":          "span of the outermost values against the next",
	"resampled_values":      "index of dispersion of value counts, Fisher 1925",
	"too_regular":           "curvature and uneven scatter of normal scores, against a Gaussian copula",
	"flat_directions":       "eigenvalues of the correlation matrix near 0",
	"lone_columns":          "bias-corrected Cramer's V, Bergsma 2013",
	"abandoned_modes":       "NDB, Richardson & Weiss 2018",
	"effective_modes_lost":  "exp of the entropy of micro-cluster shares",
	"values_lost":           "share of a column's values abandoned",
	"effective_rank_change": "Roy & Vetterli 2007",
	"log_spectral_distance": "log-spectral distance of correlation eigenvalues",
	"one_column_surprises":  "loss by networks of the reference on held-out rows",
	"transfer_lost":         "Kullback & Leibler 1951, by networks on held-out real rows",
	"association_lost":      "bias-corrected Cramer's V, Bergsma 2013",
	"surprising_cells":      "confident learning, Northcutt et al. 2021",
	"skill_on_data_lost":    "TRTS, Esteban et al. 2017",
	"one_column_against":    "TRTS skill of one column against the median column",
	"contradictions":        "nearest rows that differ in one column",
	"opposed_rows":          "TracIn, Pruthi et al. 2020",
	"gradient_noise":        "gradient noise scale, McCandlish et al. 2018",
	"diverged_networks":     "loss that leaves the finite numbers or explodes",
	"training_gap":          "held-out loss minus training loss",
	"constant_columns":      "columns with one value",
	"drift_in_file":         "C2ST, first against last third",
	"outlying_rows":         "Tukey 1977 (fences); levels that occur once, Good 1953",
	"null_bursts":           "nulls against independence",
	"template_rows":         "Hamming distance to the 5th nearest row",
	"column_shift":          "Wasserstein-1 on normal scores, TVD",
	"worst_number_shift":    "Wasserstein-1 on normal scores",
	"worst_level_shift":     "TVD",
	"paired_rows":           "nearest against second nearest row",
	"pair_shift":            "TVD of contingency tables",
	"c2st":                  "Lopez-Paz & Oquab 2017",
	"tail_loss":             "mass outside the 1-99 % box and of levels under 2 %",
	"spread_lost":           "standard deviation of normal scores, entropy of levels",
	"coverage_lost":         "coverage, Naeem et al. 2020",
	"exact_copies":          "identical rows",
	"near_copies":           "authenticity, Alaa et al. 2022",
	"utility_lost":          "TSTR, Esteban et al. 2017",
	"invalid_rows":          "cells that cannot be read",
	"out_of_domain_rows":    "cells outside the reference's domain",
	"null_rows":             "rows with unusually many nulls",
	"off_manifold_rows":     "alpha-precision, Alaa et al. 2022",
	"duplicate_rows":        "rows that stood before",
	"near_duplicate_texts":  "MinHash, Broder 1997; Jaccard of 3-shingles >= 0.5",
	"template_texts":        "sentence patterns with slots",
	"copied_texts":          "MinHash against the reference, Jaccard >= 0.5",
	"vocabulary_lost":       "rarefied vocabulary, Hurlbert 1971",
	"phrases_lost":          "distinct-3, Li et al. 2016",
	"language_model_lost":   "trigram model, Witten & Bell 1991, trained on synthetic, tested on real",
	"odd_texts":             "surface measures",
	"unrelated_texts":       "tf-idf cosine of a row's fields",
	"word_shift":            "TVD of frequent words",
	"near_duplicates":       "nearest-neighbour distances within the data",
}
