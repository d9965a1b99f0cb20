package headline

import (
	"math"
	"slices"
)

// Figures are what a run over a benchmark is judged by. A figure that the run
// tells nothing about is NaN. All are better the higher they are, except the
// false rates, seconds and memory.
type Figures struct {
	Items, Scored, Decided int

	SecondsTotal         float64
	SecondsMean          float64
	SecondsMedianTabular float64 // of one case
	PeakMB               float64 // of the largest case

	// The area under the ROC curve of the overall score, harmful against healthy
	// items. Borderline items are left out of the first and the last.
	AUC               float64
	AUCWithBorderline float64
	AUCRealControls   float64 // only real data, in all disguises, as the healthy ones
	Harmful, Healthy  int     // behind AUC

	Defects    []DefectAUC    // against the real controls of its kind, by name
	Chains     []ChainRank    // by family
	Doses      float64        // mean rank correlation of the score with the dose, within a source and defect
	Decisions  []DecisionRate // of all, of each kind, of each family, of planted medium and severe doses
	Dimensions []DimensionHit // of all but borderline items, of all, of each defect
	Diversity  float64        // AUC of the diversity score, damage to diversity against healthy items
	Rows       []RowSearch    // of all, of each defect
}

// DefectAUC says how well the overall score tells one planted defect.
type DefectAUC struct {
	Defect               string
	Mild, Medium, Severe float64
}

// ChainRank says how well the overall score orders the generations of chains:
// mean rank correlations of 100 - score with the measured severity and with the
// generation. The source's real half counts as generation 0.
type ChainRank struct {
	Family               string
	Severity, Generation float64
	Chains               int
}

// DecisionRate says how often the decision is wrong in a group of items.
type DecisionRate struct {
	Group                     string
	Reject, Approve           int // items expected to be rejected, to be approved
	FalseApprove, FalseReject float64
	Accuracy, Balanced        float64
}

// DimensionHit says how often the planted dimension is among the two lowest;
// leniently, one of the acceptable alternatives will do. Chance is 0.25.
type DimensionHit struct {
	Group           string
	Dimension       string // the planted one; "" in a group of several
	Strict, Lenient float64
	N               int
}

// judged is an item with what a tool said about it.
type judged struct {
	*Item
	*Outcome
}

// danger is the overall score turned round: higher is worse.
func danger(list []judged) []float64 {
	out := make([]float64, len(list))
	for i, j := range list {
		out[i] = -j.Overall
	}
	return out
}

// Compute compares the outcomes with the manifest's items. Items without an
// outcome or a score count only where it says so. data is the folder of the
// manifest, results that of the outcomes' row files. An error is a file of rows
// that cannot be read.
func Compute(items []Item, outcomes []Outcome, data, results string) (*Figures, error) {
	byID := map[string]*Outcome{}
	for i := range outcomes {
		byID[outcomes[i].ID] = &outcomes[i]
	}
	var all, scored []judged // in the manifest's order
	f := &Figures{Items: len(items)}
	for i := range items {
		o := byID[items[i].ID]
		if o == nil {
			continue
		}
		j := judged{&items[i], o}
		all = append(all, j)
		if !math.IsNaN(o.Overall) {
			scored = append(scored, j)
		}
		if o.Decision != "" {
			f.Decided++
		}
	}
	f.Scored = len(scored)
	f.costs(all)
	f.separation(scored)
	f.order(scored)
	f.decisions(all)
	f.dimensions(all)
	f.diversity(all)
	return f, f.rows(all, data, results)
}

func (f *Figures) costs(all []judged) {
	var seconds, tabular []float64
	f.PeakMB, f.SecondsTotal = math.NaN(), math.NaN()
	for _, j := range all {
		if !math.IsNaN(j.Seconds) {
			seconds = append(seconds, j.Seconds)
			if j.Kind == "tabular" {
				tabular = append(tabular, j.Seconds)
			}
		}
		if !math.IsNaN(j.PeakMB) && !(j.PeakMB < f.PeakMB) {
			f.PeakMB = j.PeakMB
		}
	}
	f.SecondsMean, f.SecondsMedianTabular = mean(seconds), median(tabular)
	if len(seconds) > 0 {
		f.SecondsTotal = f.SecondsMean * float64(len(seconds))
	}
}

// isControl reports whether j is real data that must pass.
func isControl(j judged) bool {
	return j.Label == "healthy" && !j.Borderline && slices.Contains([]string{"real", "real errors", "human"}, j.LabelBasis)
}

func (f *Figures) separation(scored []judged) {
	clear := where(scored, func(j judged) bool { return !j.Borderline })
	isHarmful := func(j judged) bool { return j.Harmful() }
	isHealthy := func(j judged) bool { return !j.Harmful() }
	harmful, healthy := danger(where(clear, isHarmful)), danger(where(clear, isHealthy))
	controls := where(scored, isControl)
	f.Harmful, f.Healthy = len(harmful), len(healthy)
	f.AUC = AUC(harmful, healthy)
	f.AUCWithBorderline = AUC(danger(where(scored, isHarmful)), danger(where(scored, isHealthy)))
	f.AUCRealControls = AUC(harmful, danger(controls))

	planted := where(scored, func(j judged) bool { return j.Defect != "" })
	for _, defect := range namesOf(planted, func(j judged) string { return j.Defect }) {
		at := func(dose string) float64 {
			hurt := where(planted, func(j judged) bool { return j.Defect == defect && j.Dose == dose })
			kinds := namesOf(hurt, func(j judged) string { return j.Kind })
			return AUC(danger(hurt), danger(where(controls, func(j judged) bool { return slices.Contains(kinds, j.Kind) })))
		}
		d := DefectAUC{defect, at("mild"), at("medium"), at("severe")}
		if !math.IsNaN(d.Mild) || !math.IsNaN(d.Medium) || !math.IsNaN(d.Severe) {
			f.Defects = append(f.Defects, d)
		}
	}
}

// chainFamilies are the families whose items are steps of a chain.
var chainFamilies = []string{"chain", "text_chain", "paper_flip", "paper_temperature", "paper_topp", "paper_epochs"}

// order ranks chains and doses.
func (f *Figures) order(scored []judged) {
	half := map[string]judged{} // the real half of every source
	healthy := map[string]judged{}
	for _, j := range scored {
		if j.Item.ID == "real-"+j.Source+"-half" || j.Item.ID == j.Source+"-half" || j.Generator == "holdout" {
			keepFirst(half, j)
		}
		if j.Label == "healthy" {
			keepFirst(healthy, j)
		}
	}
	severity := func(j judged) float64 { return j.Severity }
	generation := func(j judged) float64 { return float64(j.Generation) }
	for _, family := range chainFamilies {
		var severities, generations []float64
		for _, chain := range groups(scored, func(j judged) (string, bool) {
			return j.Source + "\x00" + j.Generator, j.Family == family
		}) {
			start, ok := half[chain[0].Source]
			if len(chain) < 3 && !ok {
				continue
			}
			if ok {
				chain = append(chain, start)
			}
			severities = append(severities, Spearman(danger(chain), values(chain, severity)))
			generations = append(generations, Spearman(danger(chain), values(chain, generation)))
		}
		if len(severities) > 0 {
			f.Chains = append(f.Chains, ChainRank{family, mean(severities), mean(generations), len(severities)})
		}
	}
	var doses []float64
	for _, list := range groups(scored, func(j judged) (string, bool) {
		planted := slices.Contains([]string{"planted", "text_planted", "real_errors"}, j.Family)
		return j.Source + "\x00" + j.Defect, planted && j.Dose != ""
	}) {
		start, ok := half[list[0].Source]
		if !ok {
			start, ok = healthy[list[0].Source]
		}
		if ok {
			list = append(list, start)
		}
		doses = append(doses, Spearman(danger(list), values(list, severity)))
	}
	f.Doses = mean(doses)
}

func (f *Figures) decisions(all []judged) {
	add := func(group string, is func(judged) bool) {
		d := DecisionRate{Group: group}
		approvedWrongly, rejectedWrongly := 0, 0
		for _, j := range where(all, is) {
			switch {
			case j.Decision == "" || j.Expect != "approve" && j.Expect != "reject":
				continue
			case j.Expect == "reject":
				d.Reject++
			default:
				d.Approve++
			}
			switch {
			case j.Decision == j.Expect:
			case j.Decision == "approve":
				approvedWrongly++
			default:
				rejectedWrongly++
			}
		}
		if d.Reject+d.Approve == 0 {
			return
		}
		d.FalseApprove = ratio(approvedWrongly, d.Reject)
		d.FalseReject = ratio(rejectedWrongly, d.Approve)
		d.Accuracy = 1 - ratio(approvedWrongly+rejectedWrongly, d.Reject+d.Approve)
		d.Balanced = 1 - (d.FalseApprove+d.FalseReject)/2
		f.Decisions = append(f.Decisions, d)
	}
	add("all", func(judged) bool { return true })
	for _, kind := range []string{"tabular", "text"} {
		add(kind, func(j judged) bool { return j.Kind == kind })
	}
	for _, family := range namesOf(all, func(j judged) string { return j.Family }) {
		add(family, func(j judged) bool { return j.Family == family })
	}
	for _, dose := range []string{"medium", "severe"} {
		add("planted "+dose, func(j judged) bool { return j.Family == "planted" && j.Dose == dose })
	}
}

func (f *Figures) dimensions(all []judged) {
	planted := where(all, func(j judged) bool {
		measured := slices.ContainsFunc(j.Dimensions[:], func(s float64) bool { return !math.IsNaN(s) })
		return j.Dimension != "" && j.Dimension != "none" && j.Harmful() && measured
	})
	add := func(group, dimension string, list []judged) {
		strict := values(list, func(j judged) float64 { return AmongTwoLowest(j.Dimensions, []string{j.Dimension}) })
		lenient := values(list, func(j judged) float64 {
			return AmongTwoLowest(j.Dimensions, append([]string{j.Dimension}, j.Alternatives...))
		})
		f.Dimensions = append(f.Dimensions, DimensionHit{group, dimension, mean(strict), mean(lenient), len(list)})
	}
	if len(planted) == 0 {
		return
	}
	add("all but borderline", "", where(planted, func(j judged) bool { return !j.Borderline }))
	add("all", "", planted)
	group := func(j judged) string {
		if j.Defect != "" {
			return j.Defect
		}
		return j.Family
	}
	for _, name := range namesOf(planted, group) {
		list := where(planted, func(j judged) bool { return group(j) == name })
		add(name, list[0].Dimension, list)
	}
}

func (f *Figures) diversity(all []judged) {
	poor := []string{"diversity_loss", "mode_collapse", "pattern_repetition"}
	var low, high []float64
	for _, j := range all {
		switch {
		case j.Borderline || math.IsNaN(j.Diversity):
		case !j.Harmful():
			high = append(high, -j.Diversity)
		case slices.Contains(poor, j.Dimension) || j.Family == "chain" || j.Family == "text_chain":
			low = append(low, -j.Diversity)
		}
	}
	f.Diversity = AUC(low, high)
}
