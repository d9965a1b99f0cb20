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

Draws a report that was written with --output REPORT.json, about one dataset or several, without
the data: as a summary, or in the formats of the named files.

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
	result, ranking, err := report.ReadAny(rest[0])
	if err != nil {
		return exitError, err
	}
	show := func() error { return report.Text(p.stdout, result, wantsColor(p.stdout)) }
	check, save := report.Check, func(path string) error { return report.Save(path, result) }
	if ranking != nil {
		show = func() error { return report.RankingText(p.stdout, ranking, wantsColor(p.stdout)) }
		check, save = report.CheckRanking, func(path string) error { return report.SaveRanking(path, ranking) }
	}
	if len(outputs) == 0 {
		return exitApproved, show()
	}
	for _, path := range outputs {
		if err := check(path); err != nil {
			return exitError, err
		}
	}
	for _, path := range outputs {
		if err := save(path); err != nil {
			return exitError, err
		}
		if !quiet {
			fmt.Fprintln(p.stderr, "wrote "+report.Clean(path))
		}
	}
	return exitApproved, nil
}
