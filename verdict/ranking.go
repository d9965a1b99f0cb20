package verdict

// RankingVersion is the version of a ranking's JSON, apart from the results in it,
// which have SchemaVersion. The first number changes as there.
const RankingVersion = "1.0"

// Ranking is the outcome of judging several candidates, against one reference if
// there is one.
type Ranking struct {
	SchemaVersion string      `json:"schema_version"` // RankingVersion
	Reference     string      `json:"reference"`      // "" = each was judged by itself
	Candidates    []Candidate `json:"candidates"`     // best first
}

// Candidate is one dataset of a Ranking.
type Candidate struct {
	Rank   int     `json:"rank"` // 1 is best
	Data   string  `json:"data"`
	Result *Result `json:"result"`          // null if it could not be judged
	Error  string  `json:"error,omitempty"` // why not
}
