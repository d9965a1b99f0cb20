package report

import (
	"fmt"
	"math"

	"synthos/dataset"
	"synthos/verdict"
)

var nan = verdict.Number(math.NaN())

var dimensionNames = []string{
	"mode_collapse", "spectral_degradation", "gradient_pathology", "distribution_shift",
	"diversity_loss", "memorization", "quality_degradation", "pattern_repetition",
}

// approved is a healthy result without a reference, as small as one can be.
func approved() *verdict.Result {
	r := &verdict.Result{
		ApprovedForTraining: true, CollapseScore: verdict.NewScore(91.4), DiversityScore: verdict.NewScore(88), Confidence: 78,
		Reason:         "APPROVED: collapse 91.4 of 65 needed, diversity 88.0 of 50 needed; judged without a reference, which is weaker evidence.",
		ProjectedScore: verdict.Unmeasured("there is nothing to fix"), TotalTimeSeconds: 3.25, Rows: 1, Columns: 1,
		ThroughputRowsPerSecond: 0.3, PeakMemoryBytes: 48e6, Seed: 1, Version: "0.1.0", StartedAt: "2025-06-30T12:00:00Z",
		Config: config("data.parquet", ""),
		Stages: []verdict.Stage{{Name: "load", Status: verdict.StageDone, Seconds: 0.2, Share: 0.06}},
	}
	r.Collapse = &verdict.Collapse{Overall: r.CollapseScore, Mode: "self", Interval: verdict.Interval{Low: 89, High: 93}}
	for _, name := range dimensionNames {
		r.Collapse.Dimensions = append(r.Collapse.Dimensions, verdict.Dimension{Name: name, Score: verdict.NewScore(100), Interval: verdict.Interval{Low: 98, High: 100}, Reason: "nothing beyond the noise floor"})
	}
	return r
}

func config(data, reference string) verdict.Config {
	c := verdict.Config{
		Data: data, Reference: reference, CollapseThreshold: 65, DiversityThreshold: 50, CriticalThreshold: 40, CriticalDimensions: dimensionNames,
		GPUMemoryFraction: 0.9, UseCache: true, Jobs: 2, Sample: 20000, Preset: "cpu", Mode: "self",
	}
	if reference != "" {
		c.Mode = "reference"
	}
	return c
}

// rejected is a full result of reference mode.
func rejected() *verdict.Result {
	r := &verdict.Result{
		CollapseScore: verdict.NewScore(31.25), DiversityScore: verdict.NewScore(61.04), Confidence: 97,
		Reason: "REJECTED: mode_collapse is 22.1, below the critical 40: 41 % of the reference's mass lies where these data have almost no row, " +
			"most of it country PL, PT, NO, NZ and IS; diversity_loss is 35.0: 88 % of the tails are gone. Blame 1,204 rows; the first fix brings 14.2 points.",
		ProblematicRows: []int64{812, 44, 12345}, ProjectedScore: verdict.NewScore(52.6), TotalTimeSeconds: 12.34, Rows: 15000, Columns: 12,
		ThroughputRowsPerSecond: 1215.6, PeakMemoryBytes: 412e6, Seed: 1, Version: "0.1.0", StartedAt: "2025-06-30T12:00:00Z",
		Config: config("collapsed.csv", "reference.parquet"),
	}
	for i, name := range []string{"load", "diversity", "cascade", "collapse", "localize", "recommend"} {
		s := []float64{0.41, 1.2, 8.05, 1.4, 0.9, 0.62}[i]
		r.Stages = append(r.Stages, verdict.Stage{Name: name, Status: verdict.StageDone, Seconds: s, Share: s / 12.34})
	}
	scores := []float64{22.1, 58.3, math.NaN(), 47, 35, 98.6, 66, 71.2}
	reasons := []string{
		"41 % of the reference's mass lies in regions that hold almost no row here", "the tail half of the correlation spectrum lost 38 % of its log energy",
		"", "country, plan and total_spend moved beyond the noise floor", "88 % of the mass outside the reference's 1-99 % box is gone",
		"no more copies of the reference than the holdout has", "a model trained on these rows loses 9 % of its skill", "comment repeats 413 sentences more than 20 times each",
	}
	c := &verdict.Collapse{Overall: r.CollapseScore, Interval: verdict.Interval{Low: 27.8, High: 34.9}, Detected: true, Mode: "reference"}
	for i, name := range dimensionNames {
		d := verdict.Dimension{
			Name: name, Reason: reasons[i],
			Statistics: []verdict.Statistic{
				{Name: "share of mass abandoned", Value: 0.4123, Floor: 0.0132, Damage: 2.31, Source: "Richardson & Weiss 2018"},
				{Name: "coverage", Value: 0.61, Floor: nan, Damage: nan, Source: "Naeem et al. 2020"},
			},
			Contributors: []verdict.Contributor{{Columns: []string{"country"}, Detail: "level PL lost: 1.6 % of the reference, 0 % here", Damage: 1.2}},
		}
		if math.IsNaN(scores[i]) {
			d.Score, d.NullReason, d.Interval = verdict.Unmeasured("the networks diverged"), "the networks trained on the reference diverged", verdict.Interval{Low: nan, High: nan}
			d.Statistics, d.Contributors = nil, nil
			d.Warnings = []string{"two of eighteen networks diverged"}
		} else {
			d.Score, d.Interval = verdict.NewScore(scores[i]), verdict.Interval{Low: verdict.Number(scores[i] - 3.2), High: verdict.Number(min(100, scores[i]+2.9))}
		}
		c.Dimensions = append(c.Dimensions, d)
	}
	r.Collapse = c
	diversity := func(score float64, reason string) verdict.DiversityScore {
		return verdict.DiversityScore{Score: verdict.NewScore(score), Reason: reason, Statistics: []verdict.Statistic{{Name: "Vendi ratio", Value: 0.58, Floor: 0.99, Damage: 0.8, Source: "Friedman & Dieng 2023"}}}
	}
	r.Diversity = &verdict.Diversity{
		SemanticOn: "embeddings, the other columns, and the wording of the texts",
		Embeddings: &verdict.Embeddings{
			URL: "https://api.example.com/v1", Model: "small", Dimensions: 384, Rows: 2000, ReferenceRows: 2000, Columns: []string{"comment"},
			TextsSent: 1920, TextsCached: 1980, TextsCut: 3, SentTo: "api.example.com",
		},
		Overall: diversity(61.04, "the mean of the three"), Semantic: diversity(44.5, "comments say the same in the same words"),
		Statistical: diversity(63, "entropy is 12 % below the reference's"), Structural: diversity(81, "most combinations of values are there"),
	}
	r.Load = &verdict.Load{
		Path: "collapsed.csv", Format: "csv", Rows: 15000, SampleRows: 15000, StateHash: "9f86d081884c7d65",
		Columns: []verdict.Column{
			{Name: "age", Kind: dataset.Numerical, Type: dataset.Float, KindEvidence: "73 whole numbers", Nulls: 0, Distinct: 71, DistinctIs: "exact", Min: 18, Max: 90, Mean: 43.127, SD: 15.3021},
			{Name: "country", Kind: dataset.Categorical, Type: dataset.String, KindEvidence: "14 levels", Nulls: 12, Invalid: 1, Distinct: 14, DistinctIs: "exact", Min: nan, Max: nan, Mean: nan, SD: nan,
				Top: []verdict.LevelCount{{Level: "US", Count: 8123}, {Level: "DE", Count: 3310}}},
			{Name: "signup_date", Kind: dataset.Datetime, Type: dataset.Time, KindEvidence: "days", Distinct: 1999, DistinctIs: "exact", Min: 1561852800, Max: 1751241600, Mean: 1688657599.5, SD: 43570355},
			{Name: "comment", Kind: dataset.Text, Type: dataset.String, KindEvidence: "sentences", Nulls: 7441, Distinct: 5190, DistinctIs: "estimate", Min: nan, Max: nan, Mean: nan, SD: nan},
		},
		Findings: []dataset.Finding{{Path: "collapsed.csv", Row: 77, Column: "country", Message: "the cell is not UTF-8"}, {Row: -1, Message: "two columns are called age; the second is age_2"}},
	}
	r.Cascade = &verdict.Cascade{
		Preset: "cpu", Networks: 6, ModelsPerTier: verdict.Tiers{Tiny: 3, Small: 2, Base: 1}, TrainingSeconds: 7.7, RowsTrained: 12000, RowsHeldOut: 3000,
		Columns: []string{"age", "country"}, LeftOut: []verdict.LeftOut{{Column: "customer_id", Reason: "an id names rows and holds no pattern"}}, PredictionsRows: 2000, PredictionsColumns: 10,
	}
	for i, tier := range []string{"tiny", "tiny", "tiny", "small", "small", "base"} {
		t := verdict.Training{Network: i, Tier: tier, Parameters: map[string]int{"tiny": 21000, "small": 84000, "base": 211000}[tier], Seed: uint64(i), MaskRate: 0.3, Epochs: 8, Steps: 200, GradientNoise: 120, Seconds: 0.5}
		for e := range 8 {
			x := 1.1*math.Exp(-0.5*float64(e)) + 1.6 - 0.1*float64(i%3)
			t.TrainLoss = append(t.TrainLoss, verdict.Number(x-0.05))
			t.HeldOutLoss = append(t.HeldOutLoss, verdict.Number(x+0.02*float64(e)/8))
		}
		r.Cascade.Trainings = append(r.Cascade.Trainings, t)
	}
	for i := range r.Cascade.Trainings {
		t := &r.Cascade.Trainings[i]
		t.FinalHeldOutLoss, t.HiddenWidth = verdict.Number(1.7-0.02*float64(i)), map[string]int{"tiny": 32, "small": 80, "base": 128}[t.Tier]
	}
	spread := func(mean, sd verdict.Number) verdict.Spread { return verdict.Spread{Mean: mean, SD: sd} }
	r.Cascade.Tiers = []verdict.TierTraining{
		{Tier: "tiny", Networks: 3, Parameters: 21000, HeldOutLoss: spread(1.68, 0.02), MemorizationGap: spread(0.01, 0.004), GradientNoise: spread(3850, 3430), GradientConflict: spread(0.35, 0.1), HiddenRank: spread(11.1, 1.2)},
		{Tier: "base", Networks: 0, Diverged: 1, Parameters: 211000, HeldOutLoss: spread(nan, nan), MemorizationGap: spread(0.02, nan), GradientNoise: spread(nan, nan), GradientConflict: spread(0.3, nan), HiddenRank: spread(37, nan)},
	}
	r.Cascade.Scaling = &verdict.Scaling{Exponent: 0.02, Interval: verdict.Interval{Low: 0.01, High: 0.03}, Predicted: []verdict.Predicted{
		{Parameters: 2110000, Loss: 1.53, Interval: verdict.Interval{Low: 1.5, High: 1.56}}, {Parameters: 21100000, Loss: 1.46, Interval: verdict.Interval{Low: nan, High: nan}},
	}}
	generations := func(kept float64) (list []verdict.Generation) {
		for g := range 4 {
			left := verdict.Number(math.Pow(kept, float64(g)))
			list = append(list, verdict.Generation{Entropy: 1.5, TailMass: 0.08 * left, Association: nan, EffectiveRank: 11 + verdict.Number(g)})
		}
		return list
	}
	half := verdict.HalfLife{Generations: 1.94, Interval: verdict.Interval{Low: 1.49, High: 2.79}}
	r.Cascade.Recursion = &verdict.Recursion{Rows: 1500, Fastest: "tail_mass", HalfLife: half, Chains: []verdict.Chain{
		{Repetitions: 2, Generations: generations(0.7), HalfLives: map[string]verdict.HalfLife{"tail_mass": half, "entropy": {Generations: nan, Interval: verdict.Interval{Low: 80, High: nan}}}},
		{RealShare: 0.3, Repetitions: 1, Generations: generations(0.9), HalfLives: map[string]verdict.HalfLife{"tail_mass": {Generations: 6.6, Interval: verdict.Interval{Low: 4, High: nan}}}},
	}}
	r.Localization = &verdict.Localization{RowsScored: 15000, RowsFlagged: 1204, Severity: "high"}
	r.Localization.Groups = []verdict.RowGroup{
		{Detail: "template in comment: 413 rows", Cause: "template", Dimension: "pattern_repetition", Columns: []string{"comment"}, RowsTotal: 413, Rows: []int64{10, 90, 170}, From: 10, To: 14990},
		{Detail: "row 77 stands 3 times", Cause: "repeated row", Dimension: "pattern_repetition", RowsTotal: 3, Rows: []int64{77, 78, 79}, From: 77, To: 79},
	}
	for i, reason := range []string{
		"copy of reference row 44 in 11 of 12 columns", "total_spend 91,000 is 40 times the largest seen", "the template of comment is repeated 413 times",
		"plan free with monthly_spend 39.9", "age 18 with tenure_months 70", "copy of row 12", "copy of row 13",
	} {
		r.Localization.Rows = append(r.Localization.Rows, verdict.Row{Row: int64(12345 >> i), Score: 0.99 - 0.02*float64(i), Severity: "high", Dimensions: []string{"memorization", "pattern_repetition"}, Columns: []string{"comment"}, Reason: reason})
	}
	r.Localization.Rows[0].Cells = []verdict.Cell{{Column: "country", Value: "US", Blamed: true}, {Column: "comment", Null: true}}
	r.Comparison = compared()
	r.Criteria = []verdict.Criterion{
		{Name: "collapse_score", Score: r.CollapseScore, Threshold: 65, Chance: 0.01},
		{Name: "mode_collapse", Score: verdict.NewScore(22.1), Threshold: 40, Chance: 0.02},
		{Name: "memorization", Score: verdict.NewScore(98.6), Threshold: 40, Holds: true, Chance: 1},
	}
	r.Recommendations = []verdict.Recommendation{
		{Title: "Generate 900 rows of the lost countries", Kind: "generate", Detail: "PL, PT, NO, NZ and IS hold 3.5 % of the reference and 0 % of these rows.", EstimatedImpact: 14.2, ImpactInterval: verdict.Interval{Low: 9.4, High: 17.9}, CostUSD: 1.8, Priority: 1, RowsTotal: 900, Columns: []string{"country"}},
		{Title: "Remove 413 repeated comments", Kind: "deduplicate", Detail: "Keep one row of each template.", EstimatedImpact: 3.05, ImpactInterval: verdict.Interval{Low: 2.2, High: 3.1}, CostUSD: 0, Priority: 2, RowsTotal: 413, Rows: []int64{10, 90, 170}},
		{Title: "Have 120 rows reviewed", Kind: "review", Detail: "Labels that contradict each other.", EstimatedImpact: nan, ImpactInterval: verdict.Interval{Low: verdict.Number(nan), High: verdict.Number(nan)}, CostUSD: 1234.5, Priority: 3, RowsTotal: 120},
	}
	return r
}

// compared is what reports show of two small tables.
func compared() *verdict.Comparison {
	return &verdict.Comparison{
		Rows: 15000, ReferenceRows: 5000, ColumnsTotal: 3,
		Columns: []verdict.ColumnComparison{
			{Name: "country", Kind: dataset.Categorical, Unit: "value", Change: 0.27, Floor: 0.02, Levels: []string{"US", "DE", "PL"}, Data: []verdict.Number{0.7, 0.3, 0}, Reference: []verdict.Number{0.5, 0.3, 0.2},
				DataNull: 0.0008, ReferenceNull: 0.01, Lost: []verdict.LevelShare{{Level: "PL", Reference: 0.2, Data: 0}}, New: 0},
			{Name: "age", Kind: dataset.Numerical, Unit: "value", Change: 0.01, Floor: 0.03, Edges: []verdict.Number{18, 42, 66, 90}, Data: []verdict.Number{0.2, 0.5, 0.3}, Reference: []verdict.Number{0.25, 0.5, 0.25}, New: nan},
			{Name: "signup_date", Kind: dataset.Datetime, Unit: "time", Change: 0.01, Floor: 0.03, Edges: []verdict.Number{1561852800, 1751241600}, Data: []verdict.Number{1}, Reference: []verdict.Number{1}, New: nan},
		},
		Pairs: []verdict.PairComparison{{X: "age", Y: "country", XGroups: []string{"< 42", "≥ 42"}, YGroups: []string{"US", "DE", "(others)"}, Change: 0.12, Floor: 0.01,
			Data: [][]verdict.Number{{0.2, 0.2, 0}, {0.5, 0.1, 0}}, Reference: [][]verdict.Number{{0.3, 0.1, 0.1}, {0.2, 0.2, 0.1}}}},
		Map: &verdict.Map{Explained: 0.46,
			Data:      verdict.Points{X: []verdict.Number{0, 1, 2}, Y: []verdict.Number{0, 1, 0}, Rows: []int64{3, 44, 12345}, Flagged: []bool{false, true, false}},
			Reference: verdict.Points{X: []verdict.Number{0.5, -1}, Y: []verdict.Number{0.5, 2}, Rows: []int64{1, 2}},
			Regions:   []verdict.Region{{X: -1, Y: 1.5, Reference: 0.035, Data: 0.001}}},
	}
}

// partial is what is left when the cascade failed.
func partial() *verdict.Result {
	r := rejected()
	r.Partial = true
	r.Reason = "REJECTED: cannot approve: stage cascade failed: every network diverged"
	r.CollapseScore, r.ProjectedScore = verdict.Unmeasured("the collapse stage was skipped"), verdict.Unmeasured("there is no collapse score")
	r.Cascade, r.Collapse, r.Localization, r.Recommendations, r.ProblematicRows = nil, nil, nil, nil, nil
	r.Comparison, r.Criteria = nil, nil
	r.Stages[2].Status, r.Stages[2].Error = verdict.StageFailed, "every network diverged"
	for i := 3; i < 6; i++ {
		r.Stages[i] = verdict.Stage{Name: r.Stages[i].Name, Status: verdict.StageSkipped, Error: "needs the cascade"}
	}
	return r
}

// ranked is three candidates, one of which could not be read.
func ranked() *verdict.Ranking {
	return &verdict.Ranking{Reference: "reference.parquet", Candidates: []verdict.Candidate{
		{Rank: 1, Data: "data.parquet", Result: approved()},
		{Rank: 2, Data: "collapsed.csv", Result: rejected()},
		{Rank: 3, Data: hostileText, Error: "no file is called " + hostileText},
	}}
}

// hostileText is what a column name, a level or a file name may hold.
const hostileText = "<script>alert(1)</script>\"'&| `x` **b** [l](http://e.vil) @all\n# title\r\t\x1b[31mred\x1b]0;title\x07 \x00 \u202eright-to-left \u009b31m \xff ]]> --> {{.}} 表"

// hostile is rejected() with hostileText in every text, and numbers that are
// not.
func hostile() *verdict.Result {
	r := rejected()
	h := hostileText
	r.Reason, r.Version, r.StartedAt = h, h, h
	r.Confidence, r.ThroughputRowsPerSecond = math.NaN(), math.Inf(1)
	r.Config.Data, r.Config.Reference, r.Config.Preset, r.Config.Target, r.Config.CriticalDimensions = h, h, h, h, []string{h}
	r.Stages[0] = verdict.Stage{Name: h, Status: h, Error: h, Seconds: math.NaN(), Share: math.Inf(1)}
	r.CollapseScore = verdict.Unmeasured(h)
	for i := range r.Collapse.Dimensions {
		d := &r.Collapse.Dimensions[i]
		d.Name, d.Reason, d.NullReason, d.Warnings = fmt.Sprint(i, h), h, h, []string{h}
		d.Statistics = []verdict.Statistic{{Name: h, Value: nan, Floor: verdict.Number(math.Inf(-1)), Source: h}}
		d.Contributors = []verdict.Contributor{{Columns: []string{h}, Detail: h}}
	}
	r.Diversity.Semantic = verdict.DiversityScore{Score: verdict.Unmeasured(h), Reason: h, Statistics: []verdict.Statistic{{Name: h, Source: h}}}
	r.Load.Path, r.Load.Format = h, h
	for i := range r.Load.Columns {
		c := &r.Load.Columns[i]
		c.Name, c.KindEvidence, c.Top = h, h, []verdict.LevelCount{{Level: h, Count: 3}}
	}
	r.Load.Findings = []dataset.Finding{{Path: h, Column: h, Message: h}}
	r.Cascade.LeftOut = []verdict.LeftOut{{Column: h, Reason: h}}
	r.Cascade.Trainings[0].Tier = h
	r.Cascade.Trainings[1].TrainLoss[2] = nan
	r.Cascade.Tiers[0].Tier, r.Cascade.Tiers[0].HeldOutLoss.Mean = h, verdict.Number(math.Inf(1))
	r.Cascade.Scaling.Predicted[0].Loss = nan
	r.Cascade.Recursion.Chains[0].Generations[1].TailMass = verdict.Number(math.Inf(1))
	r.Cascade.Recursion.Chains[0].Generations[0].Entropy = 0
	r.Localization.Groups[0] = verdict.RowGroup{Detail: h, Cause: h, Dimension: h, Columns: []string{h}, Rows: []int64{-1}}
	r.Localization.Severity = h
	for i := range r.Localization.Rows {
		row := &r.Localization.Rows[i]
		row.Reason, row.Columns, row.Dimensions = h, []string{h}, []string{h}
	}
	r.Localization.Rows[0].Cells = []verdict.Cell{{Column: h, Value: h}}
	r.Criteria[0].Name, r.Criteria[0].Threshold, r.Criteria[0].Chance = h, nan, nan
	c := r.Comparison
	c.Columns[0].Name, c.Columns[0].Levels, c.Columns[0].Lost, c.Columns[0].Data[1] = h, []string{h, h, h}, []verdict.LevelShare{{Level: h}}, nan
	c.Columns[1].Name, c.Columns[1].Edges[1], c.Columns[1].Data[0], c.Columns[1].Unit = h, nan, verdict.Number(math.Inf(1)), h
	c.Pairs[0].X, c.Pairs[0].XGroups, c.Pairs[0].Data[0] = h, []string{h, h}, nil
	c.Map.Data.X[0], c.Map.Explained = nan, nan
	for i := range r.Recommendations {
		r.Recommendations[i].Title, r.Recommendations[i].Detail, r.Recommendations[i].Kind = h, h, h
	}
	return r
}

// huge is a result with more of everything than a report shows.
func huge() *verdict.Result {
	r := hostile()
	repeat := func(s string, n int) string {
		out := ""
		for len(out) < n {
			out += s
		}
		return out
	}
	long := repeat(`<&">`, 2*maxText)
	many := func(n int) []string {
		list := make([]string, n)
		for i := range list {
			list[i] = long
		}
		return list
	}
	r.Reason = repeat("reason ", 5000)
	for i := range r.Collapse.Dimensions {
		d := &r.Collapse.Dimensions[i]
		for range 2 * htmlStatistics {
			d.Statistics = append(d.Statistics, verdict.Statistic{Name: long, Source: long})
			d.Contributors = append(d.Contributors, verdict.Contributor{Columns: many(9), Detail: long})
		}
		d.Warnings = many(2 * htmlWarnings)
	}
	for range 5 * htmlColumns / 4 {
		c := verdict.Column{Name: long, KindEvidence: long}
		for range 6 {
			c.Top = append(c.Top, verdict.LevelCount{Level: long, Count: 1})
		}
		r.Load.Columns = append(r.Load.Columns, c)
		r.Load.Findings = append(r.Load.Findings, dataset.Finding{Column: long, Message: long})
	}
	shares := make([]verdict.Number, 60)
	for i := range shares {
		shares[i] = 0.123456789
	}
	for range htmlComparisons {
		r.Comparison.Columns = append(r.Comparison.Columns,
			verdict.ColumnComparison{Name: long, Levels: many(12), Data: shares[:12], Reference: shares[:12], Lost: []verdict.LevelShare{{Level: long}, {Level: long}}},
			verdict.ColumnComparison{Name: long, Edges: shares[:25], Data: shares[:24], Reference: shares[:24]})
		r.Comparison.Pairs = append(r.Comparison.Pairs, verdict.PairComparison{X: long, Y: long, XGroups: many(20), YGroups: many(20)})
		r.Comparison.Map.Regions = append(r.Comparison.Map.Regions, verdict.Region{Reference: 0.1})
	}
	m := r.Comparison.Map
	m.Data = verdict.Points{X: make([]verdict.Number, 1e5), Y: make([]verdict.Number, 1e5), Rows: make([]int64, 1e5), Flagged: make([]bool, 1e5)}
	for i := range m.Data.Flagged {
		m.Data.Flagged[i] = true
	}
	for range 2 * htmlRows {
		row := verdict.Row{Row: math.MaxInt64, Reason: long, Dimensions: many(9)}
		for range htmlCells + 1 {
			row.Cells = append(row.Cells, verdict.Cell{Column: long, Value: long})
		}
		r.Localization.Rows = append(r.Localization.Rows, row)
		r.Recommendations = append(r.Recommendations, verdict.Recommendation{Title: long, Detail: long})
	}
	r.ProblematicRows = make([]int64, 1e5)
	losses := make([]verdict.Number, 5000)
	for i := range losses {
		losses[i] = verdict.Number(1 / float64(i+1))
	}
	for range 100 {
		r.Localization.Groups = append(r.Localization.Groups, verdict.RowGroup{Detail: long, Cause: long, Dimension: long, Columns: many(9), Rows: make([]int64, 100), RowsTotal: 1e6, To: 1e9})
		r.Cascade.Recursion.Chains = append(r.Cascade.Recursion.Chains, verdict.Chain{RealShare: 0.5, Generations: make([]verdict.Generation, 1000)})
		r.Cascade.Trainings = append(r.Cascade.Trainings, verdict.Training{Tier: "base", TrainLoss: losses, HeldOutLoss: losses})
	}
	return r
}
