package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// errHelp says that help was asked for instead of a run.
var errHelp = errors.New("help")

// newFlags returns an empty set of flags for a command.
func newFlags(command string) *flag.FlagSet {
	fs := flag.NewFlagSet(command, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // parse makes its own messages
	return fs
}

// parse sets the flags of fs from args and returns the other arguments. Unlike
// fs.Parse it takes flags after arguments too; what follows "--" is no flag.
func parse(fs *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, flagError(fs, err)
		}
		consumed := len(args) - fs.NArg()
		if consumed > 0 && args[consumed-1] == "--" {
			return append(rest, fs.Args()...), nil
		}
		if fs.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// flagError says what is wrong in our words, with a suggestion for a flag that
// does not exist.
func flagError(fs *flag.FlagSet, err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return errHelp
	}
	text := err.Error()
	if name, unknown := strings.CutPrefix(text, "flag provided but not defined: -"); unknown {
		var names []string
		fs.VisitAll(func(f *flag.Flag) { names = append(names, "--"+f.Name) })
		name = "--" + strings.TrimPrefix(name, "-")
		text = fmt.Sprintf("there is no flag %s%s", name, didYouMean(name, names))
	}
	for _, before := range []string{"for flag -", "flag needs an argument: -", "for -"} {
		text = strings.Replace(text, before, before+"-", 1)
	}
	text = strings.Replace(text, "for flag --timeout: parse error", "for flag --timeout: write 90s or 10m", 1)
	return &usageError{fs.Name(), text}
}

// listFlag collects the values of a flag that may be given several times.
type listFlag []string

// String and Set implement flag.Value.
func (l *listFlag) String() string { return strings.Join(*l, ",") }

func (l *listFlag) Set(value string) error {
	*l = append(*l, value)
	return nil
}

// namesFlag is a comma-separated list that replaces its default; "none" is the
// empty list.
type namesFlag struct{ names *[]string }

// String and Set implement flag.Value.
func (n namesFlag) String() string {
	if n.names == nil {
		return ""
	}
	return strings.Join(*n.names, ",")
}

func (n namesFlag) Set(value string) error {
	*n.names = []string{}
	if value == "none" {
		return nil
	}
	for name := range strings.SplitSeq(value, ",") {
		*n.names = append(*n.names, strings.TrimSpace(name))
	}
	return nil
}
