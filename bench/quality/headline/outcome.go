package headline

import (
	"math"
	"strconv"
	"strings"
)

// Dimensions are the names of the eight dimensions, as columns of results.csv.
var Dimensions = [8]string{
	"mode_collapse", "spectral_degradation", "gradient_pathology", "distribution_shift",
	"diversity_loss", "memorization", "quality_degradation", "pattern_repetition",
}

// Outcome is what a tool said about one item: one line of results.csv. Scores
// go from 0 to 100, higher is healthier; NaN is no score.
type Outcome struct {
	ID         string
	Overall    float64
	Decision   string // "approve", "reject" or "" = none
	Dimensions [8]float64
	Diversity  float64
	RowsFile   string // suspicion of every row, relative to the folder of results.csv; "" = none
	Seconds    float64
	PeakMB     float64
}

// Header is the first line of results.csv.
func Header() []string {
	header := append([]string{"id", "overall_score", "decision"}, Dimensions[:]...)
	return append(header, "diversity_score", "rows_file", "seconds", "peak_mb")
}

// Record returns o as a line of results.csv.
func (o *Outcome) Record() []string {
	decision := map[string]string{"approve": "approved", "reject": "rejected"}[o.Decision]
	record := []string{o.ID, format(o.Overall, 4), decision}
	for _, x := range o.Dimensions {
		record = append(record, format(x, 4))
	}
	return append(record, format(o.Diversity, 4), o.RowsFile, format(o.Seconds, 3), format(o.PeakMB, 1))
}

// format writes a number with so many decimals; NaN is empty.
func format(x float64, decimals int) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'f', decimals, 64)
}

// ReadResults reads results.csv, as written by this benchmark or by any other
// tool. Only the columns id and overall_score must be there.
func ReadResults(path string) ([]Outcome, error) {
	var outcomes []Outcome
	err := readRecords(path, []string{"id", "overall_score"}, func(get func(string) string) error {
		o := Outcome{
			ID: get("id"), Overall: number(get("overall_score")), Diversity: number(get("diversity_score")),
			RowsFile: get("rows_file"), Seconds: number(get("seconds")), PeakMB: number(get("peak_mb")),
		}
		switch strings.ToLower(get("decision")) {
		case "approved", "approve":
			o.Decision = "approve"
		case "rejected", "reject":
			o.Decision = "reject"
		}
		for i, name := range Dimensions {
			o.Dimensions[i] = number(get(name))
		}
		outcomes = append(outcomes, o)
		return nil
	})
	return outcomes, err
}

// number returns the finite number in s, NaN if there is none.
func number(s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(x, 0) {
		return math.NaN()
	}
	return x
}
