// Package verdict holds the nouns that come out: the Result of a validation and
// everything in it. The JSON report is these types, marshalled. It imports only
// dataset.
package verdict

// SchemaVersion is the version of the JSON report. The first number changes
// when a field is removed or changes its meaning.
const SchemaVersion = "1.0"

// Result is the outcome of one validation.
type Result struct {
	SchemaVersion           string           `json:"schema_version"`
	ApprovedForTraining     bool             `json:"approved_for_training"`
	CollapseScore           Score            `json:"collapse_score"`
	DiversityScore          Score            `json:"diversity_score"`
	Confidence              float64          `json:"confidence"` // 0-100
	Reason                  string           `json:"reason"`
	ProblematicRows         []int64          `json:"problematic_rows"` // 0-based data rows, worst first
	Recommendations         []Recommendation `json:"recommendations"`  // best first
	ProjectedScore          Score            `json:"projected_score"`  // collapse score with the recommended plan applied
	TotalTimeSeconds        float64          `json:"total_time_seconds"`
	GPUUtilizationAvg       *float64         `json:"gpu_utilization_avg"` // null without a GPU
	Partial                 bool             `json:"partial"`
	Stages                  []Stage          `json:"stages"`
	Rows                    int64            `json:"rows"`
	Columns                 int              `json:"columns"`
	ThroughputRowsPerSecond float64          `json:"throughput_rows_per_second"`
	PeakMemoryBytes         int64            `json:"peak_memory_bytes"`
	Config                  Config           `json:"config"`
	Seed                    uint64           `json:"seed"`
	Version                 string           `json:"version"`
	StartedAt               string           `json:"started_at"` // RFC 3339, UTC

	Load         *Load         `json:"load"`
	Diversity    *Diversity    `json:"diversity"`
	Cascade      *Cascade      `json:"cascade"`
	Collapse     *Collapse     `json:"collapse"`
	Localization *Localization `json:"localization"`
	Comparison   *Comparison   `json:"comparison"`
	Criteria     []Criterion   `json:"criteria"`           // what decided; empty if it could not come to that
	Baseline     *Baseline     `json:"baseline,omitempty"` // if it was compared with an earlier report
}

// Config repeats the options that the result was made with.
type Config struct {
	Data               string   `json:"data"`
	Format             string   `json:"format"`
	Reference          string   `json:"reference,omitempty"`
	Holdout            string   `json:"holdout,omitempty"`
	Target             string   `json:"target,omitempty"`
	Sheet              string   `json:"sheet,omitempty"`
	ReferenceSheet     string   `json:"reference_sheet,omitempty"`
	HoldoutSheet       string   `json:"holdout_sheet,omitempty"`
	Schema             string   `json:"schema,omitempty"`
	BadRows            string   `json:"bad_rows,omitempty"`
	Encoding           string   `json:"encoding,omitempty"` // of text that is not Unicode; "" = found out
	CollapseThreshold  float64  `json:"collapse_threshold"`
	DiversityThreshold float64  `json:"diversity_threshold"`
	CriticalThreshold  float64  `json:"critical_threshold"`
	CriticalDimensions []string `json:"critical_dimensions"`
	// DimensionThresholds are the least scores of dimensions that have one of their own.
	DimensionThresholds map[string]float64 `json:"dimension_thresholds,omitempty"`
	Prices              map[string]float64 `json:"prices,omitempty"` // in US dollars, where they are not the defaults
	Sensitive           bool               `json:"sensitive"`        // raw values are withheld
	GPUMemoryFraction   float64            `json:"gpu_memory_fraction"`
	MixedPrecision      bool               `json:"enable_mixed_precision"`
	UseCache            bool               `json:"use_cache"`
	Jobs                int                `json:"jobs"`
	Sample              int                `json:"sample"`
	TimeoutSeconds      float64            `json:"timeout_seconds"`
	Preset              string             `json:"preset"`
	Mode                string             `json:"mode"` // "reference" or "self"

	// Vectors for the semantic diversity: files, or an endpoint.
	Embeddings          string `json:"embeddings,omitempty"`
	ReferenceEmbeddings string `json:"reference_embeddings,omitempty"`
	EmbeddingsURL       string `json:"embeddings_url,omitempty"`
	EmbeddingsModel     string `json:"embeddings_model,omitempty"`
}

// Stage statuses.
const (
	StageDone    = "done"
	StageFailed  = "failed"
	StageSkipped = "skipped" // could not run
	StageOmitted = "omitted" // was not asked for
)

// Stage is the timing and the outcome of one of the six stages.
type Stage struct {
	Name    string  `json:"name"`
	Status  string  `json:"status"`
	Seconds float64 `json:"seconds"`
	Share   float64 `json:"share"` // of the total time, 0-1; stages that ran side by side add up to more than 1
	Error   string  `json:"error,omitempty"`
}

// Diversity is stage 2: how much variety there is, 0-100.
type Diversity struct {
	Overall     DiversityScore `json:"overall"`
	Semantic    DiversityScore `json:"semantic"`
	Statistical DiversityScore `json:"statistical"`
	Structural  DiversityScore `json:"structural"`
	SemanticOn  string         `json:"semantic_on"`          // what the semantic diversity was measured on
	Embeddings  *Embeddings    `json:"embeddings,omitempty"` // where they came from, if any were asked for
}

// Embeddings says where the vectors of the semantic diversity came from. If an
// endpoint made them, texts of the data were sent to it.
type Embeddings struct {
	Data          string   `json:"data,omitempty"`      // the file with those of the data
	Reference     string   `json:"reference,omitempty"` // the file with those of the reference
	URL           string   `json:"url,omitempty"`       // the endpoint
	Model         string   `json:"model,omitempty"`
	Dimensions    int      `json:"dimensions"`
	Rows          int      `json:"rows"`                    // of the data, whose vectors were looked at
	ReferenceRows int      `json:"reference_rows,omitzero"` // of the reference
	Columns       []string `json:"columns,omitempty"`       // whose texts the endpoint embedded
	TextsSent     int      `json:"texts_sent,omitzero"`     // different texts, in this run
	TextsCached   int      `json:"texts_cached,omitzero"`   // known from an earlier run
	TextsCut      int      `json:"texts_cut,omitzero"`      // too long, of which only the start was embedded
	SentTo        string   `json:"sent_to,omitempty"`       // host that texts left this machine for in this run; "" = they did not
}

// DiversityScore is one diversity with what it was made from.
type DiversityScore struct {
	Score      Score       `json:"score"`
	Reason     string      `json:"reason"`
	Statistics []Statistic `json:"statistics"`
}

// Statistic is one measured number behind a score.
type Statistic struct {
	Name   string `json:"name"`
	Value  Number `json:"value"`
	Floor  Number `json:"floor"`  // what two samples of the same real data show; null without a reference
	Noise  Number `json:"noise"`  // twice the standard deviation of the floor between resamples; this much excess counts for nothing
	Damage Number `json:"damage"` // the excess over the floor on the common scale of harm: 0 none, 1 = score 65; null if it does not count
	Source string `json:"source,omitempty"`
}

// Collapse is stage 4.
type Collapse struct {
	Overall    Score       `json:"overall"`
	Interval   Interval    `json:"interval"`
	Detected   bool        `json:"collapse_detected"`
	Mode       string      `json:"mode"` // "reference" or "self"
	Dimensions []Dimension `json:"dimensions"`
}

// Dimension finds a dimension by name; nil if there is none.
func (c *Collapse) Dimension(name string) *Dimension {
	for i := range c.Dimensions {
		if c.Dimensions[i].Name == name {
			return &c.Dimensions[i]
		}
	}
	return nil
}

// Interval is where a score, or a gain, lies in nine of ten resamples.
type Interval struct {
	Low  Number `json:"low"`
	High Number `json:"high"`
}

// Dimension is one of the eight ways in which a dataset can be collapsed.
type Dimension struct {
	Name         string        `json:"name"`
	Score        Score         `json:"score"`
	Interval     Interval      `json:"interval"`
	NullReason   string        `json:"null_reason,omitempty"` // why Score is null
	Reason       string        `json:"reason"`                // one sentence
	Statistics   []Statistic   `json:"statistics"`
	Contributors []Contributor `json:"contributors"` // what drags it down, worst first
	Warnings     []string      `json:"warnings,omitempty"`
}

// Contributor is a column, a pair of columns, a level or a region that a score owes its damage to.
type Contributor struct {
	Columns []string `json:"columns"`
	Detail  string   `json:"detail"` // "level two-year lost: 24 % of the reference, 0 % here"
	Damage  Number   `json:"damage"` // on the common scale of harm
}

// Localization is stage 5.
type Localization struct {
	RowsScored      int64         `json:"rows_scored"`
	RowsFlagged     int64         `json:"rows_flagged"`
	Severity        string        `json:"severity"` // none, low, medium, high
	TopContributors []Contributor `json:"top_contributors"`
	Groups          []RowGroup    `json:"groups"` // of flagged rows with a common cause, largest first
	// Flagged lists the flagged rows by number, if there are more than are in Rows, and not
	// more than 131,072.
	Flagged []FlaggedRows `json:"flagged,omitempty"`
	// Kept lists the flagged rows that stay when rows are dropped, since they are the first of
	// rows that are nearly equal. Not if more than 131,072 are.
	Kept *FlaggedRows `json:"kept,omitempty"`
	Rows []Row        `json:"rows"` // the worst, worst first
	// RowScores holds the suspicion 0-1 of every row, by row number, if it was
	// asked for (Orchestrator.KeepRowScores). Not part of the JSON report.
	RowScores []float32 `json:"-"`
}

// RowGroup is flagged rows that share a cause. A row is in the group of what it is
// charged with most. A group of cause "drift" is a stretch of the file in which a
// column is not what it is elsewhere: its rows need not be flagged one by one.
type RowGroup struct {
	Detail    string   `json:"detail"` // "out of range in price: 40 rows, all between rows 12000 and 14000"
	Cause     string   `json:"cause"`  // "out of range"
	Dimension string   `json:"dimension"`
	Columns   []string `json:"columns"`
	RowsTotal int64    `json:"rows_total"`
	Rows      []int64  `json:"rows"` // the first, ascending, at most 100
	From      int64    `json:"from"` // the first row of the group
	To        int64    `json:"to"`   // the last
}

// Row is one row to blame.
type Row struct {
	Row        int64    `json:"row"`           // 0-based data row
	Line       int64    `json:"line,omitzero"` // 1-based line of the file that it starts on, in text files of one row a line
	Score      float64  `json:"score"`         // suspicion, 0-1
	Severity   string   `json:"severity"`
	Dimensions []string `json:"dimensions"` // the dimensions it hurts
	Columns    []string `json:"columns"`    // the columns to blame
	Reason     string   `json:"reason"`     // one sentence
	// Cells are some of the row's cells, those to blame first; of the worst rows only.
	Cells []Cell `json:"cells,omitempty"`
}

// Recommendation is one fix, with what it was measured to bring.
type Recommendation struct {
	Title           string   `json:"title"`
	Kind            string   `json:"kind"`
	Detail          string   `json:"detail"`           // what to do, in a sentence or two
	EstimatedImpact Number   `json:"estimated_impact"` // measured gain of the collapse score, points
	ImpactInterval  Interval `json:"impact_interval"`  // where it lies in nine of ten rescorings; nulls if it was not measured
	CostUSD         Number   `json:"cost_usd"`
	Priority        int      `json:"priority"`       // 1 is first
	Rows            []int64  `json:"rows,omitempty"` // the first rows that it concerns, at most 1000
	RowsTotal       int64    `json:"rows_total"`
	Columns         []string `json:"columns,omitempty"`
}
