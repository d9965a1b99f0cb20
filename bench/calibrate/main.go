// Calibrate finds the numbers of collapse's calibration table on a benchmark
// whose damage is known, and says how well they do on sources they were not
// found on.
//
//	go run ./bench/quality --data DIR --omit localize,recommend --statistics statistics.jsonl
//	go run ./bench/calibrate --data DIR --statistics statistics.jsonl --write collapse/calibration.go
//
// Every statistic has a tolerance and a scale. They are found from nothing but
// the cases they are fitted on (fit.go says how), so the second table printed, in which
// each source was judged by numbers found on all the others, is what to expect of
// other data.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"synthos/bench/quality/headline"
	"synthos/collapse"
)

const usage = `Usage:
  go run ./bench/calibrate --data DIR --statistics FILE [FLAGS]

Fits the scales of collapse's statistics to a benchmark, prints how well they judge it, and how well
scales do that were fitted without the source they judge.

Flags:
  --data DIR          folder with manifest.csv (required; bench/quality --help lists its columns)
  --statistics FILE   what bench/quality --statistics wrote (required)
  --others DIR,FILE   further datasets, all of them harmless, in the same form: real tables of many
                      kinds, which show what is usual beyond the benchmark
  --mode MODE         reference (default) or self: which half of the table
  --without A,B       judge without these statistics, to see what they add; * = all that networks feed
  --write FILE        write the table, with the other mode's half as it is, as Go source
`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	var data, statistics, others, mode, without, write string
	fs := flag.NewFlagSet("calibrate", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&data, "data", "", "")
	fs.StringVar(&statistics, "statistics", "", "")
	fs.StringVar(&others, "others", "", "")
	fs.StringVar(&mode, "mode", collapse.ReferenceMode, "")
	fs.StringVar(&without, "without", "", "")
	fs.StringVar(&write, "write", "", "")
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err == nil && (data == "" || statistics == "" || collapse.Calibration(mode) == nil) {
		err = errors.New("--data, --statistics and a --mode of reference or self are needed; see --help")
	}
	if err == nil && without != "" && write != "" {
		err = errors.New("a table without some of its statistics is not for --write")
	}
	if err == nil {
		err = calibrate(data, statistics, others, mode, without, write, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "calibrate:", err)
		return 2
	}
	return 0
}

func calibrate(data, statistics, others, mode, without, write string, out io.Writer) error {
	items, err := headline.ReadManifest(data)
	if err != nil {
		return err
	}
	c, err := readCases(items, statistics, mode)
	if err != nil {
		return err
	}
	if others != "" {
		dir, file, ok := strings.Cut(others, ",")
		if !ok {
			return errors.New("--others needs a folder and a file of statistics, with a comma between them")
		}
		if err := c.readOthers(dir, file); err != nil {
			return err
		}
	}
	if err := c.leaveOut(without, mode); err != nil {
		return err
	}
	all := c.everything()
	fitted := c.fit(all)
	fmt.Fprintf(out, "== fitted on all %d cases, judged on the same\n", len(all))
	c.rejectedOthers(func(*oneCase) []collapse.Scale { return fitted }, out)
	if err := c.judge(items, func(*oneCase) []collapse.Scale { return fitted }, out); err != nil {
		return err
	}
	bySource := map[string][]collapse.Scale{}
	for _, source := range c.sources() {
		bySource[source] = c.fit(c.without(source))
	}
	fmt.Fprintf(out, "\n== each source judged by scales fitted on the others\n")
	c.rejectedOthers(func(k *oneCase) []collapse.Scale { return bySource[k.source] }, out)
	if err := c.judge(items, func(k *oneCase) []collapse.Scale { return bySource[k.source] }, out); err != nil {
		return err
	}
	c.misjudged(func(k *oneCase) []collapse.Scale { return bySource[k.source] }, out)
	c.reliability(func(k *oneCase) []collapse.Scale { return bySource[k.source] }, out)
	if write == "" {
		return nil
	}
	return c.write(write, mode, fitted)
}
