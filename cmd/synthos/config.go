package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
