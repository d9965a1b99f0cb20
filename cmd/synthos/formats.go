package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"synthos/load"
)

var formatsCommand = command{
	name:  "formats",
	about: "list the file formats that can be read",
	help: func() string {
		return "Usage:\n  synthos formats\n\nLists the formats that --format takes, and the extensions that it is guessed from.\n"
	},
	run: runFormats,
}

func runFormats(p *program, args []string) (int, error) {
	if err := noArguments("formats", args); err != nil {
		return exitError, err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, f := range load.Formats() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Name, strings.Join(f.Extensions, " "), f.About)
	}
	return exitApproved, w.Flush()
}
