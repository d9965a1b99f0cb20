package main

// elementwiseKernels writes the kernels that pass over rows of floats. Pointers
// are to float32 unless said otherwise; rowBytes is the length of a row in
// bytes, a positive multiple of 64; rows is positive.
func elementwiseKernels(machines ...machine) *emitter {
	g := &emitter{}
	g.constantTable()
	for _, m := range machines {
		g.machine = m
		g.addBias()
		g.columnSums()
		g.multiplyColumnSums()
		g.rowDots()
		g.rowMax()
		g.sumSquares()
		g.gelu()
		g.softmax()
		g.layerNorm()
		g.layerNormBackward()
		g.rotate()
		g.rotateBackward()
		g.complexMultiply()
		g.complexMultiplyBackward()
		g.gather()
		g.scatter()
		g.adamW()
	}
	return g
}
