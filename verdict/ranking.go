package verdict

// Ranking is the outcome of judging several candidates against one reference.
type Ranking struct {
	SchemaVersion string      `json:"schema_version"`
	Reference     string      `json:"reference"`
	Candidates    []Candidate `json:"candidates"` // best first
}

// Candidate is one dataset of a Ranking.
type Candidate struct {
	Rank   int     `json:"rank"` // 1 is best
	Data   string  `json:"data"`
	Result *Result `json:"result"`          // null if it could not be judged
	Error  string  `json:"error,omitempty"` // why not
}
