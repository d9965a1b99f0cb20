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

func (g *emitter) addBias() {
	g.function("addBias", "z, bias *float32, rows, rowBytes int", 32)
	g.argument("z", 0, "DI")
	g.argument("bias", 8, "SI")
	g.argument("rows", 16, "CX")
	g.argument("rowBytes", 24, "R8")
	g.times("rowloop", func() {
		g.columns("colloop", func() {
			g.load(0, atIndex("DI", "BX", 0))
			g.add(0, 0, atIndex("SI", "BX", 0))
			g.store(atIndex("DI", "BX", 0), 0)
		})
		g.advance("DI", "R8")
	})
	g.end()
}

func (g *emitter) columnSums() {
	g.function("columnSums", "d, sums *float32, rows, rowBytes int", 32)
	g.argument("d", 0, "DI")
	g.argument("sums", 8, "DX")
	g.argument("rowBytes", 24, "R8")
	g.columns("colloop", func() {
		g.argument("rows", 16, "CX")
		g.address("R9", "DI", "BX", 1)
		g.load(0, atIndex("DX", "BX", 0))
		g.times("rowloop", func() {
			g.add(0, 0, at("R9", 0))
			g.advance("R9", "R8")
		})
		g.store(atIndex("DX", "BX", 0), 0)
	})
	g.end()
}

// multiplyColumnSums goes along the rows and keeps the sums in memory: d and
// factor are too large for a cache, and down the columns no prefetcher follows.
func (g *emitter) multiplyColumnSums() {
	g.function("multiplyColumnSums", "d, factor, sums *float32, rows, rowBytes int", 40)
	g.argument("d", 0, "DI")
	g.argument("factor", 8, "SI")
	g.argument("sums", 16, "DX")
	g.argument("rows", 24, "CX")
	g.argument("rowBytes", 32, "R8")
	g.times("rowloop", func() {
		g.columns("colloop", func() {
			g.load(0, atIndex("DX", "BX", 0))
			g.load(1, atIndex("DI", "BX", 0))
			g.mul(1, 1, atIndex("SI", "BX", 0))
			g.store(atIndex("DI", "BX", 0), 1)
			g.add(0, 0, 1)
			g.store(atIndex("DX", "BX", 0), 0)
		})
		g.advance("DI", "R8")
		g.advance("SI", "R8")
	})
	g.end()
}

func (g *emitter) rowDots() {
	g.function("rowDots", "x, y, dots *float32, rows, rowBytes int", 40)
	g.argument("x", 0, "DI")
	g.argument("y", 8, "SI")
	g.argument("dots", 16, "DX")
	g.argument("rows", 24, "CX")
	g.argument("rowBytes", 32, "R8")
	g.times("rowloop", func() {
		g.zero(0)
		g.columns("colloop", func() {
			g.load(1, atIndex("DI", "BX", 0))
			g.addProduct(0, 1, atIndex("SI", "BX", 0))
		})
		g.reduce("ADD", 0, 1)
		g.storeFirst(0, "DX")
		g.advance("DI", "R8")
		g.advance("SI", "R8")
		g.advanceBy("DX", 4)
	})
	g.end()
}

func (g *emitter) rowMax() {
	g.function("rowMax", "x, most *float32, rows, rowBytes int", 32)
	g.argument("x", 0, "DI")
	g.argument("most", 8, "DX")
	g.argument("rows", 16, "CX")
	g.argument("rowBytes", 24, "R8")
	g.times("rowloop", func() {
		g.load(0, "lowest")
		g.columns("colloop", func() {
			g.max(0, 0, atIndex("DI", "BX", 0))
		})
		g.reduce("MAX", 0, 1)
		g.storeFirst(0, "DX")
		g.advance("DI", "R8")
		g.advanceBy("DX", 4)
	})
	g.end()
}

func (g *emitter) sumSquares() {
	g.function("sumSquares", "x *float32, rowBytes int) (sum float32", 20)
	g.argument("x", 0, "DI")
	g.argument("rowBytes", 8, "R8")
	g.zero(0)
	g.columns("colloop", func() {
		g.load(1, atIndex("DI", "BX", 0))
		g.addProduct(0, 1, 1)
	})
	g.reduce("ADD", 0, 1)
	g.result(0, "sum", 16)
	g.end()
}

// gelu: u = z + bias; a = u s; z = derivative of a, with
// s = 1/(1 + exp(-2 sqrt(2/pi) (u + 0.044715 u^3))).
func (g *emitter) gelu() {
	g.function("gelu", "z, bias, a *float32, rows, rowBytes int", 40)
	g.argument("z", 0, "DI")
	g.argument("bias", 8, "SI")
	g.argument("a", 16, "DX")
	g.argument("rows", 24, "CX")
	g.argument("rowBytes", 32, "R8")
	g.times("rowloop", func() {
		g.columns("colloop", func() {
			g.load(0, atIndex("DI", "BX", 0))
			g.add(0, 0, atIndex("SI", "BX", 0)) // u
			g.mul(1, 0, 0)                      // u^2
			g.load(2, "gelu1")
			g.timesPlus(2, 1, "one")
			g.mul(3, 0, "ngelu0")
			g.mul(3, 3, 2)
			g.exp(3, 4, 5, 6)
			g.load(4, "one")
			g.add(3, 3, 4)
			g.div(3, 4, 3) // s
			g.mul(5, 0, 3) // a
			g.store(atIndex("DX", "BX", 0), 5)
			g.sub(4, 4, 3)
			g.mul(5, 5, 4)
			g.mul(5, 5, "gelu0")
			g.load(2, "gelu13")
			g.timesPlus(2, 1, "one")
			g.addProduct(3, 5, 2)
			g.store(atIndex("DI", "BX", 0), 3)
		})
		g.advance("DI", "R8")
		g.advance("DX", "R8")
	})
	g.end()
}

// softmax: z = scale softmax(z + bias), one scale a row.
func (g *emitter) softmax() {
	g.function("softmax", "z, bias, scale *float32, rows, rowBytes int", 40)
	g.argument("z", 0, "DI")
	g.argument("bias", 8, "SI")
	g.argument("scale", 16, "DX")
	g.argument("rows", 24, "CX")
	g.argument("rowBytes", 32, "R8")
	g.times("rowloop", func() {
		g.load(0, "lowest")
		g.columns("maxloop", func() {
			g.load(1, atIndex("DI", "BX", 0))
			g.add(1, 1, atIndex("SI", "BX", 0))
			g.store(atIndex("DI", "BX", 0), 1)
			g.max(0, 0, 1)
		})
		g.reduce("MAX", 0, 1)
		g.spread(0)
		g.zero(5)
		g.columns("exploop", func() {
			g.load(1, atIndex("DI", "BX", 0))
			g.sub(1, 1, 0)
			g.exp(1, 2, 3, 4)
			g.store(atIndex("DI", "BX", 0), 1)
			g.add(5, 5, 1)
		})
		g.reduce("ADD", 5, 1)
		g.divideFirst(5, 1, "DX")
		g.spread(5)
		g.columns("scaleloop", func() {
			g.mul(1, 5, atIndex("DI", "BX", 0))
			g.store(atIndex("DI", "BX", 0), 1)
		})
		g.advance("DI", "R8")
		g.advanceBy("DX", 4)
	})
	g.end()
}

// layerNorm: xhat = (h - mean) rstd; y = xhat gain + shift.
func (g *emitter) layerNorm() {
	g.function("layerNorm", "h, gain, shift, y, xhat, rstd *float32, rows, rowBytes int, inverse, epsilon float32", 72)
	g.argument("h", 0, "DI")
	g.argument("gain", 8, "DX")
	g.argument("shift", 16, "R9")
	g.argument("y", 24, "R10")
	g.argument("xhat", 32, "R11")
	g.argument("rstd", 40, "R12")
	g.argument("rows", 48, "CX")
	g.argument("rowBytes", 56, "R8")
	g.times("rowloop", func() {
		g.zero(0)
		g.columns("meanloop", func() { g.add(0, 0, atIndex("DI", "BX", 0)) })
		g.reduce("ADD", 0, 2)
		g.scaleFirst(0, "inverse", 64)
		g.spread(0)
		g.zero(1)
		g.columns("varianceloop", func() {
			g.load(2, atIndex("DI", "BX", 0))
			g.sub(2, 2, 0)
			g.store(atIndex("R11", "BX", 0), 2)
			g.addProduct(1, 2, 2)
		})
		g.reduce("ADD", 1, 2)
		g.scaleFirst(1, "inverse", 64)
		g.inverseRootFirst(1, 2, "epsilon", 68)
		g.storeFirst(1, "R12")
		g.spread(1)
		g.columns("scaleloop", func() {
			g.mul(2, 1, atIndex("R11", "BX", 0))
			g.store(atIndex("R11", "BX", 0), 2)
			g.load(3, atIndex("R9", "BX", 0))
			g.addProduct(3, 2, atIndex("DX", "BX", 0))
			g.store(atIndex("R10", "BX", 0), 3)
		})
		g.advance("DI", "R8")
		g.advance("R10", "R8")
		g.advance("R11", "R8")
		g.advanceBy("R12", 4)
	})
	g.end()
}

// layerNormBackward: from dy in d, dh += rstd (t - mean t - xhat mean(t xhat)),
// t = dy gain, which replaces d; dgain += sum dy xhat; dshift += sum dy.
func (g *emitter) layerNormBackward() {
	g.function("layerNormBackward", "d, xhat, rstd, gain, dgain, dshift, dh *float32, rows, rowBytes int, inverse, negative float32", 80)
	g.argument("d", 0, "DI")
	g.argument("xhat", 8, "SI")
	g.argument("rstd", 16, "R12")
	g.argument("gain", 24, "DX")
	g.argument("dgain", 32, "R9")
	g.argument("dshift", 40, "R10")
	g.argument("dh", 48, "R11")
	g.argument("rows", 56, "CX")
	g.argument("rowBytes", 64, "R8")
	g.times("rowloop", func() {
		g.zero(0)
		g.zero(1)
		g.columns("sumloop", func() {
			g.load(2, atIndex("DI", "BX", 0)) // dy
			g.load(3, atIndex("SI", "BX", 0)) // xhat
			g.load(4, atIndex("R9", "BX", 0))
			g.addProduct(4, 2, 3)
			g.store(atIndex("R9", "BX", 0), 4)
			g.add(5, 2, atIndex("R10", "BX", 0))
			g.store(atIndex("R10", "BX", 0), 5)
			g.mul(2, 2, atIndex("DX", "BX", 0))
			g.store(atIndex("DI", "BX", 0), 2)
			g.add(0, 0, 2)
			g.addProduct(1, 2, 3)
		})
		g.reduce("ADD", 0, 2)
		g.reduce("ADD", 1, 2)
		g.scaleFirst(0, "inverse", 72)
		g.scaleFirst(1, "negative", 76)
		g.spread(0)
		g.spread(1)
		g.broadcast(4, "R12", 0)
		g.columns("writeloop", func() {
			g.load(2, atIndex("DI", "BX", 0))
			g.sub(2, 2, 0)
			g.addProduct(2, 1, atIndex("SI", "BX", 0))
			g.load(3, atIndex("R11", "BX", 0))
			g.addProduct(3, 2, 4)
			g.store(atIndex("R11", "BX", 0), 3)
		})
		g.advance("DI", "R8")
		g.advance("SI", "R8")
		g.advance("R11", "R8")
		g.advanceBy("R12", 4)
	})
	g.end()
}

// rotate: rows j and k+j of u, times the complex number w[j] + i w[k+j]:
// p[j] = wr u[j] + wi u[k+j]; p[k+j] = wr u[k+j] - wi u[j]. k is the rows argument.
func (g *emitter) rotate() {
	g.function("rotate", "u, w, p *float32, rows, rowBytes int", 40)
	g.argument("u", 0, "DI")
	g.argument("w", 8, "SI")
	g.argument("p", 16, "DX")
	g.argument("rows", 24, "CX")
	g.argument("rowBytes", 32, "R8")
	g.address("R9", "SI", "CX", 4) // wi
	g.multiply("AX", "R8", "CX")
	g.address("R10", "DI", "AX", 1)
	g.address("R11", "DX", "AX", 1)
	g.times("rowloop", func() {
		g.broadcast(0, "SI", 0)
		g.broadcast(1, "R9", 0)
		g.columns("colloop", func() {
			g.load(2, atIndex("DI", "BX", 0))
			g.load(3, atIndex("R10", "BX", 0))
			g.mul(4, 0, 2)
			g.addProduct(4, 1, 3)
			g.store(atIndex("DX", "BX", 0), 4)
			g.mul(4, 0, 3)
			g.subProduct(4, 1, 2)
			g.store(atIndex("R11", "BX", 0), 4)
		})
		g.advance("DI", "R8")
		g.advance("R10", "R8")
		g.advance("DX", "R8")
		g.advance("R11", "R8")
		g.advanceBy("SI", 4)
		g.advanceBy("R9", 4)
	})
	g.end()
}

// rotateBackward: p holds the gradient x, y of rotate's rows j, k+j and becomes
// that of u; dw[j] = sum x u + y v, dw[k+j] = sum x v - y u, v being row k+j of u.
func (g *emitter) rotateBackward() {
	g.function("rotateBackward", "u, w, p, dw *float32, rows, rowBytes int", 48)
	g.argument("u", 0, "DI")
	g.argument("w", 8, "SI")
	g.argument("p", 16, "DX")
	g.argument("dw", 24, "R12")
	g.argument("rows", 32, "CX")
	g.argument("rowBytes", 40, "R8")
	g.address("R9", "SI", "CX", 4)
	g.address("R13", "R12", "CX", 4)
	g.multiply("AX", "R8", "CX")
	g.address("R10", "DI", "AX", 1)
	g.address("R11", "DX", "AX", 1)
	g.times("rowloop", func() {
		g.zero(0)
		g.zero(1)
		g.columns("sumloop", func() {
			g.load(2, atIndex("DX", "BX", 0))
			g.load(3, atIndex("R11", "BX", 0))
			g.load(4, atIndex("DI", "BX", 0))
			g.load(5, atIndex("R10", "BX", 0))
			g.addProduct(0, 2, 4)
			g.addProduct(0, 3, 5)
			g.addProduct(1, 2, 5)
			g.subProduct(1, 3, 4)
		})
		g.reduce("ADD", 0, 2)
		g.storeFirst(0, "R12")
		g.reduce("ADD", 1, 2)
		g.storeFirst(1, "R13")
		g.broadcast(0, "SI", 0)
		g.broadcast(1, "R9", 0)
		g.columns("writeloop", func() {
			g.load(2, atIndex("DX", "BX", 0))
			g.load(3, atIndex("R11", "BX", 0))
			g.mul(4, 0, 2)
			g.subProduct(4, 1, 3)
			g.store(atIndex("DX", "BX", 0), 4)
			g.mul(4, 1, 2)
			g.addProduct(4, 0, 3)
			g.store(atIndex("R11", "BX", 0), 4)
		})
		g.advance("DI", "R8")
		g.advance("R10", "R8")
		g.advance("DX", "R8")
		g.advance("R11", "R8")
		g.advanceBy("SI", 4)
		g.advanceBy("R9", 4)
		g.advanceBy("R12", 4)
		g.advanceBy("R13", 4)
	})
	g.end()
}

// complexMultiply: each row of q holds real then imaginary parts, half a row
// each; out = q w.
func (g *emitter) complexMultiply() {
	g.function("complexMultiply", "q, w, out *float32, rows, halfBytes int", 40)
	g.argument("q", 0, "DI")
	g.argument("w", 8, "SI")
	g.argument("out", 16, "DX")
	g.argument("rows", 24, "CX")
	g.argument("halfBytes", 32, "R8")
	g.address("R9", "SI", "R8", 1)
	g.times("rowloop", func() {
		g.address("R10", "DI", "R8", 1)
		g.address("R11", "DX", "R8", 1)
		g.columns("colloop", func() {
			g.load(0, atIndex("DI", "BX", 0))
			g.load(1, atIndex("R10", "BX", 0))
			g.load(2, atIndex("SI", "BX", 0))
			g.load(3, atIndex("R9", "BX", 0))
			g.mul(4, 0, 2)
			g.subProduct(4, 1, 3)
			g.store(atIndex("DX", "BX", 0), 4)
			g.mul(5, 1, 2)
			g.addProduct(5, 0, 3)
			g.store(atIndex("R11", "BX", 0), 5)
		})
		g.address("DI", "DI", "R8", 2)
		g.address("DX", "DX", "R8", 2)
	})
	g.end()
}

// complexMultiplyBackward: d becomes d conj(w); dw += sum over rows of d conj(q).
func (g *emitter) complexMultiplyBackward() {
	g.function("complexMultiplyBackward", "d, q, w, dw *float32, rows, halfBytes int", 48)
	g.argument("d", 0, "DI")
	g.argument("q", 8, "SI")
	g.argument("w", 16, "DX")
	g.argument("dw", 24, "R9")
	g.argument("halfBytes", 40, "R8")
	g.columns("colloop", func() {
		g.argument("rows", 32, "CX")
		g.address("R10", "DI", "BX", 1)
		g.address("R11", "SI", "BX", 1)
		g.address("R12", "DX", "BX", 1)
		g.address("R13", "R9", "BX", 1)
		g.load(0, at("R13", 0))
		g.load(1, atIndex("R13", "R8", 0))
		g.times("rowloop", func() {
			g.load(2, at("R10", 0))
			g.load(3, atIndex("R10", "R8", 0))
			g.load(4, at("R11", 0))
			g.load(5, atIndex("R11", "R8", 0))
			g.addProduct(0, 2, 4)
			g.addProduct(0, 3, 5)
			g.addProduct(1, 3, 4)
			g.subProduct(1, 2, 5)
			g.load(4, at("R12", 0))
			g.load(5, atIndex("R12", "R8", 0))
			g.mul(6, 3, 5)
			g.addProduct(6, 2, 4)
			g.store(at("R10", 0), 6)
			g.mul(6, 3, 4)
			g.subProduct(6, 2, 5)
			g.store(atIndex("R10", "R8", 0), 6)
			g.address("R10", "R10", "R8", 2)
			g.address("R11", "R11", "R8", 2)
		})
		g.store(at("R13", 0), 0)
		g.store(atIndex("R13", "R8", 0), 1)
	})
	g.end()
}

// gather: row i of out is the sum of the rows index[i*picks ...] of table.
func (g *emitter) gather() {
	g.function("gather", "table *float32, index *int32, out *float32, rows, picks, rowBytes int", 48)
	g.argument("table", 0, "DI")
	g.argument("index", 8, "SI")
	g.argument("out", 16, "DX")
	g.argument("rows", 24, "CX")
	g.argument("picks", 32, "R9")
	g.argument("rowBytes", 40, "R8")
	g.times("rowloop", func() {
		g.columns("colloop", func() {
			g.zero(0)
			g.address("R12", "DI", "BX", 1)
			g.picks(func() { g.add(0, 0, atIndex("R12", "R11", 0)) })
			g.store(atIndex("DX", "BX", 0), 0)
		})
		g.address("SI", "SI", "R9", 4)
		g.advance("DX", "R8")
	})
	g.end()
}

// scatter: row i of d is added to the rows index[i*picks ...] of table.
func (g *emitter) scatter() {
	g.function("scatter", "table *float32, index *int32, d *float32, rows, picks, rowBytes int", 48)
	g.argument("table", 0, "DI")
	g.argument("index", 8, "SI")
	g.argument("d", 16, "DX")
	g.argument("rows", 24, "CX")
	g.argument("picks", 32, "R9")
	g.argument("rowBytes", 40, "R8")
	g.times("rowloop", func() {
		g.columns("colloop", func() {
			g.load(0, atIndex("DX", "BX", 0))
			g.address("R12", "DI", "BX", 1)
			g.picks(func() {
				g.add(1, 0, atIndex("R12", "R11", 0))
				g.store(atIndex("R12", "R11", 0), 1)
			})
		})
		g.address("SI", "SI", "R9", 4)
		g.advance("DX", "R8")
	})
	g.end()
}

// adamW: one step; scalars are beta1, beta2, 1-beta1, 1-beta2, 1/(1-beta1^t),
// 1/(1-beta2^t), epsilon, learning rate, weight decay, gradient scale.
func (g *emitter) adamW() {
	g.function("adamW", "p, grad, m, v, scalars *float32, rowBytes int", 48)
	g.argument("p", 0, "DI")
	g.argument("grad", 8, "SI")
	g.argument("m", 16, "DX")
	g.argument("v", 24, "R9")
	g.argument("scalars", 32, "R10")
	g.argument("rowBytes", 40, "R8")
	scalar := func(d, index int) { g.broadcast(d, "R10", 4*index) }
	g.columns("loop", func() {
		scalar(0, 9)
		g.mul(0, 0, atIndex("SI", "BX", 0)) // gradient
		g.load(1, atIndex("DX", "BX", 0))
		scalar(2, 2)
		g.mul(2, 2, 0)
		scalar(3, 0)
		g.timesPlus(1, 3, 2) // m
		g.store(atIndex("DX", "BX", 0), 1)
		scalar(2, 3)
		g.mul(2, 2, 0)
		g.mul(2, 2, 0)
		g.load(4, atIndex("R9", "BX", 0))
		scalar(3, 1)
		g.timesPlus(4, 3, 2) // v
		g.store(atIndex("R9", "BX", 0), 4)
		scalar(2, 5)
		g.mul(4, 4, 2)
		g.sqrt(4, 4)
		scalar(2, 6)
		g.add(4, 4, 2)
		scalar(2, 4)
		g.mul(1, 1, 2)
		g.div(1, 1, 4)
		g.load(0, atIndex("DI", "BX", 0))
		scalar(2, 8)
		g.addProduct(1, 2, 0)
		scalar(2, 7)
		g.mul(1, 1, 2)
		g.sub(0, 0, 1)
		g.store(atIndex("DI", "BX", 0), 0)
	})
	g.end()
}
