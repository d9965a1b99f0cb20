package cascade

import (
	"context"
	"math"
	"testing"
)

// TestColumnLosses checks against closed forms: what is drawn independently is
// predicted to its entropy, a function of another column to nothing, and a network
// that has seen the columns shuffled loses all of that, ln 5 nats.
func TestColumnLosses(t *testing.T) {
	rows := related(3000)
	c := learned()
	losses, err := c.ColumnLosses(context.Background(), rows.Codes, rows.Rows, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(losses) != 10 {
		t.Fatalf("%d networks, want the ten tiny ones", len(losses))
	}
	shuffled := related(2000)
	for i := range shuffled.Rows {
		shuffled.row(i)[1] = shuffled.row((i*7 + 3) % shuffled.Rows)[1]
	}
	other, err := TrainTwins(context.Background(), shuffled, c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	lost, err := other.ColumnLosses(context.Background(), rows.Codes, rows.Rows, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range losses {
		for j, want := range []float64{0, 0, 1.5 * math.Ln2} {
			if got := losses[i][0][j]; math.Abs(got-want) > 0.1 {
				t.Errorf("network %d loses %.3f nats on column %d, want %.3f", i, got, j, want)
			}
		}
		if got := lost[i][0][0]; math.Abs(got-math.Log(5)) > 0.1 {
			t.Errorf("network %d, trained on shuffled columns, loses %.3f nats, want %.3f", i, got, math.Log(5))
		}
	}
}

// TestLossesOfParts checks that the losses of parts are those of their rows alone.
func TestLossesOfParts(t *testing.T) {
	rows, c := related(47), learned()
	parts, err := c.ColumnLosses(context.Background(), rows.Codes, rows.Rows, 5)
	if err != nil {
		t.Fatal(err)
	}
	for part := range 5 {
		var alone []uint16
		for i := part; i < rows.Rows; i += 5 {
			alone = append(alone, rows.row(i)...)
		}
		want, err := c.ColumnLosses(context.Background(), alone, len(alone)/3, 1)
		if err != nil {
			t.Fatal(err)
		}
		for n := range parts {
			for j, got := range parts[n][part] {
				if math.Abs(got-want[n][0][j]) > 1e-6 {
					t.Errorf("network %d, part %d, column %d: %g, of its rows alone %g", n, part, j, got, want[n][0][j])
				}
			}
		}
	}
}

func TestUnseen(t *testing.T) {
	got := unseen(8, []int{1, 2, 4, 7}, []int{0, 2})
	want := []int{0, 1, 3, 4, 5, 6}
	if len(got) != len(want) {
		t.Fatalf("unseen rows %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("unseen rows %v, want %v", got, want)
		}
	}
}
