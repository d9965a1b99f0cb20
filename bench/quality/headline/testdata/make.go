//go:build ignore

// Make writes a small invented benchmark and an invented tool's results on it,
// with ties, gaps and every family that a figure treats in its own way:
//
//	go run make.go
//	python3 score.py results.csv manifest.csv --json score.json
//
// score.json holds what the scorer that comes with CollapseBench computes from
// them (score.py, DEV half, 2026).
package main

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

var dimensions = []string{
	"mode_collapse", "spectral_degradation", "gradient_pathology", "distribution_shift",
	"diversity_loss", "memorization", "quality_degradation", "pattern_repetition",
}

const rows = 40 // of every made dataset

func main() {
	rng := rand.New(rand.NewPCG(7, 7))
	manifest := [][]string{{
		"id", "family", "source", "file", "reference_file", "label", "severity", "defect", "dimension", "generation",
		"bad_rows_file", "rows", "kind", "generator", "dose", "dimension_alt", "expect", "borderline", "label_basis", "ignore_rows_file",
	}}
	results := [][]string{append(append([]string{"id", "overall_score", "decision"}, dimensions...), "diversity_score", "rows_file", "seconds", "peak_mb")}

	// add adds an item, and a result whose score falls with its severity, in
	// steps of 5 so that many tie.
	add := func(id, family, source, kind, label, basis, expect, borderline, generator string, severity float64, generation int, defect, dose, dimension, alternatives string) {
		item := []string{
			id, family, source, id + ".csv", source + ".csv", label, fmt.Sprint(severity), defect, dimension, fmt.Sprint(generation),
			"", fmt.Sprint(rows), kind, generator, dose, alternatives, expect, borderline, basis, "",
		}
		score := 5 * float64(int((85-50*severity+60*rng.Float64())/5))
		score = min(100, max(0, score-10))
		result := []string{id, fmt.Sprint(score), "approved"}
		if score < 80 {
			result[2] = "rejected"
		}
		for _, d := range dimensions {
			x := 100 - 10*float64(rng.IntN(9))
			if d == dimension && rng.IntN(2) > 0 {
				x -= 60 * severity
			}
			if rng.IntN(9) == 0 {
				result = append(result, "")
			} else {
				result = append(result, fmt.Sprint(x))
			}
		}
		result = append(result, fmt.Sprint(100-5*rng.IntN(6)-int(40*severity)), "", fmt.Sprintf("%.3f", 1+rng.Float64()), fmt.Sprintf("%.1f", 100+50*rng.Float64()))
		if defect != "" && rng.IntN(3) == 0 {
			item[10], result[12] = rowFiles(rng, id, severity)
			if rng.IntN(2) == 0 {
				item[19] = "rows/" + id + "-ignore.txt"
				write(item[19], fmt.Sprintf("%d %d\n", rng.IntN(rows), rng.IntN(rows)))
			}
		}
		switch rng.IntN(14) {
		case 0:
			result[1], result[2] = "", "" // the tool gave no score
		case 1:
			result = nil // the tool never came to it
		}
		manifest = append(manifest, item)
		if result != nil {
			results = append(results, result)
		}
	}

	for _, source := range []string{"iris", "wine", "talk"} {
		kind, text := "tabular", ""
		if source == "talk" {
			kind, text = "text", "text_"
		}
		for _, control := range []string{"half", "swap", "small"} {
			add("real-"+source+"-"+control, text+"real", source, kind, "healthy", "real", "approve", "0", "real "+control, 0, 0, "", "", "none", "")
		}
		for _, generator := range []string{"copula", "knn"} {
			for _, g := range []int{1, 2, 5} {
				severity := 0.05*float64(g) + 0.35*rng.Float64()
				label, expect, borderline := "healthy", "approve", "0"
				if severity > 0.3 {
					label, expect = "collapsed", "reject"
				} else if severity > 0.2 {
					expect, borderline = "either", "1"
				}
				add(fmt.Sprintf("chain-%s-%s-g%d", source, generator, g), text+"chain", source, kind, label, "yardstick", expect, borderline, generator, severity, g, "", "", "none", "")
			}
		}
		for _, p := range []struct{ defect, dimension, alternatives string }{
			{"dup", "pattern_repetition", "memorization;diversity_loss"}, {"noise", "quality_degradation", ""}, {"drop", "mode_collapse", "diversity_loss"},
		} {
			for _, dose := range []struct {
				name, expect, borderline string
				severity                 float64
			}{{"mild", "either", "1", 0.25}, {"medium", "reject", "0", 0.55}, {"severe", "reject", "0", 0.9}} {
				add("planted-"+source+"-"+p.defect+"-"+dose.name, text+"planted", source, kind, "defect", "planted", dose.expect, dose.borderline, p.defect, dose.severity, 0, p.defect, dose.name, p.dimension, p.alternatives)
			}
		}
	}
	table("manifest.csv", manifest)
	table("results.csv", results)
}

// rowFiles writes the bad rows of an item, and suspicions that find most of
// them, with ties; every third file lists rows only, most suspect first.
func rowFiles(rng *rand.Rand, id string, severity float64) (bad, scores string) {
	bad, scores = "rows/"+id+"-bad.txt", "rows/"+id+".csv"
	var badLines, scoreLines strings.Builder
	plain := rng.IntN(3) == 0
	if !plain {
		scoreLines.WriteString("row,score\n")
	}
	for i := range rows {
		isBad := rng.Float64() < 0.4*severity || i == 3
		if isBad {
			fmt.Fprintln(&badLines, i)
		}
		suspicion := rng.IntN(4)
		if isBad {
			suspicion += rng.IntN(4)
		}
		switch {
		case suspicion == 0:
		case plain && suspicion > 2:
			fmt.Fprintln(&scoreLines, i)
		case !plain:
			fmt.Fprintf(&scoreLines, "%d,%.1f\n", i, float64(suspicion)/10)
		}
	}
	write(bad, badLines.String())
	write(scores, scoreLines.String())
	return bad, scores
}

func table(path string, records [][]string) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.WriteAll(records)
	write(path, b.String())
}

func write(path, content string) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		panic(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		panic(err)
	}
}
