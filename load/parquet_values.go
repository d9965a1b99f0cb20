package load

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"

	pqenc "github.com/parquet-go/parquet-go/encoding"
)

// errBeyond is what the decoders of wide integers return for a value that
// float64 does not hold exactly.
var errBeyond = errors.New("an integer is beyond 2^53, although the statistics in the footer say otherwise")

// sized returns out with length n, in new memory if it is too short.
func sized[T any](out []T, n int) []T {
	if cap(out) < n {
		return make([]T, n)
	}
	return out[:n]
}

func int32s(f func(int32) float64) func(pqenc.Values, []float64) ([]float64, error) {
	return func(v pqenc.Values, out []float64) ([]float64, error) {
		in := v.Int32()
		out = sized(out, len(in))
		for i, x := range in {
			out[i] = f(x)
		}
		return out, nil
	}
}

func int64s(f func(int64) float64) func(pqenc.Values, []float64) ([]float64, error) {
	return func(v pqenc.Values, out []float64) ([]float64, error) {
		in := v.Int64()
		out = sized(out, len(in))
		for i, x := range in {
			out[i] = f(x)
		}
		return out, nil
	}
}

// exactInts returns the decoders of 64-bit integers: as numbers, with
// errBeyond where that is not exact, and as text.
func exactInts(unsigned bool) (floats func(pqenc.Values, []float64) ([]float64, error), texts func(pqenc.Values, []string) ([]string, error)) {
	floats = func(v pqenc.Values, out []float64) ([]float64, error) {
		in := v.Int64()
		out = sized(out, len(in))
		for i, x := range in {
			if x > maxExact || x < -maxExact || unsigned && x < 0 {
				return nil, errBeyond
			}
			out[i] = float64(x)
		}
		return out, nil
	}
	texts = func(v pqenc.Values, out []string) ([]string, error) {
		in := v.Int64()
		out = sized(out, len(in))
		for i, x := range in {
			if unsigned {
				out[i] = strconv.FormatUint(uint64(x), 10)
			} else {
				out[i] = strconv.FormatInt(x, 10)
			}
		}
		return out, nil
	}
	return floats, texts
}

// decodeBools reads bits, the lowest of each byte first. A page's number of
// values is not in its data: the caller cuts the padding of the last byte off.
func decodeBools(v pqenc.Values, out []float64) ([]float64, error) {
	in := v.Boolean()
	out = sized(out, len(in)*8)
	for i := range out {
		out[i] = float64(in[i>>3] >> (i & 7) & 1)
	}
	return out, nil
}

func decodeFloats(v pqenc.Values, out []float64) ([]float64, error) {
	in := v.Float()
	out = sized(out, len(in))
	for i, x := range in {
		out[i] = float64(x)
	}
	return out, nil
}

// decodeInt96s reads the timestamps of old Spark and Impala: nanoseconds of
// the day in the first eight bytes, the Julian day in the last four.
func decodeInt96s(v pqenc.Values, out []float64) ([]float64, error) {
	const julian1970 = 2440588
	in := v.Int96()
	out = sized(out, len(in))
	for i, x := range in {
		nanos := int64(uint64(x[1])<<32 | uint64(x[0]))
		out[i] = (float64(int32(x[2]))-julian1970)*86400 + split(nanos, 1e9)
	}
	return out, nil
}

func decodeHalves(v pqenc.Values, out []float64) ([]float64, error) {
	data, size := v.FixedLenByteArray()
	if size != 2 {
		return nil, fmt.Errorf("16-bit floats of %d bytes", size)
	}
	out = sized(out, len(data)/2)
	for i := range out {
		out[i] = halfFloat(binary.LittleEndian.Uint16(data[2*i:]))
	}
	return out, nil
}

// halfFloat returns the value of an IEEE 754 binary16.
func halfFloat(h uint16) float64 {
	sign := 1.0
	if h>>15 == 1 {
		sign = -1
	}
	exponent, fraction := int(h>>10&31), float64(h&1023)
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return sign * math.Inf(1)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

// decodeByteArrays cuts one string a page into its values.
func decodeByteArrays(v pqenc.Values, out []string) ([]string, error) {
	data, offsets := v.ByteArray()
	n := max(0, len(offsets)-1)
	out = sized(out, n)
	all := string(data)
	for i := range out {
		out[i] = plainText(all[offsets[i]:offsets[i+1]])
	}
	return out, nil
}

func fixedStrings(uuid bool) func(pqenc.Values, []string) ([]string, error) {
	return func(v pqenc.Values, out []string) ([]string, error) {
		data, size := v.FixedLenByteArray()
		if size <= 0 || uuid && size != 16 {
			return nil, fmt.Errorf("values of %d bytes", size)
		}
		out = sized(out, len(data)/size)
		all := string(data)
		for i := range out {
			s := all[i*size : (i+1)*size]
			if uuid {
				out[i] = formatUUID(s)
			} else {
				out[i] = plainText(s)
			}
		}
		return out, nil
	}
}

func formatUUID(s string) string {
	h := hex.EncodeToString([]byte(s))
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
