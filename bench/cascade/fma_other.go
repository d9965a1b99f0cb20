//go:build !amd64

package main

// multiplyAdds has no implementation here, so the peak is not measured.
func multiplyAdds(string) (fma func(n int), operations float64, bits int) { return nil, 0, 0 }
