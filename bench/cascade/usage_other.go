//go:build !unix

package main

import "math"

// cpuSeconds is not known on this system.
func cpuSeconds() float64 { return math.NaN() }

// peakBytes is not known on this system.
func peakBytes() int64 { return 0 }
