package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// completionCommand is a function, since it lists the table that it is in.
func completionCommand() command {
	return command{name: "completion", about: "print a completion script for bash, zsh or fish", help: completionHelp, run: runCompletion}
}

func completionHelp() string {
	return `Usage:
  synthos completion bash|zsh|fish

Prints a script that completes commands and flags. Load it with

  bash:  source <(synthos completion bash)
  zsh:   source <(synthos completion zsh)
  fish:  synthos completion fish | source

Exit codes: 0 done, 2 error.
`
}

func runCompletion(p *program, args []string) (int, error) {
	rest, err := parse(newFlags("completion"), args)
	if err != nil {
		return exitError, err
	}
	shells := map[string]func() string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}
	if len(rest) != 1 || shells[rest[0]] == nil {
		return exitError, &usageError{"completion", "which shell? bash, zsh or fish"}
	}
	_, err = io.WriteString(p.stdout, shells[rest[0]]())
	return exitApproved, err
}

var helpFlag = regexp.MustCompile(`(?m)^  (--[a-z-]+)( [A-Z][A-Z,=]*)?`)

// flagsOf returns the flags that the help of a command describes, in order. What
// the help does not say cannot be completed, and the other way round.
func flagsOf(c command) []string {
	var out []string
	for _, m := range helpFlag.FindAllStringSubmatch(c.text(true), -1) {
		out = append(out, m[1])
	}
	return out
}

func bashCompletion() string {
	var cases strings.Builder
	for _, c := range commands() {
		if flags := flagsOf(c); len(flags) > 0 {
			fmt.Fprintf(&cases, "    %s) words=%q ;;\n", c.name, strings.Join(flags, " "))
		}
	}
	return fmt.Sprintf(`# bash completion of synthos
_synthos() {
  local cur=${COMP_WORDS[COMP_CWORD]} words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W %q -- "$cur"))
    return
  fi
  case ${COMP_WORDS[1]} in
    help) words=%q ;;
%s  esac
  if [[ $cur == -* || ${COMP_WORDS[1]} == help ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  else
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _synthos synthos
`, strings.Join(commandNames(), " "), strings.Join(commandNames(), " "), cases.String())
}

func zshCompletion() string {
	return "# zsh completion of synthos, by way of bash's\nautoload -U +X bashcompinit && bashcompinit\n" + bashCompletion()
}

func fishCompletion() string {
	var b strings.Builder
	b.WriteString("# fish completion of synthos\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "complete -c synthos -n __fish_use_subcommand -f -a %s -d %q\n", c.name, c.about)
		for _, f := range flagsOf(c) {
			fmt.Fprintf(&b, "complete -c synthos -n '__fish_seen_subcommand_from %s' -l %s\n", c.name, strings.TrimPrefix(f, "--"))
		}
	}
	return b.String()
}
