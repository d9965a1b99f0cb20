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
	others    []*oneCase // harmless tables beside the benchmark
}

// oneCase is a dataset. excess[s] is what statistic s showed beyond its floor and
// its noise, NaN if it was not measured.
type oneCase struct {
	item   *headline.Item
	source string // cases of one source are left out together
	other  bool   // not of the benchmark
	excess []float64
}

// readCases joins the manifest with the statistics, one JSON line a case.
func readCases(items []headline.Item, path, mode string) (*cases, error) {
	lines, err := readLines(path)
	if err != nil {
		return nil, err
	}
	of := map[string]string{}
	for _, l := range lines {
		for _, s := range l.Statistics {
			if slices.Contains(headline.Dimensions[:], s.Of) {
				of[s.Name] = s.Of
			}
		}
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
	if c.list = c.join(items, lines); len(c.list) == 0 {
		return nil, fmt.Errorf("%s: holds no case of the manifest", path)
	}
	return c, nil
}

// readOthers reads the harmless tables of another folder.
func (c *cases) readOthers(dir, path string) error {
	items, err := headline.ReadManifest(dir)
	if err != nil {
		return err
	}
	lines, err := readLines(path)
	if err != nil {
		return err
	}
	c.others = c.join(items, lines)
	for _, k := range c.others {
		if k.item.Harmful() {
			return fmt.Errorf("%s: %s is not harmless", dir, k.item.ID)
		}
		k.other = true
	}
	return nil
}

// line is what one dataset showed.
type line struct {
	ID         string
	Statistics []struct {
		Of, Name            string
		Value, Floor, Noise *float64
	}
}

func readLines(path string) ([]line, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var lines []line
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var l line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", path, len(lines)+1, err)
		}
		lines = append(lines, l)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return lines, nil
}

// join returns the cases of the lines that are in the manifest.
func (c *cases) join(items []headline.Item, lines []line) []*oneCase {
	byID := map[string]*headline.Item{}
	for i := range items {
		byID[items[i].ID] = &items[i]
	}
	var out []*oneCase
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
		out = append(out, k)
	}
	return out
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
		for _, k := range c.everything() {
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

func (c *cases) everything() []*oneCase { return slices.Concat(c.list, c.others) }

func (c *cases) without(source string) []*oneCase {
	var out []*oneCase
	for _, k := range c.everything() {
		if k.source != source {
			out = append(out, k)
		}
	}
	return out
}

func (c *cases) sources() []string {
	var out []string
	for _, k := range c.everything() {
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
