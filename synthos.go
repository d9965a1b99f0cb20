// Package synthos decides whether a dataset is fit to train on.
//
// One call runs six stages: load, diversity, cascade, collapse, localize,
// recommend; and decides APPROVED or REJECTED with a confidence and a reason:
//
//	orchestrator := synthos.New()
//	result, err := orchestrator.Validate(ctx, "data.parquet", "parquet")
//	fmt.Println(result.ApprovedForTraining, result.CollapseScore, result.Reason)
package synthos

import (
	"time"

	"synthos/report"
	"synthos/verdict"
)

// Version is the version of synthos, as it stands in reports.
const Version = "0.1.0"

// Orchestrator holds the options of a validation. New sets the defaults; change
// fields before calling Validate. An Orchestrator may be used by several
// goroutines if none changes it.
type Orchestrator struct {
	CollapseThreshold  float64  // least collapse score to approve, 0-100; default 65
	DiversityThreshold float64  // least diversity score to approve, 0-100; default 50
	CriticalThreshold  float64  // a critical dimension below this rejects, 0-100; default 40
	CriticalDimensions []string // default: all eight

	// DimensionThresholds are least scores of single dimensions, 0-100, by name.
	// They replace CriticalThreshold, and make the dimension critical.
	DimensionThresholds map[string]float64
	// Prices are what fixing costs, in US dollars, where the defaults do not hold: of
	// generated_row, dropped_row (one that goes though it is not flagged; default as
	// generated_row), reviewed_row, real_row and compute_hour; 0 is free.
	Prices    map[string]float64
	Sensitive bool // no raw value of the data stands in the result, an error or a report

	Reference string // real data to judge against, a path; "" = judge the data by itself
	Holdout   string // more real rows, the yardstick of every number; "" = a split of Reference
	Target    string // the column a model will predict; "" = every column counts

	// Excel: the sheet, HDF5: the path of the table; "" = the first.
	Sheet          string // of the data
	ReferenceSheet string // of Reference
	HoldoutSheet   string // of Holdout

	Schema string // a file that says what columns mean: ours or SDV's metadata, see load.ReadOverrides; "" = found out
	// Encoding is what text is in that is not Unicode, such as "shift-jis" (load.ParseEncoding);
	// "" = it is guessed by its characters, and the report says so.
	Encoding string
	BadRows  string // rows that cannot be read: "skip", "stop" at the first, "" (default) = stop above 1 %

	// Vectors that stand for the meaning of rows, made by a model of yours: the
	// semantic diversity is then measured on them. From files with a row for each
	// row of the data, in their order: .npy, or a table of nothing but numbers.
	Embeddings          string // "" = none
	ReferenceEmbeddings string // those of Reference
	// Or from an endpoint that speaks OpenAI's protocol. The texts of at most 2,000
	// sampled rows of the data, and as many of the reference, are sent there.
	EmbeddingsURL   string // such as "https://api.openai.com/v1"; "" = nothing is sent anywhere
	EmbeddingsModel string
	EmbeddingsKey   string // "" = the environment variable OPENAI_API_KEY

	Preset            string        // size of the cascade: "fast", "cpu" (default) or "full"
	Seed              uint64        // same seed, same bits; default 1
	Jobs              int           // goroutines; 0 (default) = all cores
	Sample            int           // rows kept in memory, of more than 200 columns fewer in proportion; default 20000
	Timeout           time.Duration // for the whole validation; 0 (default) = none
	GPUMemoryFraction float64       // default 0.9
	MixedPrecision    bool          // enable_mixed_precision, on a GPU; default true
	UseCache          bool          // keep trained cascades for the next run; default true
	CacheDir          string        // "" = the user's cache directory
	CacheLimit        int64         // bytes that the cache may take; 0 (default) = 1 GiB
	SavePredictions   string        // write the rows that the networks drew there, in a format of load.Write; "" = nowhere

	Omit          []string       // stages to leave out, of "cascade", "localize" and "recommend"; default none
	KeepRowScores bool           // fill Result.Localization.RowScores
	Progress      func(Progress) // called from one goroutine at a time; nil = silent

	kept *keptFiles // nil: every validation reads the reference itself

	worst int // rows that localization lists, at most; 0 = as many as a report holds

	// For tests: makes stages fail, and cuts text files into ranges of this size.
	fail       func(stage string) error
	rangeBytes int64
}

// Progress says how far a validation is.
type Progress struct {
	Stage    string        // "load", "diversity", "cascade", "collapse", "localize", "recommend"
	Done     float64       // share of the stage that is done, 0-1
	Detail   string        // "network 7 of 18", "120,000 rows"
	Finished bool          // the stage has just ended
	Elapsed  time.Duration // since Validate was called
}

// Result is the outcome of Validate; it is what the JSON report holds.
type Result struct {
	verdict.Result
}

// SaveReport writes the result to path. The extension decides the format:
// .json, .html, .md, or .xml for JUnit. An existing file is replaced as a whole
// or not at all.
func (r *Result) SaveReport(path string) error { return report.Save(path, &r.Result) }

// Stages are the names of the six stages, in order.
var Stages = []string{"load", "diversity", "cascade", "collapse", "localize", "recommend"}

// New returns an Orchestrator with the default options.
func New() *Orchestrator {
	return &Orchestrator{
		CollapseThreshold:  65,
		DiversityThreshold: 50,
		CriticalThreshold:  40,
		CriticalDimensions: []string{
			"mode_collapse", "spectral_degradation", "gradient_pathology", "distribution_shift",
			"diversity_loss", "memorization", "quality_degradation", "pattern_repetition",
		},
		Preset:            "cpu",
		Seed:              1,
		Sample:            20000,
		GPUMemoryFraction: 0.9,
		MixedPrecision:    true,
		UseCache:          true,
	}
}
