// Synthos decides whether a dataset is fit to train on.
//
//	synthos validate data.csv --reference real.parquet
//
// Run `synthos help` for the commands. Exit codes: 0 approved, 1 rejected,
// 2 error (usage, unreadable input), 3 partial (interrupted, or a stage failed).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"synthos"
	"synthos/report"
)

// Exit codes.
const (
	exitApproved = 0 // also: done, for commands that decide nothing
	exitRejected = 1
	exitError    = 2
	exitPartial  = 3
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the whole program; it returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{stdin: stdin, stdout: stdout, stderr: stderr, validate: (*synthos.Orchestrator).Validate}
	return p.run(args)
}

// program is what the commands share.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	validate       func(o *synthos.Orchestrator, ctx context.Context, path, format string) (*synthos.Result, error)
}

// command is one word that can follow synthos.
type command struct {
	name  string
	about string // for the list of commands
	help  func() string
	run   func(p *program, args []string) (code int, err error)
}

// commands returns the table of commands, in the order of the help.
func commands() []command {
	return []command{
		validateCommand,
		inspectCommand,
		rankCommand,
		compareCommand,
		reportCommand,
		initCommand,
		fixCommand,
		explainCommand,
		demoCommand,
		cacheCommand,
		formatsCommand,
		dimensionsCommand,
		completionCommand(),
		versionCommand,
		helpCommand(),
	}
}

// usageError is an error in how the program was called.
type usageError struct {
	command string // whose help to read; "" = the program's
	text    string
}

func (e *usageError) Error() string {
	help := "synthos help"
	if e.command != "" {
		help += " " + e.command
	}
	return e.text + "; see: " + help
}

// run runs the command that args name. Every error becomes one line on stderr.
func (p *program) run(args []string) int {
	code, err := p.dispatch(args)
	if err != nil {
		p.complain(err)
	}
	return code
}

func (p *program) dispatch(args []string) (int, error) {
	if len(args) == 0 {
		fmt.Fprint(p.stderr, mainHelp())
		return exitError, nil
	}
	name := args[0]
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "-version", "--version":
		name = "version"
	}
	c, ok := findCommand(name)
	if !ok {
		return exitError, &usageError{"", fmt.Sprintf("there is no command %q%s", name, didYouMean(name, commandNames()))}
	}
	code, err := c.run(p, args[1:])
	if errors.Is(err, errHelp) {
		_, err = io.WriteString(p.stdout, c.text(false))
		code = exitApproved
	}
	if err != nil && code == 0 {
		code = exitError
	}
	return code, err
}

// complain writes an error as one line on stderr. What stands in files cannot
// act on the terminal.
func (p *program) complain(err error) {
	text := strings.TrimPrefix(err.Error(), "synthos: ") // the library says so too
	fmt.Fprintln(p.stderr, "synthos: "+report.Clean(strings.ReplaceAll(text, "\n", "; ")))
}

func findCommand(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}
