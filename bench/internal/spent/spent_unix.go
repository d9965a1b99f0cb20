//go:build unix

// Package spent says what this process has taken of the machine so far.
package spent

import (
	"runtime"
	"syscall"
)

func usageNow() (u syscall.Rusage) {
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u
}

// CPUSeconds returns how long all threads of this process have computed.
func CPUSeconds() float64 {
	u := usageNow()
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// PeakBytes returns the most memory that the process has held.
func PeakBytes() int64 {
	peak := int64(usageNow().Maxrss)
	if runtime.GOOS != "darwin" { // there bytes, elsewhere KiB
		peak <<= 10
	}
	return peak
}
