package main

import (
	"fmt"
	"io"
	"strings"
)

// helpCommand is a function, not a variable as the others are, since it shows
// the table that it is in.
func helpCommand() command {
	return command{name: "help", about: "explain a command", help: mainHelp, run: runHelp}
}

func runHelp(p *program, args []string) (int, error) {
	text := mainHelp()
	if len(args) > 0 {
		c, ok := findCommand(args[0])
		if !ok {
			return exitError, &usageError{"", fmt.Sprintf("there is no command %q%s", args[0], didYouMean(args[0], commandNames()))}
		}
		text = c.help()
	}
	_, err := io.WriteString(p.stdout, text)
	return exitApproved, err
}

func mainHelp() string {
	var b strings.Builder
	b.WriteString(`synthos decides, before money is spent on training, whether a dataset is fit to train on.

Usage:
  synthos COMMAND [ARGUMENTS]

Commands:
`)
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-11s %s\n", c.name, c.about)
	}
	b.WriteString(`
Examples:
  synthos demo
  synthos validate synthetic.csv --reference real.parquet --output report.html

Exit codes: 0 approved, 1 rejected, 2 error, 3 partial.
Run "synthos help COMMAND" for its flags.
`)
	return b.String()
}
