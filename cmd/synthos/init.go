package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"synthos"
	"synthos/recommend"
	"synthos/report"
)

var initCommand = command{
	name:  "init",
	about: "write a commented synthos.yaml",
	help:  initHelp,
	run:   runInit,
}

func initHelp() string {
	return `Usage:
  synthos init [FILE]

Writes a config file (default synthos.yaml) with every setting, its default and what it is for.
synthos validate reads the first synthos.yaml from the folder of the data upwards; environment
variables (SYNTHOS_SEED for seed) override it, and flags override both. An existing file is left
alone.

Example:
  synthos init

Exit codes: 0 written, 2 error.
`
}

func runInit(p *program, args []string) (int, error) {
	rest, err := parse(newFlags("init"), args)
	if err != nil {
		return exitError, err
	}
	path := configName
	switch len(rest) {
	case 0:
	case 1:
		path = rest[0]
	default:
		return exitError, &usageError{"init", fmt.Sprintf("one file at most, but got %d", len(rest))}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return exitError, fmt.Errorf("%s is there already; remove it first, or name another file", path)
	}
	if err != nil {
		return exitError, fmt.Errorf("cannot write the config file: %w", err)
	}
	_, err = f.WriteString(configText())
	if err := errors.Join(err, f.Close()); err != nil {
		return exitError, fmt.Errorf("cannot write %s: %w", path, err)
	}
	_, err = fmt.Fprintln(p.stdout, "wrote "+report.Clean(path))
	return exitApproved, err
}

// configText is the commented config file with all defaults.
func configText() string {
	d := synthos.New()
	var thresholds strings.Builder
	for _, name := range d.CriticalDimensions {
		fmt.Fprintf(&thresholds, "#  %s: %g\n", name, d.CriticalThreshold)
	}
	var prices strings.Builder
	usual := recommend.Prices{}.Dollars()
	for _, name := range recommend.PriceNames() {
		fmt.Fprintf(&prices, "#  %s: %g\n", name, usual[name])
	}
	return fmt.Sprintf(`# Settings of synthos validate. Every setting is a flag, with _ for -; flags and environment
# variables (SYNTHOS_SEED for seed) override what stands here. Paths are relative to this file.
# Lines that begin with # are defaults, or examples where there is no default.

# What to judge against.
#reference: real.parquet          # real rows; without them the data are judged by themselves
#holdout: holdout.parquet         # more real rows (default: a split of the reference)
#target: label                    # the column that a model will predict

# Semantic diversity by vectors of a model of yours (default: by the words of the texts).
#embeddings: vectors.npy          # a row for each row of the data; or a table of nothing but numbers
#reference_embeddings: reference-vectors.npy
#embeddings_url: http://localhost:11434/v1   # or an endpoint: texts of sampled rows are SENT there. It counts
#                                 only if this file is named by --config, not where it is found by itself
#embeddings_model: nomic-embed-text

# When to approve. Scores go from 0 to 100; higher is healthier.
collapse_threshold: %g
diversity_threshold: %g
critical_threshold: %g            # least score of every critical dimension
#critical: [memorization, mode_collapse]   # default: all dimensions; none for none
#thresholds:                      # least scores of single dimensions, instead of critical_threshold
%s
# When to fail: outcomes with another exit code than 0.
fail_on: [rejected, partial, regression]   # or none
#baseline: report.json            # an earlier report; a fall below it is a regression
baseline_drop: %d                 # points that a score may fall by

# What fixing costs, in US dollars. Recommendations are ordered by what they gain per dollar. A
# dropped_row goes though it is not flagged; unless it is given it costs what a generated_row does.
#prices:
%s
# What to write.
#output: [report.json, report.html, report.md, report.xml, report.sarif]
sensitive: false                  # true: no raw value in any output

# How.
preset: %s                       # size of the networks: fast, cpu or full
sample: %d                     # rows kept in memory
seed: %d                           # same seed, same result
jobs: 0                           # goroutines; 0 = all cores
#timeout: 10m                     # stop after this long and keep what is done
`, d.CollapseThreshold, d.DiversityThreshold, d.CriticalThreshold, thresholds.String(), defaultDrop, prices.String(), d.Preset, d.Sample, d.Seed)
}
