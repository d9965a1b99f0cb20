package main

import "golang.org/x/sys/cpu"

// fma256 and fma512 do n times twelve independent fused multiply-adds on registers
// of 8 and of 16 floats; n must be positive.
//
//go:noescape
func fma256(n int)

//go:noescape
func fma512(n int)

// multiplyAdds returns a function that does n rounds of fused multiply-adds on the
// registers of a kernel, the operations of a round, and the bits of a register;
// nil if the processor has none.
func multiplyAdds(kernel string) (fma func(n int), operations float64, bits int) {
	switch {
	case kernel == "avx512":
		return fma512, 12 * 16 * 2, 512
	case cpu.X86.HasAVX2 && cpu.X86.HasFMA:
		return fma256, 12 * 8 * 2, 256
	}
	return nil, 0, 0
}
