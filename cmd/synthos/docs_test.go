package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"synthos"
)

// Every command in the documentation is understood: its name, its flags and their
// values. (Its files need not be there.)
func TestDocumentedCommands(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal("no documentation found: ", err)
	}
	checked := 0
	for _, page := range append(pages, "../../README.md") {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			line = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(line), "- "), "run: ")
			words := strings.Fields(strings.TrimPrefix(strings.TrimPrefix(line, "$ "), "./"))
			if len(words) < 2 || words[0] != "synthos" || words[1] == "COMMAND" {
				continue
			}
			c, ok := findCommand(words[1])
			if !ok {
				if strings.HasPrefix(line, "$") || !strings.ContainsAny(line, ".") {
					t.Errorf("%s: there is no command %q: %s", page, words[1], line)
				}
				continue
			}
			checked++
			if c.name != "validate" && c.name != "rank" {
				continue
			}
			r := &request{Orchestrator: synthos.New()}
			fs := r.flags()
			if _, err := parse(fs, words[2:]); err != nil {
				t.Errorf("%s: %s: %v", page, line, err)
			}
		}
	}
	if checked < 5 {
		t.Errorf("only %d commands were found in the documentation", checked)
	}
}
