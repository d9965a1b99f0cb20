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
