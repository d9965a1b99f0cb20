package headline

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
)

// RowSearch is the mean over a group of items of how well bad rows are found.
type RowSearch struct {
	Group string
	Localization
	N int
}

func (f *Figures) rows(all []judged, data, results string) error {
	found := map[string][]Localization{}
	for _, j := range all {
		if j.BadRowsFile == "" || j.RowsFile == "" {
			continue
		}
		path := j.RowsFile
		if !filepath.IsAbs(path) {
			path = filepath.Join(results, path)
		}
		suspicion, err := ReadRowScores(path, j.Rows)
		if err != nil {
			return fmt.Errorf("row scores of %s: %w", j.Item.ID, err)
		}
		bad, err := readRowSet(filepath.Join(data, j.BadRowsFile))
		if err != nil {
			return fmt.Errorf("bad rows of %s: %w", j.Item.ID, err)
		}
		var ignore map[int]bool
		if j.IgnoreFile != "" {
			if ignore, err = readRowSet(filepath.Join(data, j.IgnoreFile)); err != nil {
				return fmt.Errorf("rows to ignore of %s: %w", j.Item.ID, err)
			}
		}
		if l, ok := Localize(suspicion, bad, ignore); ok {
			found[j.Defect] = append(found[j.Defect], l)
		}
	}
	add := func(group string, list []Localization) {
		of := func(get func(Localization) float64) float64 {
			sum := 0.0
			for _, l := range list {
				sum += get(l)
			}
			return sum / float64(len(list))
		}
		f.Rows = append(f.Rows, RowSearch{group, Localization{
			of(func(l Localization) float64 { return l.AveragePrecision }),
			of(func(l Localization) float64 { return l.PrecisionAtBad }),
			of(func(l Localization) float64 { return l.AUC }),
			of(func(l Localization) float64 { return l.BaseRate }),
		}, len(list)})
	}
	var every []Localization
	names := slices.Sorted(maps.Keys(found))
	for _, name := range names {
		every = append(every, found[name]...)
	}
	if len(every) == 0 {
		return nil
	}
	add("all", every)
	for _, name := range names {
		add(name, found[name])
	}
	return nil
}
