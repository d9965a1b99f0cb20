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
	all := false
	fs := newFlags("help")
	fs.BoolVar(&all, "all", false, "")
	args, err := parse(fs, args)
	if err != nil {
		return exitError, err
	}
	text := mainHelp()
	switch {
	case len(args) > 0:
		c, ok := findCommand(args[0])
		if !ok {
			return exitError, &usageError{"", fmt.Sprintf("there is no command %q%s", args[0], didYouMean(args[0], commandNames()))}
		}
		text = c.text(all)
	case all:
		text = cliText()
	}
	_, err = io.WriteString(p.stdout, text)
	return exitApproved, err
}

// rare marks a line of a help text that stands in the long help only.
const rare = "~"

// text returns the help of c: what fits a screen, or all of it.
func (c command) text(all bool) string {
	var b strings.Builder
	folded := false
	for line := range strings.Lines(c.help()) {
		rest, isRare := strings.CutPrefix(line, rare)
		if isRare {
			folded = true
			if !all {
				continue
			}
			line = " " + rest
		}
		b.WriteString(line)
	}
	if folded && !all {
		fmt.Fprintf(&b, "All flags: synthos help %s --all\n", c.name)
	}
	return b.String()
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
Run "synthos help COMMAND" for its flags, "synthos help --all" for all there is.
`)
	return b.String()
}

// cliText is the whole help as Markdown: docs/cli.md.
func cliText() string {
	var b strings.Builder
	b.WriteString("# The command line\n\nEvery command with all its flags; `synthos help --all` writes this page.\n\n```\n" + mainHelp() + "```\n")
	for _, c := range commands() {
		if c.name == "help" {
			continue
		}
		fmt.Fprintf(&b, "\n## synthos %s\n\n%s.\n\n```\n%s```\n", c.name, strings.ToUpper(c.about[:1])+c.about[1:], c.text(true))
	}
	return b.String()
}
