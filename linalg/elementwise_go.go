package linalg

import (
	"math"
	"slices"
)

// goKernels is the table in Go. As in goGemm, conversions to float32 keep
// products from being fused with additions.
var goKernels = &Kernels{
	Name:                    "go",
	gemm:                    goGemm,
	addBias:                 goAddBias,
	columnSums:              goColumnSums,
	multiplyColumnSums:      goMultiplyColumnSums,
	rowDots:                 goRowDots,
	rowMax:                  goRowMax,
	sumSquares:              goSumSquares,
	gelu:                    goGELU,
	softmax:                 goSoftmax,
	layerNorm:               goLayerNorm,
	layerNormBackward:       goLayerNormBackward,
	rotate:                  goRotate,
	rotateBackward:          goRotateBackward,
	complexMultiply:         goComplexMultiply,
	complexMultiplyBackward: goComplexMultiplyBackward,
	gather:                  goGather,
	scatter:                 goScatter,
	adamW:                   goAdamW,
}

func goAddBias(z, bias []float32, rows, n int) {
	for i := range rows {
		row := z[i*n:][:n]
		for j, b := range bias[:n] {
			row[j] += b
		}
	}
}

func goColumnSums(d, sums []float32, rows, n int) {
	sums = sums[:n]
	for i := range rows {
		for j, x := range d[i*n:][:n] {
			sums[j] += x
		}
	}
}

func goMultiplyColumnSums(d, factor, sums []float32, rows, n int) {
	sums = sums[:n]
	for i := range rows {
		dr, fr := d[i*n:][:n], factor[i*n:][:n]
		for j := range sums {
			x := float32(dr[j] * fr[j])
			dr[j] = x
			sums[j] += x
		}
	}
}

func goRowDots(x, y, dots []float32, rows, n int) {
	for i := range rows {
		xr, yr := x[i*n:][:n], y[i*n:][:n]
		var s0, s1 float32
		for j := 0; j+1 < len(xr); j += 2 {
			s0 += float32(xr[j] * yr[j])
			s1 += float32(xr[j+1] * yr[j+1])
		}
		dots[i] = s0 + s1
	}
}

func goRowMax(x, most []float32, rows, n int) {
	for i := range rows {
		most[i] = max(-math.MaxFloat32, slices.Max(x[i*n:][:n]))
	}
}

func goSumSquares(x []float32) float32 {
	var sum float32
	for _, v := range x {
		sum += float32(v * v)
	}
	return sum
}

const (
	gelu0 = 2 * 0.7978845608028654 // 2 sqrt(2/pi)
	gelu1 = 0.044715
)

func goGELU(z, bias, a []float32, rows, n int) {
	for i := range rows {
		zr, ar := z[i*n:][:n], a[i*n:][:n]
		for j, b := range bias[:n] {
			u := zr[j] + b
			u2 := float32(u * u)
			s := 1 / (1 + goExp(-gelu0*u*(1+float32(gelu1*u2))))
			us := float32(u * s)
			ar[j] = us
			zr[j] = s + float32(us*(1-s)*gelu0*(1+float32(3*gelu1*u2)))
		}
	}
}

func goSoftmax(z, bias, scale []float32, rows, n int) {
	for i := range rows {
		row := z[i*n:][:n]
		highest := float32(-math.MaxFloat32)
		for j, b := range bias[:n] {
			row[j] += b
			highest = max(highest, row[j])
		}
		var sum float32
		for j, x := range row {
			row[j] = goExp(x - highest)
			sum += row[j]
		}
		f := scale[i] / sum
		for j := range row {
			row[j] *= f
		}
	}
}

func goLayerNorm(h, gain, shift, y, xhat, rstd []float32, rows, n int) {
	inverse := 1 / float32(n)
	for i := range rows {
		hr, yr, xr := h[i*n:][:n], y[i*n:][:n], xhat[i*n:][:n]
		var sum, squares float32
		for _, v := range hr {
			sum += v
		}
		mean := sum * inverse
		for j, v := range hr {
			v -= mean
			xr[j] = v
			squares += float32(v * v)
		}
		r := float32(1 / math.Sqrt(float64(float32(squares*inverse)+Epsilon)))
		rstd[i] = r
		for j := range xr {
			x := float32(xr[j] * r)
			xr[j] = x
			yr[j] = float32(x*gain[j]) + shift[j]
		}
	}
}

func goLayerNormBackward(d, xhat, rstd, gain, dgain, dshift, dh []float32, rows, n int) {
	gain, dgain, dshift = gain[:n], dgain[:n], dshift[:n]
	inverse := 1 / float32(n)
	for i := range rows {
		dr, xr, hr := d[i*n:][:n], xhat[i*n:][:n], dh[i*n:][:n]
		var sum, dot float32
		for j, dy := range dr {
			x := xr[j]
			dgain[j] += float32(dy * x)
			dshift[j] += dy
			t := float32(dy * gain[j])
			dr[j] = t
			sum += t
			dot += float32(t * x)
		}
		sum *= inverse
		dot *= inverse
		r := rstd[i]
		for j, t := range dr {
			hr[j] += float32(r * (t - sum - float32(xr[j]*dot)))
		}
	}
}

func goRotate(u, w, p []float32, k, n int) {
	for j := range k {
		wr, wi := w[j], w[k+j]
		ur, vr := u[j*n:][:n], u[(k+j)*n:][:n]
		pr, qr := p[j*n:][:n], p[(k+j)*n:][:n]
		for i, x := range ur {
			y := vr[i]
			pr[i] = float32(wr*x) + float32(wi*y)
			qr[i] = float32(wr*y) - float32(wi*x)
		}
	}
}

func goRotateBackward(u, w, p, dw []float32, k, n int) {
	for j := range k {
		wr, wi := w[j], w[k+j]
		ur, vr := u[j*n:][:n], u[(k+j)*n:][:n]
		pr, qr := p[j*n:][:n], p[(k+j)*n:][:n]
		var dr, di float32
		for i, x := range pr {
			y := qr[i]
			dr += float32(x*ur[i]) + float32(y*vr[i])
			di += float32(x*vr[i]) - float32(y*ur[i])
			pr[i] = float32(wr*x) - float32(wi*y)
			qr[i] = float32(wi*x) + float32(wr*y)
		}
		dw[j], dw[k+j] = dr, di
	}
}

func goComplexMultiply(q, w, out []float32, rows, k int) {
	wr, wi := w[:k], w[k:][:k]
	for i := range rows {
		re, im := q[2*i*k:][:k], q[2*i*k+k:][:k]
		or, oi := out[2*i*k:][:k], out[2*i*k+k:][:k]
		for j, a := range wr {
			x, y := re[j], im[j]
			or[j] = float32(x*a) - float32(y*wi[j])
			oi[j] = float32(x*wi[j]) + float32(y*a)
		}
	}
}

func goComplexMultiplyBackward(d, q, w, dw []float32, rows, k int) {
	wr, wi := w[:k], w[k:][:k]
	gr, gi := dw[:k], dw[k:][:k]
	for i := range rows {
		re, im := q[2*i*k:][:k], q[2*i*k+k:][:k]
		dr, di := d[2*i*k:][:k], d[2*i*k+k:][:k]
		for j, a := range wr {
			x, y := dr[j], di[j]
			gr[j] += float32(x*re[j]) + float32(y*im[j])
			gi[j] += float32(y*re[j]) - float32(x*im[j])
			dr[j] = float32(x*a) + float32(y*wi[j])
			di[j] = float32(y*a) - float32(x*wi[j])
		}
	}
}

func goGather(table []float32, index []int32, out []float32, rows, picks, n int) {
	for i := range rows {
		row := out[i*n:][:n]
		clear(row)
		for _, at := range index[i*picks:][:picks] {
			for j, x := range table[int(at)*n:][:n] {
				row[j] += x
			}
		}
	}
}

func goScatter(table []float32, index []int32, d []float32, rows, picks, n int) {
	for i := range rows {
		row := d[i*n:][:n]
		for _, at := range index[i*picks:][:picks] {
			to := table[int(at)*n:][:n]
			for j, x := range row {
				to[j] += x
			}
		}
	}
}

func goAdamW(p, grad, m, v []float32, s *[10]float32) {
	for i, x := range p {
		g := float32(grad[i] * s[9])
		mi := float32(s[0]*m[i]) + float32(s[2]*g)
		vi := float32(s[1]*v[i]) + float32(s[3]*g*g)
		m[i], v[i] = mi, vi
		step := mi*s[4]/(float32(math.Sqrt(float64(vi*s[5])))+s[6]) + float32(s[8]*x)
		p[i] = x - float32(s[7]*step)
	}
}
