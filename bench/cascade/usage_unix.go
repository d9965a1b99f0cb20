//go:build unix

package main

import (
	"runtime"
	"syscall"
)

func usageNow() (u syscall.Rusage) {
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u
}

// cpuSeconds returns how long all threads of this process have computed.
func cpuSeconds() float64 {
	u := usageNow()
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// peakBytes returns the most memory that the process has held.
func peakBytes() int64 {
	peak := int64(usageNow().Maxrss)
	if runtime.GOOS != "darwin" { // there bytes, elsewhere KiB
		peak <<= 10
	}
	return peak
}
