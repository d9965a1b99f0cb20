//go:build !amd64

package main

const fmaFlops = 1

func fma256(int) {}

func hasFMA() bool { return false }
