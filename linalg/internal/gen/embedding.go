package main

// Rows of a table that are looked up, and the way back.

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
