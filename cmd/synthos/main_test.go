package main

import (
	"flag"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the scripts expect instead of comparing with it")

// The scripts run two programs: synthos itself, and judged, which is synthos
// with a validation that only reads its verdict from the name of the file.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"synthos": main,
		"judged":  func() { os.Exit(newJudged(os.Stdin, os.Stdout, os.Stderr).run(os.Args[1:])) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_CACHE_HOME", e.WorkDir+"/cache")
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
	})
}
