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
