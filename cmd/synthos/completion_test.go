package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A real bash loads the script and completes with it.
func TestBashCompletion(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	complete := func(words ...string) []string {
		t.Helper()
		var quoted []string
		for _, w := range words {
			quoted = append(quoted, "'"+w+"'")
		}
		script := `set -u
source <(synthos completion bash)
complete -p synthos >/dev/null
COMP_WORDS=(` + strings.Join(quoted, " ") + `) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_synthos
printf '%s\n' "${COMPREPLY[@]-}"`
		c := exec.Command(bash, "--norc", "-c", script)
		c.Dir = "testdata"
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", words, err, out)
		}
		return strings.Fields(string(out))
	}
	for _, test := range []struct {
		words  []string
		want   []string
		reason string
	}{
		{[]string{"synthos", "va"}, []string{"validate"}, "a command"},
		{[]string{"synthos", "validate", "--baseline"}, []string{"--baseline", "--baseline-drop"}, "flags that begin so, rare ones too"},
		{[]string{"synthos", "validate", "data.csv", "--sens"}, []string{"--sensitive"}, "flags after an argument"},
		{[]string{"synthos", "help", "comp"}, []string{"compare", "completion"}, "commands to be helped with"},
		{[]string{"synthos", "validate", "scr"}, []string{"script"}, "files, where no flag begins"},
		{[]string{"synthos", "validate", "--nonsense"}, nil, "nothing begins so"},
	} {
		if got := complete(test.words...); !slices.Equal(got, test.want) {
			t.Errorf("%v: got %v, want %v: %s", test.words, got, test.want, test.reason)
		}
	}
	if got := complete("synthos", ""); len(got) != len(commands()) {
		t.Errorf("all commands: got %v", got)
	}
}

// Where the other shells are installed, they read their scripts.
func TestOtherCompletions(t *testing.T) {
	for shell, flag := range map[string]string{"zsh": "-n", "fish": "--no-execute"} {
		path, err := exec.LookPath(shell)
		if err != nil {
			t.Logf("no %s here", shell)
			continue
		}
		c := exec.Command(path, flag, "/dev/stdin")
		c.Stdin = strings.NewReader(map[string]func() string{"zsh": zshCompletion, "fish": fishCompletion}[shell]())
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", shell, err, out)
		}
	}
}
