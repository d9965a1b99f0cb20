package main

import "golang.org/x/sys/cpu"

// fma256 does n times twelve independent fused multiply-adds on registers of 8
// floats; n must be positive.
//
//go:noescape
func fma256(n int)

// fmaFlops is the operations of one round of fma256.
const fmaFlops = 12 * 8 * 2

func hasFMA() bool { return cpu.X86.HasAVX2 && cpu.X86.HasFMA }
