// Package openblas is the yardstick of package linalg: the same networks, with
// matrix products by OpenBLAS. It is a module of its own since it needs cgo and
// the C library (Debian: libopenblas-dev).
//
//	cd bench/cascade/openblas
//	go test -bench 'Product|Training' -count 6 > new.txt; benchstat -col /engine new.txt
//	go test -bench 'Turns|Inside' -benchtime 2s # on a machine that does other work too
package openblas

/*
#cgo LDFLAGS: -lopenblas
#include <cblas.h>
#include <stdlib.h>
*/
import "C"

import (
	"unsafe"

	"synthos/linalg"
)

// A network is trained by one goroutine, so the library gets one thread.
func init() { C.openblas_set_num_threads(1) }

// Library returns the version of OpenBLAS and the processor it has kernels for.
func Library() string {
	return C.GoString(C.openblas_get_config()) + ", " + C.GoString(C.openblas_get_corename())
}

// Kernels returns the passes over rows of t with matrix products by OpenBLAS.
func Kernels(t *linalg.Kernels) *linalg.Kernels { return t.WithProducts("openblas", sgemm) }

func sgemm(transposeA, transposeB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool) {
	op := func(transpose bool) C.enum_CBLAS_TRANSPOSE {
		if transpose {
			return C.CblasTrans
		}
		return C.CblasNoTrans
	}
	beta := C.float(0)
	if acc {
		beta = 1
	}
	C.cblas_sgemm(C.CblasRowMajor, op(transposeA), op(transposeB), C.blasint(m), C.blasint(n), C.blasint(k), 1,
		pointer(a), C.blasint(lda), pointer(b), C.blasint(ldb), beta, pointer(c), C.blasint(ldc))
}

func pointer(x []float32) *C.float { return (*C.float)(unsafe.Pointer(unsafe.SliceData(x))) }
