package main

import (
	"fmt"

	"synthos/load"
	"synthos/report"
)

// place is a file that a flag names, or an argument.
type place struct{ flag, path string }

// checkPlaces returns an error if a file that is to be written is one that is read, or
// two of them are one. data are the datasets, format is theirs; read are other files.
func checkPlaces(command string, data []string, format string, read, written []place) error {
	wrong := func(p place, what string) error {
		return &usageError{command, fmt.Sprintf("--%s %s %s; name another file", p.flag, report.Clean(p.path), what)}
	}
	for i, w := range written {
		if w.path == "" {
			continue
		}
		if w.path == "-" {
			return wrong(w, "is not standard output, but a file of that name")
		}
		for _, path := range data {
			switch {
			case load.SamePath(path, w.path):
				return wrong(w, "would replace the data")
			case load.Holds(path, w.path, format):
				return wrong(w, "would be one of the files of "+report.Clean(path))
			}
		}
		for _, r := range read {
			switch {
			case r.path == "":
			case load.SamePath(r.path, w.path):
				return wrong(w, "would replace what --"+r.flag+" names")
			case r.flag == "reference" || r.flag == "holdout" || r.flag == "add-from":
				if load.Holds(r.path, w.path, "") {
					return wrong(w, "would be one of the files of "+report.Clean(r.path))
				}
			}
		}
		for _, other := range written[:i] {
			if other.path != "" && load.SamePath(other.path, w.path) {
				return wrong(w, "is where --"+other.flag+" goes already")
			}
		}
	}
	return nil
}
