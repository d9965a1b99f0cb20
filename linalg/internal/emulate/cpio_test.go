package main

import (
	"bytes"
	"os/exec"
	"testing"
)

// TestArchive holds the bytes of an archive to the layout of Linux's
// buffer-format.rst: a header of 110 characters, name and content each padded to
// a multiple of 4, and a trailer.
func TestArchive(t *testing.T) {
	var a archive
	a.add("tmp", 0o040755, nil)
	a.add("init", 0o100755, []byte("hello"))
	got := a.bytes()
	zero := "00000000"
	want := "070701" + "00000001" + "000041ED" + zero + zero + "00000001" + zero + zero + zero + zero + zero + zero + "00000004" + zero + "tmp\x00" + "\x00\x00" +
		"070701" + "00000002" + "000081ED" + zero + zero + "00000001" + zero + "00000005" + zero + zero + zero + zero + "00000005" + zero + "init\x00" + "\x00" + "hello" + "\x00\x00\x00" +
		"070701" + "00000003" + zero + zero + zero + "00000001" + zero + zero + zero + zero + zero + zero + "0000000B" + zero + "TRAILER!!!\x00" + "\x00\x00\x00"
	if string(got) != want {
		t.Errorf("archive is\n%q, want\n%q", got, want)
	}
	if path, err := exec.LookPath("cpio"); err == nil {
		c := exec.Command(path, "-t", "--quiet")
		c.Stdin = bytes.NewReader(got)
		if list, err := c.CombinedOutput(); err != nil || string(list) != "tmp\ninit\n" {
			t.Errorf("cpio lists %q, %v", list, err)
		}
	}
}
