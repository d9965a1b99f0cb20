package synthos

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
)

// peakMemory returns the most memory that this process has held so far, in
// bytes: the operating system's figure where it tells, else what the Go runtime
// has obtained.
func peakMemory() int64 {
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		for line := range bytes.Lines(status) {
			if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
				kib, _ := bytes.CutSuffix(bytes.TrimSpace(rest), []byte(" kB"))
				if n, err := strconv.ParseInt(string(kib), 10, 64); err == nil {
					return n << 10
				}
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
