package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"synthos/cache"
	"synthos/report"
)

var cacheCommand = command{
	name:  "cache",
	about: "list or remove stored networks",
	help: func() string {
		return `Usage:
  synthos cache ls [--cache-dir DIR]       list what is stored, the last used first
  synthos cache clear [--cache-dir DIR]    remove it all

validate keeps the networks that it has trained, so that judging the same data again with
other thresholds trains nothing. The folder is $XDG_CACHE_HOME/synthos or ~/.cache/synthos on
Linux, ~/Library/Caches/synthos on macOS and %LocalAppData%\synthos on Windows, unless
--cache-dir names another; what was not used for the longest time is removed above 1 GiB.
Entries hold networks and rows drawn from them, no rows of the data.
`
	},
	run: runCache,
}

func runCache(p *program, args []string) (int, error) {
	fs := newFlags("cache")
	path := fs.String("cache-dir", "", "")
	rest, err := parse(fs, args)
	if err != nil {
		return exitError, err
	}
	actions := map[string]func(*program, *cache.Dir) error{"ls": listCache, "clear": clearCache}
	if len(rest) != 1 || actions[rest[0]] == nil {
		text := "ls or clear?"
		if len(rest) > 0 {
			text = fmt.Sprintf("cache cannot %q%s: use ls or clear", strings.Join(rest, " "), didYouMean(rest[0], []string{"ls", "clear"}))
		}
		return exitError, &usageError{"cache", text}
	}
	dir, err := cache.Open(*path, 0)
	if err != nil {
		return exitError, errors.New("there is no cache directory for this user; name a folder with --cache-dir")
	}
	return exitApproved, actions[rest[0]](p, dir)
}

func listCache(p *program, dir *cache.Dir) error {
	entries, err := dir.List()
	if err != nil {
		return err
	}
	var total int64
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		total += e.Bytes
		label := report.Clean(e.Label)
		if label == "" {
			label = "damaged"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Key[:min(12, len(e.Key))], megabytes(e.Bytes), e.Used.Format(time.DateTime), label)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s of %s in %s\n", megabytes(total), megabytes(dir.Limit()), report.Clean(dir.Path()))
	return err
}

func clearCache(p *program, dir *cache.Dir) error {
	entries, bytes, err := dir.Clear()
	if err != nil {
		return err
	}
	things := "entries"
	if entries == 1 {
		things = "entry"
	}
	_, err = fmt.Fprintf(p.stdout, "removed %d %s, %s\n", entries, things, megabytes(bytes))
	return err
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
