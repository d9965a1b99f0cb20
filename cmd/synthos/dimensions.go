package main

import (
	"fmt"
	"text/tabwriter"

	"synthos/collapse"
)

var dimensionsCommand = command{
	name:  "dimensions",
	about: "list the eight ways in which a dataset can be collapsed",
	help: func() string {
		return "Usage:\n  synthos dimensions\n\nLists the dimensions that --critical takes, and what a low score means.\n"
	},
	run: runDimensions,
}

func runDimensions(p *program, args []string) (int, error) {
	if err := noArguments("dimensions", args); err != nil {
		return exitError, err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, d := range collapse.Dimensions() {
		fmt.Fprintf(w, "%s\t%s\n", d.Name, d.About)
	}
	return exitApproved, w.Flush()
}
