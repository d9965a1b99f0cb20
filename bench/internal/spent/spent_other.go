//go:build !unix

package spent

import "math"

// CPUSeconds is not known on this system.
func CPUSeconds() float64 { return math.NaN() }

// PeakBytes is not known on this system.
func PeakBytes() int64 { return 0 }
