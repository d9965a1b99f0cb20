package main

import (
	"bytes"
	"fmt"
)

// An archive is a cpio archive in the "newc" form that Linux unpacks at its
// start (Documentation/driver-api/early-userspace/buffer-format.rst).
type archive struct {
	buf   bytes.Buffer
	inode int
}

// add appends a file or directory; mode has its type, as in stat(2).
func (a *archive) add(name string, mode int, content []byte) {
	a.inode++
	fields := []int{a.inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0}
	a.buf.WriteString("070701")
	for _, v := range fields {
		fmt.Fprintf(&a.buf, "%08X", v)
	}
	a.buf.WriteString(name + "\x00")
	a.pad()
	a.buf.Write(content)
	a.pad()
}

func (a *archive) pad() {
	for a.buf.Len()%4 != 0 {
		a.buf.WriteByte(0)
	}
}

// bytes ends the archive.
func (a *archive) bytes() []byte {
	a.add("TRAILER!!!", 0, nil)
	return a.buf.Bytes()
}
