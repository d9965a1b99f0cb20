package main

import (
	"fmt"
	"runtime"

	"synthos"
)

var versionCommand = command{
	name:  "version",
	about: "print the version",
	help: func() string {
		return "Usage:\n  synthos version\n\nPrints the versions of synthos and Go, and the platform.\n"
	},
	run: runVersion,
}

func runVersion(p *program, args []string) (int, error) {
	if err := noArguments("version", args); err != nil {
		return exitError, err
	}
	_, err := fmt.Fprintf(p.stdout, "synthos %s (%s, %s/%s)\n", synthos.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitApproved, err
}

// noArguments parses the arguments of a command that takes none.
func noArguments(command string, args []string) error {
	rest, err := parse(newFlags(command), args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return &usageError{command, fmt.Sprintf("%s takes no argument, but got %q", command, rest[0])}
	}
	return nil
}
