package sketch

import "testing"

func TestMix(t *testing.T) {
	// The first outputs of splitmix64 seeded with 1234567, from Vigna's
	// splitmix64.c. Its state advances by golden.
	want := []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821}
	state := uint64(1234567)
	for i, w := range want {
		if got := Mix(state); got != w {
			t.Errorf("output %d: Mix(%d) = %d, want %d", i, state, got, w)
		}
		state += golden
	}
}

func TestUnmix(t *testing.T) {
	for i := range uint64(1000) {
		for _, x := range []uint64{i, -i, i << 40, Mix(i)} {
			if got := Unmix(Mix(x)); got != x {
				t.Fatalf("Unmix(Mix(%#x)) = %#x", x, got)
			}
		}
	}
}

func TestHashString(t *testing.T) {
	// The reference XXH3_64bits of no bytes with seed 0.
	if got := HashString(""); got != 0x2d06800538d394c2 {
		t.Errorf("HashString of nothing = %#x", got)
	}
	if HashString("a") == HashString("b") {
		t.Error("a and b have the same hash")
	}
}
