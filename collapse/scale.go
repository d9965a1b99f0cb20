package collapse

// scale maps the excess of a statistic over its noise floor to damage: an
// excess of tolerance is harmless, and damage is (excess - tolerance) / scale,
// so tolerance + scale costs what a score of 65 stands for: a tenth of a
// model's skill, or half of the tails.
type scale struct {
	tolerance, scale float64
	source           string // the measure, and where it was published
}

// scales is the calibration table. The numbers were found on a benchmark of 520
// datasets with known damage from 14 sources (real halves, recursive chains of
// four generators, 25 planted defects): starting from numbers set by hand, a
// coordinate search raised how well damage separates harmful from harmless data
// and how often the planted dimension is the lowest, with a penalty for moving a
// number that gains nothing by it. Excess here is value - floor - noise.
var scales = map[string]scale{
	"abandoned_modes":       {0.019, 0.028, "NDB, Richardson & Weiss 2018"},
	"effective_modes_lost":  {0.12, 0.29, "exp of the entropy of micro-cluster shares"},
	"values_lost":           {0.18, 0.044, "share of a column's values abandoned"},
	"effective_rank_change": {0.021, 0.13, "Roy & Vetterli 2007"},
	"log_spectral_distance": {0.061, 0.38, "log-spectral distance of correlation eigenvalues"},
	"association_lost":      {0.028, 0.021, "bias-corrected Cramer's V, Bergsma 2013"},
	"surprising_cells":      {0.0084, 0.39, "confident learning, Northcutt et al. 2021"},
	"skill_on_data_lost":    {0.082, 0.63, "TRTS, Esteban et al. 2017"},
	"one_column_against":    {0.071, 0.45, "TRTS skill of one column against the median column"},
	"contradictions":        {0.037, 0.082, "nearest rows that differ in one column"},
	"opposed_rows":          {0.10, 0.30, "TracIn, Pruthi et al. 2020"},
	"gradient_noise":        {1.50, 3.00, "gradient noise scale, McCandlish et al. 2018"},
	"diverged_networks":     {0.05, 0.20, "loss that leaves the finite numbers or explodes"},
	"training_gap":          {0.10, 0.30, "held-out loss minus training loss"},
	"constant_columns":      {0.10, 0.30, "columns with one value"},
	"drift_in_file":         {0.25, 0.50, "C2ST, first against last third"},
	"outlying_rows":         {0.02, 0.08, "Tukey fences; levels that occur once"},
	"null_bursts":           {0.02, 0.08, "nulls against independence"},
	"template_rows":         {0.024, 0.17, "Hamming distance to the 5th nearest row"},
	"column_shift":          {0.02, 0.5, "Wasserstein-1 on normal scores, TVD"},
	"worst_number_shift":    {0.38, 0.11, "Wasserstein-1 on normal scores"},
	"worst_level_shift":     {0.055, 0.12, "TVD"},
	"paired_rows":           {0.014, 0.4, "nearest against second nearest row"},
	"pair_shift":            {0.028, 0.22, "TVD of contingency tables"},
	"c2st":                  {0.12, 0.88, "Lopez-Paz & Oquab 2017"},
	"tail_loss":             {0.19, 0.13, "mass outside the 1-99 % box and of levels under 2 %"},
	"spread_lost":           {0.038, 0.74, "standard deviation of normal scores, entropy of levels"},
	"coverage_lost":         {0.058, 0.25, "coverage, Naeem et al. 2020"},
	"exact_copies":          {0.0099, 0.04, "identical rows"},
	"near_copies":           {0.01, 0.72, "authenticity, Alaa et al. 2022"},
	"utility_lost":          {0.025, 0.17, "TSTR, Esteban et al. 2017"},
	"invalid_rows":          {0.002, 0.022, "cells that cannot be read"},
	"out_of_domain_rows":    {0.005, 0.19, "cells outside the reference's domain"},
	"null_rows":             {0.01, 0.096, "rows with unusually many nulls"},
	"off_manifold_rows":     {0.02, 0.22, "alpha-precision, Alaa et al. 2022"},
	"duplicate_rows":        {0.028, 0.095, "rows that stood before"},
	"near_duplicate_texts":  {0.01, 0.1, "MinHash, Broder 1997; Jaccard of 3-shingles >= 0.5"},
	"template_texts":        {0.02, 0.13, "sentence patterns with slots"},
	"copied_texts":          {0.01, 0.1, "MinHash against the reference, Jaccard >= 0.5"},
	"vocabulary_lost":       {0.03, 0.2, "rarefied vocabulary, Hurlbert 1971"},
	"phrases_lost":          {0.03, 0.2, "distinct-3, Li et al. 2016"},
	"language_model_lost":   {0.03, 0.1, "trigram model, Witten & Bell 1991, trained on synthetic, tested on real"},
	"odd_texts":             {0.018, 0.036, "surface measures"},
	"unrelated_texts":       {0.043, 0.052, "tf-idf cosine of a row's fields"},
	"word_shift":            {0.02, 0.1, "TVD of frequent words"},
	"near_duplicates":       {0.013, 0.77, "nearest-neighbour distances within the data"},
}

func scaleOf(name string) scale {
	s, ok := scales[name]
	if !ok {
		panic("collapse: no scale for statistic " + name)
	}
	return s
}
