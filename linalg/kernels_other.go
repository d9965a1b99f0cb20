//go:build !amd64 && !arm64

package linalg

// native returns nothing: there is assembly for amd64 and arm64 only.
func native() []*Kernels { return nil }
