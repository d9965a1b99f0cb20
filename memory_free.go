package synthos

import (
	"bytes"
	"os"
	"strconv"
)

// freeMemory returns how many bytes this process can still get: what the
// operating system has to give, or less in a container with a limit. 0 means
// that the system does not tell.
func freeMemory() int64 {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	free := int64(0)
	for line := range bytes.Lines(info) {
		if rest, ok := bytes.CutPrefix(line, []byte("MemAvailable:")); ok {
			kib, _ := bytes.CutSuffix(bytes.TrimSpace(rest), []byte(" kB"))
			if n, err := strconv.ParseInt(string(kib), 10, 64); err == nil {
				free = n << 10
			}
		}
	}
	const group = "/sys/fs/cgroup/memory." // version 2; in a container its own group
	limit, ok1 := number(group + "max")
	used, ok2 := number(group + "current")
	if left := limit - used; ok1 && ok2 && left > 0 && left < free {
		free = left
	}
	return free
}

// number reads a file that holds one number.
func number(path string) (int64, bool) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(string(bytes.TrimSpace(b)), 10, 64)
	return n, err == nil
}
