package main

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
