package linalg

import "golang.org/x/sys/cpu"

// native returns the assembly tables this processor can run, fastest first.
func native() []*Kernels {
	var all []*Kernels
	if x := &cpu.X86; x.HasAVX512F && x.HasAVX512VL && x.HasAVX512BW && x.HasAVX512DQ {
		all = append(all, avx512)
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		all = append(all, avx2)
	}
	return all
}

var avx512 = assembly{
	addBias512, columnSums512, rowMax512, multiplyColumnSums512, rowDots512, gelu512, softmax512, sumSquares512, layerNorm512, layerNormBackward512,
	rotate512, complexMultiply512, rotateBackward512, complexMultiplyBackward512, gather512, scatter512, adamW512,
}.table("avx512", gemm512)

var avx2 = assembly{
	addBias256, columnSums256, rowMax256, multiplyColumnSums256, rowDots256, gelu256, softmax256, sumSquares256, layerNorm256, layerNormBackward256,
	rotate256, complexMultiply256, rotateBackward256, complexMultiplyBackward256, gather256, scatter256, adamW256,
}.table("avx2", gemm256)
