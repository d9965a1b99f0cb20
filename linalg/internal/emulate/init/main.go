//go:build linux

// Command init is the first and only process of the machine that package
// emulate boots: it runs the test binary beside it and says how that ended.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

func main() {
	for _, m := range [][2]string{{"devtmpfs", "/dev"}, {"proc", "/proc"}, {"tmpfs", "/tmp"}} {
		if err := syscall.Mount(m[0], m[1], m[0], 0, ""); err != nil {
			fmt.Println("init: mount", m[1], err)
		}
	}
	fmt.Printf("\nemulate: exit status %d\n", test())
	for { // the first process must not end; emulate ends the machine
		time.Sleep(time.Hour)
	}
}

// test runs the tests and returns their exit status, or 3 if Linux does not offer
// AVX-512 here: then they would pass without it.
func test() int {
	b, err := os.ReadFile("/proc/cpuinfo")
	for _, feature := range []string{"avx2", "fma", "avx512f", "avx512vl", "avx512bw", "avx512dq"} {
		if !strings.Contains(string(b), " "+feature+" ") {
			fmt.Println("init: the processor has no", feature, err)
			return 3
		}
	}
	args := os.Args[1:]
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		args = args[1:] // what Linux did not know of its own command line
	}
	fmt.Println("init: the processor has AVX-512: test", strings.Join(args, " "))
	c := exec.Command("/test", args...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stdout
	if err := c.Run(); err != nil {
		fmt.Println("init:", err)
	}
	return c.ProcessState.ExitCode()
}
