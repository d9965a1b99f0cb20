package main

// The functions between and after dense layers.

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
