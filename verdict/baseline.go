package verdict

// Baseline says how a result differs from an earlier one.
type Baseline struct {
	Path      string   `json:"path"`      // of the earlier report
	Data      string   `json:"data"`      // what it judged
	Drop      float64  `json:"drop"`      // points that a score may fall by
	Regressed bool     `json:"regressed"` // a score fell by more
	Changes   []Change `json:"changes"`   // the scores that decide, then the dimensions
	Notes     []string `json:"notes,omitempty"`
}

// Change is how one score differs from what it was.
type Change struct {
	Name       string `json:"name"`
	Before     Score  `json:"before"`
	After      Score  `json:"after"`
	Difference Number `json:"difference"`    // After less Before; null if one is not measured
	Fell       bool   `json:"fell"`          // by more than the drop, or it is not measured any more
	Overlap    bool   `json:"overlap"`       // the intervals of the two overlap: it may be chance
	Why        string `json:"why,omitempty"` // if a score is not measured
}
