//go:build !amd64

package linalg

// native returns nothing: there is assembly for amd64 only.
func native() []*Kernels { return nil }
