package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"synthos/report"
)

const (
	configName    = "synthos.yaml"
	maxConfig     = 1 << 20 // bytes
	environment   = "SYNTHOS_"
	kernelName    = "SYNTHOS_KERNEL" // no setting: linalg reads it, and the library checks it
	thresholdsKey = "thresholds"
	pricesKey     = "prices"
)

// sendingFlag names where texts are sent. A file that comes with a dataset must
// not be able to send it anywhere.
const sendingFlag = "embeddings-url"

// pathKeys are the settings that name files. In a config file they are relative
// to its folder.
var pathKeys = []string{"reference", "holdout", "schema", "baseline", "output", "cache_dir", "save_predictions", "embeddings", "reference_embeddings"}

// setting is one value from a config file or the environment.
type setting struct {
	flag  string
	value string
	where string // for errors: "synthos.yaml line 3", "environment variable SYNTHOS_SEED"
}

// configure sets flags of fs from the config file and the environment. What
// args set themselves is left to them: lists are replaced, not extended. data is
// the path of the dataset, config the value of --config.
func configure(fs *flag.FlagSet, given map[string]bool, data, config string) error {
	var settings []setting
	path, err := findConfig(data, config)
	if err != nil {
		return err
	}
	if path != "" {
		if settings, err = readConfig(path, fs); err != nil {
			return err
		}
	}
	fromEnvironment, err := readEnvironment(fs, os.Environ())
	if err != nil {
		return err
	}
	overridden := map[string]bool{}
	for _, s := range fromEnvironment {
		overridden[s.flag] = true
	}
	for _, s := range settings {
		if given[s.flag] || overridden[s.flag] {
			continue
		}
		if s.flag == sendingFlag && s.value != "" && config == "" {
			return fmt.Errorf("%s: %s would send texts of the data to %q, and a config file that was found beside the data cannot ask for that; if you want it, give --%s, or name the file by --config",
				s.where, keyOf(s.flag), report.Clean(s.value), sendingFlag)
		}
		fromEnvironment = append(fromEnvironment, s)
	}
	for _, s := range fromEnvironment {
		if given[s.flag] {
			continue
		}
		if err := fs.Set(s.flag, s.value); err != nil {
			return fmt.Errorf("%s: %s cannot be %q: %w", s.where, keyOf(s.flag), s.value, err)
		}
	}
	return nil
}

// findConfig returns the path of the config file, "" if there is none: the named
// one, or the first synthos.yaml from the folder of the data upwards.
func findConfig(data, config string) (string, error) {
	switch config {
	case "none":
		return "", nil
	case "":
	default:
		return config, nil
	}
	folder := "."
	if data != "-" && data != "" && !strings.ContainsAny(data, ",*?[") && !strings.Contains(data, "://") {
		folder = filepath.Dir(data)
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(folder, configName)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil
		}
		up := filepath.Dir(folder)
		if up == folder {
			return "", nil
		}
		folder = up
	}
}

// readConfig reads a config file: a mapping of settings, named like the flags
// with _ for -.
func readConfig(path string, fs *flag.FlagSet) ([]setting, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the config file: %w; make one with synthos init", err)
	}
	if info.Size() > maxConfig {
		return nil, fmt.Errorf("%s has %d bytes; that is no config file", path, info.Size())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the config file: %w", err)
	}
	settings, err := parseConfig(b, fs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	folder := filepath.Dir(path)
	for i := range settings {
		s := &settings[i]
		s.where = path + " " + s.where
		if slices.Contains(pathKeys, keyOf(s.flag)) && s.value != "" && !filepath.IsAbs(s.value) && !strings.Contains(s.value, "://") {
			s.value = filepath.Join(folder, s.value)
		}
	}
	return settings, nil
}

// parseConfig reads the text of a config file. Errors name the line.
func parseConfig(b []byte, fs *flag.FlagSet) (settings []setting, err error) {
	defer func() { // a broken file must not end the program
		if p := recover(); p != nil {
			settings, err = nil, errors.New("this is not YAML that can be read")
		}
	}()
	file, err := parser.ParseBytes(b, 0)
	if err != nil {
		return nil, fmt.Errorf("not YAML: %s", report.Clean(firstLine(err.Error())))
	}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		pairs, ok := pairsOf(doc.Body)
		if !ok {
			if _, comment := doc.Body.(*ast.CommentGroupNode); comment {
				continue
			}
			return nil, fmt.Errorf("line %d: settings are written as KEY: VALUE", lineOf(doc.Body))
		}
		for _, pair := range pairs {
			more, err := settingsOf(pair, fs)
			if err != nil {
				return nil, err
			}
			settings = append(settings, more...)
		}
	}
	return settings, nil
}

// settingsOf reads one entry of the file.
func settingsOf(pair *ast.MappingValueNode, fs *flag.FlagSet) ([]setting, error) {
	key, line := pair.Key.String(), lineOf(pair.Key)
	where := fmt.Sprintf("line %d", line)
	switch key {
	case thresholdsKey:
		return entriesOf(pair.Value, where, "threshold", "thresholds are written as DIMENSION: SCORE, one a line below it")
	case pricesKey:
		return entriesOf(pair.Value, where, "price", "prices are written as NAME: DOLLARS, one a line below it")
	}
	name := strings.ReplaceAll(key, "_", "-")
	if fs.Lookup(name) == nil || !configurable(name) {
		return nil, fmt.Errorf("line %d: there is no setting %q%s", line, report.Clean(key), didYouMean(key, settingNames(fs)))
	}
	values, err := valuesOf(pair.Value, where, key)
	if err != nil {
		return nil, err
	}
	if name != "output" {
		return []setting{{name, strings.Join(values, ","), where}}, nil
	}
	var out []setting
	for _, v := range values {
		out = append(out, setting{name, v, where})
	}
	return out, nil
}

// entriesOf reads a mapping as values NAME=VALUE of a flag; shape says how it is
// written.
func entriesOf(node ast.Node, where, flag, shape string) ([]setting, error) {
	pairs, ok := pairsOf(node)
	if !ok {
		return nil, fmt.Errorf("%s: %s", where, shape)
	}
	var out []setting
	for _, p := range pairs {
		where := fmt.Sprintf("line %d", lineOf(p.Key))
		values, err := valuesOf(p.Value, where, p.Key.String())
		if err != nil {
			return nil, err
		}
		out = append(out, setting{flag, p.Key.String() + "=" + strings.Join(values, ","), where})
	}
	return out, nil
}

func pairsOf(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// valuesOf returns a scalar, or the scalars of a list.
func valuesOf(node ast.Node, where, key string) ([]string, error) {
	switch n := node.(type) {
	case *ast.SequenceNode:
		var out []string
		for _, v := range n.Values {
			more, err := valuesOf(v, where, key)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		if out == nil {
			out = []string{"none"}
		}
		return out, nil
	case *ast.StringNode:
		return []string{n.Value}, nil
	case *ast.NullNode:
		return []string{""}, nil
	case ast.ScalarNode:
		return []string{n.GetToken().Value}, nil
	}
	return nil, fmt.Errorf("%s: %s must be a value or a list of values", where, key)
}

func lineOf(node ast.Node) int {
	if t := node.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// readEnvironment returns the settings in environment variables: SYNTHOS_SEED for
// seed. Lists are separated by commas. Unknown ones are errors, so that a typing
// error does not pass for an approval.
func readEnvironment(fs *flag.FlagSet, variables []string) ([]setting, error) {
	var out []setting
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		rest, ours := strings.CutPrefix(name, environment)
		if !ours || name == kernelName {
			continue
		}
		where := "environment variable " + name
		key := strings.ToLower(rest)
		if key == thresholdsKey {
			for t := range strings.SplitSeq(value, ",") {
				out = append(out, setting{"threshold", strings.TrimSpace(t), where})
			}
			continue
		}
		flagName := strings.ReplaceAll(key, "_", "-")
		if fs.Lookup(flagName) == nil || !configurable(flagName) {
			return nil, fmt.Errorf("%s: there is no setting %q%s", where, key, didYouMean(key, settingNames(fs)))
		}
		if flagName == "output" {
			for f := range strings.SplitSeq(value, ",") {
				out = append(out, setting{flagName, f, where})
			}
			continue
		}
		out = append(out, setting{flagName, value, where})
	}
	slices.SortStableFunc(out, func(a, b setting) int { return strings.Compare(a.flag, b.flag) })
	return out, nil
}

// configurable says whether a flag may stand in a config file.
func configurable(name string) bool {
	return name != "config" && name != "threshold" && name != "price"
}

func keyOf(flag string) string {
	switch flag {
	case "threshold":
		return thresholdsKey
	case "price":
		return pricesKey
	}
	return strings.ReplaceAll(flag, "-", "_")
}

// settingNames lists what may stand in a config file.
func settingNames(fs *flag.FlagSet) []string {
	names := []string{thresholdsKey, pricesKey}
	fs.VisitAll(func(f *flag.Flag) {
		if configurable(f.Name) {
			names = append(names, keyOf(f.Name))
		}
	})
	return names
}
