package main

import (
	"encoding/json"
	"fmt"

	"synthos/baseline"
	"synthos/report"
)

const defaultDrop = 5 // points

var compareCommand = command{
	name:  "compare",
	about: "compare two JSON reports: did the data get worse?",
	help:  compareHelp,
	run:   runCompare,
}

func compareHelp() string {
	return fmt.Sprintf(`Usage:
  synthos compare OLD.json NEW.json [FLAGS]

Shows how every score of NEW differs from OLD, and says whether one fell by more than it may.
Scores that moved within their intervals are marked.

Flags:
  --drop X         points that a score may fall by (default %d)
  --json           as JSON on standard output

Example:
  synthos compare main.json branch.json --drop 3

Exit codes: 0 no score fell by more, 1 one did, 2 error.
`, defaultDrop)
}

func runCompare(p *program, args []string) (int, error) {
	drop, asJSON := float64(defaultDrop), false
	fs := newFlags("compare")
	fs.Float64Var(&drop, "drop", drop, "")
	fs.BoolVar(&asJSON, "json", false, "")
	rest, err := parse(fs, args)
	if err != nil {
		return exitError, err
	}
	switch {
	case len(rest) != 2:
		return exitError, &usageError{"compare", fmt.Sprintf("two JSON reports are needed, the old one and the new one, but got %d", len(rest))}
	case !(drop >= 0 && drop <= 100):
		return exitError, &usageError{"compare", fmt.Sprintf("--drop is %v, but scores go from 0 to 100", drop)}
	}
	before, err := report.Read(rest[0])
	if err != nil {
		return exitError, err
	}
	after, err := report.Read(rest[1])
	if err != nil {
		return exitError, err
	}
	changes := baseline.Compare(rest[0], before, after, drop)
	code := exitApproved
	if changes.Regressed {
		code = exitRejected
	}
	if asJSON {
		out := json.NewEncoder(p.stdout)
		out.SetIndent("", "  ")
		return code, out.Encode(changes)
	}
	return code, report.Changes(p.stdout, changes, wantsColor(p.stdout))
}
