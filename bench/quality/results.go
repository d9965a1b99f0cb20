package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"synthos"
	"synthos/bench/quality/headline"
	"synthos/verdict"
)

// results are the files of a run, written case by case.
type results struct {
	file       *os.File
	w          *csv.Writer
	statistics *os.File        // nil if they were not asked for
	has        map[string]bool // ids that were there before
}

// openResults creates the files, or with --resume keeps what is in them.
func openResults(o options) (*results, error) {
	r := &results{has: map[string]bool{}}
	if err := os.MkdirAll(filepath.Dir(o.out), 0o755); err != nil {
		return nil, err
	}
	var before []headline.Outcome
	if o.resume {
		var err error
		if before, err = headline.ReadResults(o.out); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if len(before) > 0 {
		flags = os.O_WRONLY | os.O_APPEND
	}
	var err error
	if r.file, err = os.OpenFile(o.out, flags, 0o644); err != nil {
		return nil, err
	}
	r.w = csv.NewWriter(r.file)
	for _, b := range before {
		r.has[b.ID] = true
	}
	if len(before) == 0 {
		if err := r.write(headline.Header()); err != nil {
			return nil, errors.Join(err, r.close())
		}
	}
	if o.statistics != "" {
		flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
		if o.resume {
			flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
		}
		if r.statistics, err = os.OpenFile(o.statistics, flags, 0o644); err != nil {
			return nil, errors.Join(err, r.close())
		}
	}
	return r, nil
}

// write writes one line at once.
func (r *results) write(record []string) error {
	r.w.Write(record)
	r.w.Flush()
	return r.w.Error()
}

// add writes a case.
func (r *results) add(o *headline.Outcome, result *synthos.Result) error {
	if r.statistics != nil && result != nil {
		line, err := json.Marshal(statisticsOf(o.ID, &result.Result))
		if err != nil {
			return err
		}
		if _, err := r.statistics.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return r.write(o.Record())
}

func (r *results) close() error {
	err := r.file.Close()
	if r.statistics != nil {
		err = errors.Join(err, r.statistics.Close())
	}
	return err
}

// measured is one line of the statistics of a run.
type measured struct {
	ID         string      `json:"id"`
	Statistics []statistic `json:"statistics"`
}

type statistic struct {
	Of     string         `json:"of"` // a dimension, or a diversity
	Name   string         `json:"name"`
	Value  verdict.Number `json:"value"`
	Floor  verdict.Number `json:"floor"`
	Noise  verdict.Number `json:"noise"`
	Damage verdict.Number `json:"damage"`
}

// statisticsOf collects every statistic of a result.
func statisticsOf(id string, r *verdict.Result) measured {
	m := measured{ID: id, Statistics: []statistic{}}
	add := func(of string, list []verdict.Statistic) {
		for _, s := range list {
			m.Statistics = append(m.Statistics, statistic{of, s.Name, s.Value, s.Floor, s.Noise, s.Damage})
		}
	}
	if r.Collapse != nil {
		for _, d := range r.Collapse.Dimensions {
			add(d.Name, d.Statistics)
		}
	}
	if d := r.Diversity; d != nil {
		add("semantic_diversity", d.Semantic.Statistics)
		add("statistical_diversity", d.Statistical.Statistics)
		add("structural_diversity", d.Structural.Statistics)
	}
	return m
}
