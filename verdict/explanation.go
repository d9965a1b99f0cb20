package verdict

// Explanation is what is known about one row.
type Explanation struct {
	Row        int64       `json:"row"`
	Score      float64     `json:"score"` // suspicion, 0-1
	Flagged    bool        `json:"flagged"`
	InSample   bool        `json:"in_sample"` // the row is among those that the judgement was learned from
	Charges    []Charge    `json:"charges"`   // most suspicious first
	Cells      []Evidence  `json:"cells"`     // in the order of the columns
	Neighbours []Neighbour `json:"neighbours"`
}

// Charge is what one kind of evidence holds against a row.
type Charge struct {
	Kind      string   `json:"kind"` // "copied row", "out of range"
	Dimension string   `json:"dimension"`
	Suspicion float64  `json:"suspicion"` // 0-1: one minus the local false-discovery rate
	Columns   []string `json:"columns"`
	Reason    string   `json:"reason"`
}

// Evidence is a cell and how well it fits the rest of its row.
type Evidence struct {
	Column      string `json:"column"`
	Value       string `json:"value"`        // as it stands in sentences
	Surprise    Number `json:"surprise"`     // nats: minus the logarithm of how probable forests find the cell, or a less probable one, beside the others; null if they do not predict the column
	NetworkLoss Number `json:"network_loss"` // nats: cross-entropy under the networks trained on the reference; null without one
	Expected    string `json:"expected"`     // what similar rows have; "" if nothing is expected
	Beyond      Number `json:"beyond"`       // nats: minus the logarithm of about the chance of a value so far out; 0 = within the usual ones
}

// Neighbour is a row that is like the one explained.
type Neighbour struct {
	Of       string `json:"of"`       // "data" or "reference"
	Row      int64  `json:"row"`      // of that file
	Equal    int    `json:"equal"`    // columns that are (nearly) equal
	Columns  int    `json:"columns"`  // columns that were compared
	Nats     Number `json:"nats"`     // minus the logarithm of the chance to be so much alike
	Distance Number `json:"distance"` // in the space of distances, of the nearest row
	Nearest  int64  `json:"nearest"`  // the row that is nearest in the space of distances
}
