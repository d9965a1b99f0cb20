package verdict

// Spread is the mean and the standard deviation of a number over some networks;
// null where it is not known.
type Spread struct {
	Mean Number `json:"mean"`
	SD   Number `json:"sd"` // null for one network
}

// TierTraining is what the networks of one tier have shown, those aside that
// diverged. Losses are mean cross-entropies in nats per cell, each cell predicted
// from the columns of the other three of four groups.
type TierTraining struct {
	Tier             string  `json:"tier"`
	Networks         int     `json:"networks"`
	Diverged         int     `json:"diverged"`
	Parameters       int     `json:"parameters"` // of one network
	TrainLoss        Spread  `json:"train_loss"`
	HeldOutLoss      Spread  `json:"held_out_loss"`
	MemorizationGap  Spread  `json:"memorization_gap"`
	GradientNoise    Spread  `json:"gradient_noise"`
	GradientConflict Spread  `json:"gradient_conflict"`
	HiddenRank       Spread  `json:"hidden_rank"`
	Seconds          float64 `json:"seconds"` // of all its networks, one after the other
}

// Scaling is a power law of the held-out loss in the number of parameters,
// loss = a * parameters^-exponent, fitted to the networks of all tiers.
type Scaling struct {
	Exponent   Number      `json:"exponent"` // above 0: larger networks learn more from these rows
	Interval   Interval    `json:"interval"` // nine of ten resamples of the networks within their tiers
	Predicted  []Predicted `json:"predicted"`
	NullReason string      `json:"null_reason,omitempty"` // why there is no exponent
}

// Predicted is the held-out loss to be expected of a larger network, nats per
// cell, at the same number of rows seen.
type Predicted struct {
	Parameters int      `json:"parameters"`
	Loss       Number   `json:"loss"`
	Interval   Interval `json:"interval"`
}

// Recursion is a forecast: what is left of the data after generations of
// training tiny networks on the rows that the network before has drawn.
type Recursion struct {
	Rows       int      `json:"rows"`    // of each generation
	Chains     []Chain  `json:"chains"`  // from the data alone, then with real rows mixed in
	Fastest    string   `json:"fastest"` // what dies first: entropy, tail_mass, association or effective_rank; "" if nothing does
	HalfLife   HalfLife `json:"half_life"`
	NullReason string   `json:"null_reason,omitempty"` // why nothing was measured
}

// Chain is a line of generations; numbers are means over its repetitions.
type Chain struct {
	RealShare   float64             `json:"real_share"` // of real rows in every training set after the first
	Repetitions int                 `json:"repetitions"`
	Generations []Generation        `json:"generations"` // the first is the data
	HalfLives   map[string]HalfLife `json:"half_lives"`
}

// Generation is what the rows of a generation hold.
type Generation struct {
	Entropy       Number `json:"entropy"`        // mean of the columns, nats
	TailMass      Number `json:"tail_mass"`      // share of the rows in the rare cells of pairs of columns
	Association   Number `json:"association"`    // mean Cramér's V of the most associated pairs, 0-1
	EffectiveRank Number `json:"effective_rank"` // of the matrix of Cramér's V
}

// HalfLife is the number of generations after which half is left, at the mean
// rate of those followed. Null: no loss was seen. The interval holds it with a
// confidence of 0.9; a null end is unbounded.
type HalfLife struct {
	Generations Number   `json:"generations"`
	Interval    Interval `json:"interval"`
}
