package load

import (
	"fmt"
	"math/big"
	"strconv"

	"github.com/parquet-go/parquet-go"
	pqenc "github.com/parquet-go/parquet-go/encoding"

	"synthos/dataset"
)

// useDecimal makes l a column of decimals: unscaled integers to be divided by
// 10^scale, in 4 or 8 bytes, or in any number of bytes, highest first, in two's
// complement. With scale 0 they are kept exact like other integers; with a
// scale they become the nearest float64.
func (l *parquetLeaf) useDecimal(kind parquet.Kind, scale int) error {
	if scale < 0 || scale > 1000 {
		return fmt.Errorf("decimals of scale %d", scale)
	}
	var ints func(v pqenc.Values, yield func(x *big.Int))
	switch kind {
	case parquet.Int32:
		ints = func(v pqenc.Values, yield func(x *big.Int)) {
			in := v.Int32()
			for _, x := range in {
				yield(big.NewInt(int64(x)))
			}
		}
	case parquet.Int64:
		ints = func(v pqenc.Values, yield func(x *big.Int)) {
			in := v.Int64()
			for _, x := range in {
				yield(big.NewInt(x))
			}
		}
	case parquet.ByteArray:
		ints = func(v pqenc.Values, yield func(x *big.Int)) {
			data, offsets := v.ByteArray()
			for i := range max(0, len(offsets)-1) {
				yield(bigEndian(data[offsets[i]:offsets[i+1]]))
			}
		}
	case parquet.FixedLenByteArray:
		ints = func(v pqenc.Values, yield func(x *big.Int)) {
			data, size := v.FixedLenByteArray()
			for i := range len(data) / size {
				yield(bigEndian(data[i*size : (i+1)*size]))
			}
		}
	default:
		return fmt.Errorf("decimals stored as %v", kind)
	}
	l.typ, l.whole = dataset.Float, scale == 0
	l.addFormat()
	l.floats = func(v pqenc.Values, out []float64) ([]float64, error) {
		out = out[:0]
		var err error
		ints(v, func(x *big.Int) {
			if scale == 0 && new(big.Int).Abs(x).Cmp(big.NewInt(maxExact)) > 0 {
				err = errBeyond
			}
			out = append(out, decimalFloat(x, scale))
		})
		return out, err
	}
	if scale == 0 {
		l.exact = func(v pqenc.Values, out []string) ([]string, error) {
			out = out[:0]
			ints(v, func(x *big.Int) { out = append(out, x.String()) })
			return out, nil
		}
	}
	return nil
}

// decimalFloat returns the float64 nearest to x/10^scale.
func decimalFloat(x *big.Int, scale int) float64 {
	f, _ := strconv.ParseFloat(x.String()+"e-"+strconv.Itoa(scale), 64)
	return f
}

// bigEndian returns the integer in two's complement, highest byte first.
func bigEndian(b []byte) *big.Int {
	x := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return x
}
