package main

import (
	"fmt"
	"strings"

	"synthos/report"
)

var reportCommand = command{
	name:  "report",
	about: "draw a JSON report again, as text or in another format",
	help:  reportHelp,
	run:   runReport,
}

func reportHelp() string {
	return fmt.Sprintf(`Usage:
  synthos report REPORT.json [FLAGS]

Draws a report that was written with --output REPORT.json, without the data: as a summary, or
in the formats of the named files.

Flags:
  --output F       a report; repeat for more: %s
  --quiet          say nothing on standard error

Example:
  synthos report report.json --output report.html

Exit codes: 0 done, 2 error.
`, extensions())
}

// extensions names the extensions of reports, with what they are.
func extensions() string {
	names := map[string]string{".xml": ".xml (JUnit)"}
	var out []string
	for _, e := range report.Extensions() {
		if name, ok := names[e]; ok {
			e = name
		}
		out = append(out, e)
	}
	return strings.Join(out, " ")
}

func runReport(p *program, args []string) (int, error) {
	var outputs listFlag
	quiet := false
	fs := newFlags("report")
	fs.Var(&outputs, "output", "")
	fs.BoolVar(&quiet, "quiet", false, "")
	rest, err := parse(fs, args)
	if err != nil {
		return exitError, err
	}
	if len(rest) != 1 {
		return exitError, &usageError{"report", fmt.Sprintf("one JSON report is needed, but got %d", len(rest))}
	}
	for _, path := range outputs {
		if err := report.Check(path); err != nil {
			return exitError, err
		}
	}
	result, err := report.Read(rest[0])
	if err != nil {
		return exitError, err
	}
	if len(outputs) == 0 {
		return exitApproved, report.Text(p.stdout, result, wantsColor(p.stdout))
	}
	for _, path := range outputs {
		if err := report.Save(path, result); err != nil {
			return exitError, err
		}
		if !quiet {
			fmt.Fprintln(p.stderr, "wrote "+report.Clean(path))
		}
	}
	return exitApproved, nil
}
