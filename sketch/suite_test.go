package sketch

import (
	"bytes"
	"encoding"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// member is a kind of sketch under the suite that all pass: the merged state
// depends on the values only.
type member struct {
	name  string
	fresh func() encoding.BinaryAppender
	add   func(s encoding.BinaryAppender, x uint64)
	merge func(s, o encoding.BinaryAppender)
}

func memberOf[T any, P interface {
	*T
	encoding.BinaryAppender
}](name string, fresh func() P, add func(P, uint64), merge func(s, o P)) member {
	return member{
		name:  name,
		fresh: func() encoding.BinaryAppender { return fresh() },
		add:   func(s encoding.BinaryAppender, x uint64) { add(s.(P), x) },
		merge: func(s, o encoding.BinaryAppender) { merge(s.(P), o.(P)) },
	}
}

// float makes a float of any size, sign and exponent out of x, now and then one
// that is not finite.
func float(x uint64) float64 { return math.Float64frombits(Mix(x)) }

var members = []member{
	memberOf("exact sum", func() *ExactSum { return new(ExactSum) }, func(s *ExactSum, x uint64) { s.Add(float(x)) }, (*ExactSum).Merge),
	memberOf("exact squares", func() *ExactSquares { return new(ExactSquares) }, func(s *ExactSquares, x uint64) { s.Add(float(x)) }, (*ExactSquares).Merge),
	memberOf("extremes", func() *Extremes { return new(Extremes) }, func(s *Extremes, x uint64) { s.Add(float(x)) }, (*Extremes).Merge),
	memberOf("zeros", func() *Extremes { return new(Extremes) }, func(s *Extremes, x uint64) { s.Add(math.Copysign(0, float64(x%2)-0.5)) }, (*Extremes).Merge),
	memberOf("moments", func() *Moments { return new(Moments) }, func(s *Moments, x uint64) { s.Add(float(x)) }, (*Moments).Merge),
	memberOf("kmv, complete", func() *KMV { return NewKMV(5000) }, func(s *KMV, x uint64) { s.AddHash(Mix(x % 777)) }, (*KMV).Merge),
	memberOf("kmv, cut", func() *KMV { return NewKMV(64) }, func(s *KMV, x uint64) { s.AddHash(Mix(x % 777)) }, (*KMV).Merge),
	memberOf("kmv, barely cut", func() *KMV { return NewKMV(776) }, func(s *KMV, x uint64) { s.AddHash(Mix(x % 777)) }, (*KMV).Merge),
	memberOf("kmv, exactly full", func() *KMV { return NewKMV(777) }, func(s *KMV, x uint64) { s.AddHash(Mix(x % 777)) }, (*KMV).Merge),
	memberOf("kmv, labelled", func() *KMV { return NewKMV(64) }, func(s *KMV, x uint64) {
		label := fmt.Sprint(x % 777)
		s.AddLabelled(HashString(label), label)
	}, (*KMV).Merge),
	memberOf("bottom k", func() *BottomK { return NewBottomK(50, 9) }, func(s *BottomK, x uint64) { s.AddRow(int64(x)) },
		func(s, o *BottomK) { s.Merge(o, func(int, int) {}) }),
	memberOf("bottom k, all rows", func() *BottomK { return NewBottomK(100000, 9) }, func(s *BottomK, x uint64) { s.AddRow(int64(x)) },
		func(s, o *BottomK) { s.Merge(o, func(int, int) {}) }),
}

// TestPartition adds the same values in many orders, spread over many parts that
// are merged in many orders, and wants the same bytes each time.
func TestPartition(t *testing.T) {
	const n = 3000
	for _, m := range members {
		t.Run(m.name, func(t *testing.T) {
			one := m.fresh()
			for x := range uint64(n) {
				m.add(one, x)
			}
			want := appendBinary(t, one)
			for trial := range 30 {
				rng := rand.New(rand.NewPCG(uint64(trial), 1))
				parts := make([]encoding.BinaryAppender, 1+rng.IntN(9))
				for i := range parts {
					parts[i] = m.fresh()
				}
				for _, x := range rng.Perm(n) {
					// Uneven parts: some stay empty.
					m.add(parts[rng.IntN(1+rng.IntN(len(parts)))], uint64(x))
				}
				for len(parts) > 1 {
					rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
					m.merge(parts[0], parts[len(parts)-1])
					parts = parts[:len(parts)-1]
				}
				if got := appendBinary(t, parts[0]); !bytes.Equal(got, want) {
					t.Fatalf("trial %d: %d bytes differ from the %d of one sketch", trial, len(got), len(want))
				}
			}
		})
	}
}

func appendBinary(t *testing.T, s encoding.BinaryAppender) []byte {
	t.Helper()
	b, err := s.AppendBinary([]byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(b, []byte("before")) {
		t.Fatal("AppendBinary overwrote what was there")
	}
	return b
}

// TestStateTells wants other bytes after a value: if a sketch forgot to
// write what it knows, equal bytes would mean nothing.
func TestStateTells(t *testing.T) {
	for _, m := range members {
		s := m.fresh()
		before := appendBinary(t, s)
		m.add(s, 1)
		if bytes.Equal(appendBinary(t, s), before) {
			t.Errorf("%s: a value left no trace", m.name)
		}
	}
}
