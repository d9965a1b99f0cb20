# Makes the NumPy files of the tests: python3 make.py, with NumPy 2.
# Each holds row i, dimension j: (i - 3) / 4 + j / 8, which all formats hold exactly.
import numpy

a = (numpy.arange(7)[:, None] - 3) / 4 + numpy.arange(3)[None, :] / 8
numpy.save("float16.npy", a.astype("<f2"))
numpy.save("float32.npy", a.astype("<f4"))
numpy.save("float64.npy", a.astype("<f8"))
numpy.save("big_endian.npy", a.astype(">f4"))
numpy.save("fortran.npy", numpy.asfortranarray(a.astype("<f4")))
with open("version2.npy", "wb") as f:
    numpy.lib.format.write_array(f, a.astype("<f4"), version=(2, 0))
b = a.astype("<f4")
b[5, 1] = numpy.nan
numpy.save("nan.npy", b)
numpy.save("one_axis.npy", a[0].astype("<f4"))
numpy.save("integers.npy", numpy.arange(6).reshape(2, 3))
numpy.save("objects.npy", numpy.array([[1, "a"]], dtype=object))
numpy.save("no_dimensions.npy", numpy.zeros((7, 0), "<f4"))
numpy.savez("archive.npz", a=a)
# Every value of float16 that is finite, and what each is as float32, for half().
bits = numpy.arange(1 << 16, dtype="<u2")
halves = bits.view("<f2")
x = halves.astype("<f4")
print("sum of the bits of all float16 as float32, NaN left out, mod 2^64:",
      int(x.view("<u4").astype(object)[~numpy.isnan(x)].sum()) % (1 << 64))
