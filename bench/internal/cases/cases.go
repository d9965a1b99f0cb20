// Package cases is what the programs that measure cases of a benchmark have in
// common: their flags, and which cases they choose.
package cases

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"syscall"

	"synthos/bench/quality/headline"
)

// Flags are those that all have.
type Flags struct {
	Data   string // folder with a manifest.csv
	Preset string
	Jobs   int // goroutines; 0 = all cores
	Seed   uint64

	chosen *regexp.Regexp // ids of the cases to measure
}

// Main runs a program, whose exit code run returns, until it ends or is stopped.
func Main(run func(ctx context.Context, args []string, stdout, stderr io.Writer) int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Read sets f from args and returns all cases of the benchmark; Chosen says which of
// them to measure. f holds the defaults; more, if not nil, adds flags of the program's
// own. Where there is nothing to do, because help was asked for or args are wrong, it
// says so, and ok is false: code is then the exit code.
func (f *Flags) Read(name, usage string, args []string, more func(*flag.FlagSet), stdout, stderr io.Writer) (items []headline.Item, code int, ok bool) {
	pattern := "."
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&f.Data, "data", f.Data, "")
	fs.StringVar(&pattern, "cases", pattern, "")
	fs.StringVar(&f.Preset, "preset", f.Preset, "")
	fs.IntVar(&f.Jobs, "jobs", f.Jobs, "")
	fs.Uint64Var(&f.Seed, "seed", f.Seed, "")
	if more != nil {
		more(fs)
	}
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return nil, 0, false
	}
	if err == nil && fs.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	if err == nil {
		items, err = f.manifest(pattern)
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v; see --help\n", name, err)
		return nil, 2, false
	}
	return items, 0, true
}

// Chosen reports whether the case of this id is to be measured.
func (f *Flags) Chosen(id string) bool { return f.chosen.MatchString(id) }

func (f *Flags) manifest(pattern string) (items []headline.Item, err error) {
	if f.Data == "" {
		return nil, errors.New("--data is required: a folder with a manifest.csv")
	}
	if f.chosen, err = regexp.Compile(pattern); err != nil {
		return nil, err
	}
	if items, err = headline.ReadManifest(f.Data); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(items, func(it headline.Item) bool { return f.Chosen(it.ID) }) {
		return nil, fmt.Errorf("no case's id matches %q", pattern)
	}
	return items, nil
}
