package peak

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"testing"
)

// highWater returns VmHWM of this process in bytes, from /proc/self/status.
func highWater(t *testing.T) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc/self/status on this system")
	}
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			kib, err := strconv.Atoi(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(rest), []byte("kB")))))
			if err != nil {
				t.Fatal(err)
			}
			return kib << 10
		}
	}
	t.Skip("the system does not tell the peak")
	return 0
}

func TestReset(t *testing.T) {
	const size = 64 << 20
	before := highWater(t)
	block := make([]byte, size)
	for i := 0; i < size; i += 4096 {
		block[i] = 1
	}
	high := highWater(t)
	if high < before+size/2 {
		t.Fatalf("the peak rose from %d to %d bytes by touching %d: the test measures nothing", before, high, size)
	}
	runtime.KeepAlive(block)
	block = nil
	if !Reset() {
		t.Skip("this system cannot reset the peak")
	}
	if after := highWater(t); after > high-size/2 {
		t.Errorf("the peak is %d bytes after Reset and was %d before, though %d were given back", after, high, size)
	}
}
