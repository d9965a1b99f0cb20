package cascade

import (
	"context"
	"slices"
	"testing"
)

// one returns a cascade of a single tiny network.
func one(t testing.TB) (*Cascade, Data) {
	d := related(200)
	c, err := trainPlan(context.Background(), d, Options{}, presetOf("fast"), plan(d.Cards, 4, presetOf("fast"))[:1], "networks")
	if err != nil {
		t.Fatal(err)
	}
	return c, d
}

func TestMarshal(t *testing.T) {
	c, d := one(t)
	data, err := c.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var back Cascade
	if err := back.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	a, _ := c.Score(context.Background(), d.Codes, d.Rows)
	b, _ := back.Score(context.Background(), d.Codes, d.Rows)
	if !slices.Equal(a.Cells, b.Cells) || back.Members[0].Training.Tier != Tiny || !slices.Equal(back.HeldOut, c.HeldOut) {
		t.Error("the cascade read back is another")
	}
	for name, bad := range map[string][]byte{"empty": nil, "cut": data[:len(data)/2], "text": []byte("not a cascade")} {
		if err := new(Cascade).UnmarshalBinary(bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// FuzzUnmarshal checks that damaged bytes give an error or a cascade that works.
func FuzzUnmarshal(f *testing.F) {
	c, _ := one(f)
	data, err := c.MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:100])
	f.Fuzz(func(t *testing.T, data []byte) {
		var c Cascade
		if c.UnmarshalBinary(data) == nil {
			if _, err := c.Predict(context.Background(), 3, 1); err != nil {
				t.Error(err)
			}
		}
	})
}
