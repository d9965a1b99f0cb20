package load

import (
	"os"
	"path/filepath"
	"testing"

	"synthos/dataset"
)

// TestMendedNumbersReadBack mends cells of columns that write numbers in their own way, and
// reads the copy: the mended numbers, and the others as they were.
func TestMendedNumbersReadBack(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv")
	rows := "weight;opened;price\n50 kg;12:30:00;1,5\n60 kg;08:00:00;2,5\n7.5 kg;23:59:59;3,25\n80 kg;01:02:03;4\n"
	if err := os.WriteFile(from, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	edit := Edit{
		Cells: map[Place]Value{
			{1, "weight"}: {Number: 61.5}, {1, "opened"}: {Number: 3661}, {1, "price"}: {Number: 2.75},
			{2, "opened"}: {Number: 1.5}, // no time of day: it is left empty
		},
		Numbers: map[string]func(float64) float64{"price": func(x float64) float64 { return 10 * x }},
	}
	if _, err := Copy(t.Context(), opened(t, from), to, "", edit, nil); err != nil {
		t.Fatal(err)
	}
	got := readAll(t, to, Options{})
	for j, want := range [][]float64{{50, 61.5, 7.5, 80}, {45000, 3661, 0, 3723}, {15, 2.75, 32.5, 40}} {
		c := &got.Columns[j]
		if got.Schema.Fields[j].Type != dataset.Float {
			t.Fatalf("column %s is read back as %v", got.Schema.Fields[j].Name, got.Schema.Fields[j].Type)
		}
		for i, x := range want {
			if null := j == 1 && i == 2; c.Null[i] != null || !null && c.Floats[i] != x {
				t.Errorf("%s of row %d is %v (null %v), want %v", got.Schema.Fields[j].Name, i, c.Floats[i], c.Null[i], x)
			}
		}
	}
}
