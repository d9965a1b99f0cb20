package main

// Passes that add to rows, and that sum along columns and along rows.

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
