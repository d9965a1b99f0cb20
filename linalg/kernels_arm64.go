package linalg

// native returns the assembly table; every arm64 has NEON.
func native() []*Kernels { return []*Kernels{neon} }

var neon = assembly{
	addBiasNeon, columnSumsNeon, rowMaxNeon, multiplyColumnSumsNeon, rowDotsNeon, geluNeon, softmaxNeon, sumSquaresNeon, layerNormNeon, layerNormBackwardNeon,
	rotateNeon, complexMultiplyNeon, rotateBackwardNeon, complexMultiplyBackwardNeon, gatherNeon, scatterNeon, adamWNeon,
}.table("neon", gemmNeon)
