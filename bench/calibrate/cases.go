package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"synthos/bench/quality/headline"
	"synthos/collapse"
)

// cases are the judged datasets with what every statistic showed on them.
type cases struct {
	mode      string
	names     []string // of the statistics, sorted
	dimension []int    // of each statistic, an index into headline.Dimensions
	start     []collapse.Scale
	list      []*oneCase
}

// oneCase is a dataset. excess[s] is what statistic s showed beyond its floor and
// its noise, NaN if it was not measured.
type oneCase struct {
	item   *headline.Item
	source string // cases of one source are left out together
	excess []float64
}

// readCases joins the manifest with the statistics, one JSON line a case.
func readCases(items []headline.Item, path, mode string) (*cases, error) {
	type line struct {
		ID         string
		Statistics []struct {
			Of, Name            string
			Value, Floor, Noise *float64
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var lines []line
	of := map[string]string{}
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var l line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", path, len(lines)+1, err)
		}
		for _, s := range l.Statistics {
			if slices.Contains(headline.Dimensions[:], s.Of) {
				of[s.Name] = s.Of
			}
		}
		lines = append(lines, l)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	c := &cases{mode: mode}
	table := collapse.Calibration(mode)
	for name := range table {
		if of[name] != "" { // others were never measured here: they stay as they are
			c.names = append(c.names, name)
		}
	}
	slices.Sort(c.names)
	for _, name := range c.names {
		c.dimension = append(c.dimension, slices.Index(headline.Dimensions[:], of[name]))
		c.start = append(c.start, table[name])
	}
	byID := map[string]*headline.Item{}
	for i := range items {
		byID[items[i].ID] = &items[i]
	}
	for _, l := range lines {
		item := byID[l.ID]
		if item == nil {
			continue
		}
		k := &oneCase{item: item, source: sourceOf(item), excess: make([]float64, len(c.names))}
		for i := range k.excess {
			k.excess[i] = math.NaN()
		}
		for _, s := range l.Statistics {
			if i, ok := slices.BinarySearch(c.names, s.Name); ok && s.Value != nil {
				k.excess[i] = *s.Value - or0(s.Floor) - or0(s.Noise)
			}
		}
		c.list = append(c.list, k)
	}
	if len(c.list) == 0 {
		return nil, fmt.Errorf("%s: holds no case of the manifest", path)
	}
	return c, nil
}

// ofNetworks are the statistics that stage 3 feeds, by mode.
var ofNetworks = map[string][]string{
	collapse.ReferenceMode: {"transfer_lost", "one_column_surprises", "opposed_rows", "training_gap", "gradient_noise", "diverged_networks"},
	collapse.SelfMode:      {"gradient_noise", "diverged_networks"},
}

// leaveOut takes statistics for not measured: a list of names, separated by
// commas, "*" for all that networks feed.
func (c *cases) leaveOut(names, mode string) error {
	if names == "" {
		return nil
	}
	list := strings.Split(names, ",")
	if names == "*" {
		list = ofNetworks[mode]
	}
	for _, name := range list {
		i, ok := slices.BinarySearch(c.names, name)
		if !ok && names != "*" {
			return fmt.Errorf("--without %s: there is no such statistic here", name)
		}
		for _, k := range c.list {
			if ok {
				k.excess[i] = math.NaN()
			}
		}
	}
	return nil
}

func or0(x *float64) float64 {
	if x == nil {
		return 0
	}
	return *x
}

// sourceOf returns the real dataset behind an item; adult of two collections is one.
func sourceOf(it *headline.Item) string { return strings.TrimPrefix(it.Source, "paper-") }

func (c *cases) everything() []*oneCase { return c.list }

func (c *cases) without(source string) []*oneCase {
	var out []*oneCase
	for _, k := range c.list {
		if k.source != source {
			out = append(out, k)
		}
	}
	return out
}

func (c *cases) sources() []string {
	var out []string
	for _, k := range c.list {
		if !slices.Contains(out, k.source) {
			out = append(out, k.source)
		}
	}
	return out
}

// damage returns the overall damage of a case and that of each dimension, NaN
// where none of its statistics was measured.
func (c *cases) damage(k *oneCase, scales []collapse.Scale) (overall float64, dims [8]float64) {
	var seen [8]bool
	for s, x := range k.excess {
		if math.IsNaN(x) {
			continue
		}
		d := scales[s].Damage(x)
		cube := d * d * d
		overall += cube
		dims[c.dimension[s]] += cube
		seen[c.dimension[s]] = true
	}
	for i := range dims {
		dims[i] = math.Cbrt(dims[i])
		if !seen[i] {
			dims[i] = math.NaN()
		}
	}
	return math.Cbrt(overall), dims
}
