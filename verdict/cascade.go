package verdict

// Cascade is stage 3: the eighteen networks.
type Cascade struct {
	Preset             string         `json:"preset"`
	Networks           int            `json:"networks"`
	ModelsPerTier      Tiers          `json:"models_per_tier"`
	Trainings          []Training     `json:"trainings"`
	Tiers              []TierTraining `json:"tiers"`
	Scaling            *Scaling       `json:"scaling"`
	Recursion          *Recursion     `json:"recursion"` // the forecast
	TrainingSeconds    float64        `json:"training_seconds"`
	FromCache          bool           `json:"from_cache"` // trained by an earlier run; TrainingSeconds are that run's
	RowsTrained        int            `json:"rows_trained"`
	RowsHeldOut        int            `json:"rows_held_out"`
	Columns            []string       `json:"columns"`             // modelled columns
	LeftOut            []LeftOut      `json:"left_out"`            // columns that were not modelled, and why
	PredictionsRows    int            `json:"predictions_rows"`    // rows drawn from the networks
	PredictionsColumns int            `json:"predictions_columns"` // columns of each
}

// Tiers counts networks.
type Tiers struct {
	Tiny  int `json:"tiny"`
	Small int `json:"small"`
	Base  int `json:"base"`
}

// LeftOut is a column that was not modelled.
type LeftOut struct {
	Column string `json:"column"`
	Reason string `json:"reason"`
}

// Training is the course of one network's training. Losses are mean
// cross-entropies per masked cell in nats, one entry per epoch.
type Training struct {
	Network       int      `json:"network"`
	Tier          string   `json:"tier"`
	Parameters    int      `json:"parameters"`
	Seed          uint64   `json:"seed"`
	MaskRate      float64  `json:"mask_rate"`
	Epochs        int      `json:"epochs"`
	Steps         int      `json:"steps"`
	TrainLoss     []Number `json:"train_loss"`
	HeldOutLoss   []Number `json:"held_out_loss"`
	GradientNorm  []Number `json:"gradient_norm"`  // mean norm of the minibatch gradients
	GradientNoise Number   `json:"gradient_noise"` // simple noise scale, rows (McCandlish et al. 2018)
	Diverged      bool     `json:"diverged"`
	StoppedEarly  bool     `json:"stopped_early"`
	Seconds       float64  `json:"seconds"`

	// After the training. Unlike the curves, these losses can be compared between
	// networks: every cell is predicted from the columns of three of four groups.
	FinalTrainLoss   Number   `json:"final_train_loss"`
	FinalHeldOutLoss Number   `json:"final_held_out_loss"`
	MemorizationGap  Number   `json:"memorization_gap"`  // held-out less train loss, nats a cell
	ColumnLosses     []Number `json:"column_losses"`     // FinalHeldOutLoss by column, as in Cascade.Columns
	GradientConflict Number   `json:"gradient_conflict"` // share of minibatches whose gradient opposes those just before
	HiddenRank       Number   `json:"hidden_rank"`       // effective rank of the hidden states, 1 to HiddenWidth (RankMe)
	HiddenWidth      int      `json:"hidden_width"`
}
