package encode

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// decodable has a number in cents, a level, a boolean stored as a number, a text
// and an id, with nulls; of two seeds the second has a level of its own.
func decodable(n int, seed uint64) *dataset.Table {
	r := rand.New(rand.NewPCG(seed, 5))
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "price", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "key", Type: dataset.String, Kind: dataset.ID},
		{Name: "color", Type: dataset.String, Kind: dataset.Categorical},
		{Name: "paid", Type: dataset.Bool, Kind: dataset.Boolean},
		{Name: "note", Type: dataset.String, Kind: dataset.Text},
	}}, Columns: make([]dataset.Vector, 5)}
	words := strings.Fields("late order of blue shoes came broken and the box was open when it was sent back again")
	for i := range n {
		t.RowIDs = append(t.RowIDs, int64(i))
		color := []string{"red", "green", "blue"}[r.IntN(3)]
		if seed > 1 && r.IntN(20) == 0 {
			color = "mauve"
		}
		var note []string
		for range 2 + r.IntN(12) {
			note = append(note, words[r.IntN(len(words))])
		}
		null := r.IntN(10) == 0
		c := t.Columns
		c[0].Floats, c[0].Null = append(c[0].Floats, float64(r.IntN(100000))/100), append(c[0].Null, null)
		c[1].Strings, c[1].Null = append(c[1].Strings, fmt.Sprint(i)), append(c[1].Null, false)
		c[2].Strings, c[2].Null = append(c[2].Strings, color), append(c[2].Null, false)
		c[3].Floats, c[3].Null = append(c[3].Floats, float64(r.IntN(2))), append(c[3].Null, false)
		c[4].Strings, c[4].Null = append(c[4].Strings, strings.Join(note, " ")), append(c[4].Null, null)
	}
	return t
}

// TestDecode checks that values have the codes that they were decoded from, and
// are values of the rows they come from.
func TestDecode(t *testing.T) {
	reference, data := decodable(2000, 1), decodable(1500, 2)
	s := Fit(reference, nil, data)
	codes := s.Codes(data)
	got := s.Decode(codes, data, 7)
	if diff := cmp.Diff([]string{"price", "color", "paid", "note"}, got.Schema.Names()); diff != "" {
		t.Fatalf("columns (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(codes.Data, s.Codes(got).Data); diff != "" {
		t.Errorf("the codes of the decoded rows (-want +got):\n%s", diff)
	}
	same, mauve := 0, 0
	for i := range got.Rows() {
		if got.Columns[0].Null[i] != data.Columns[0].Null[i] {
			t.Fatalf("row %d: null %v, want %v", i, got.Columns[0].Null[i], data.Columns[0].Null[i])
		}
		if x := got.Columns[0].Floats[i]; !got.Columns[0].Null[i] && !slices.Contains(data.Columns[0].Floats, x) {
			t.Fatalf("row %d: %v is no price of the data", i, x)
		}
		if got.Columns[0].Floats[i] == data.Columns[0].Floats[i] {
			same++
		}
		if got.Columns[1].Strings[i] == "mauve" {
			mauve++
		}
	}
	if same > got.Rows()/2 {
		t.Errorf("%d of %d prices are those of the same row: they should be drawn within their bins", same, got.Rows())
	}
	if mauve == 0 {
		t.Error("a level that the space does not know was lost")
	}
	if diff := cmp.Diff(got.Columns, s.Decode(codes, data, 7).Columns); diff != "" {
		t.Errorf("the same seed gives other rows:\n%s", diff)
	}
	if cmp.Equal(got.Columns, s.Decode(codes, data, 8).Columns) {
		t.Error("another seed gives the same rows")
	}
}

// TestDecodeWithoutDonor decodes codes that the rows given do not have, by what
// the space was fitted on.
func TestDecodeWithoutDonor(t *testing.T) {
	reference := decodable(2000, 1)
	s := Fit(reference, nil)
	codes := s.Codes(reference)
	got := s.Decode(codes, decodable(1, 1), 7)
	again := s.Codes(got)
	for j := range 3 { // not the text: its words are lost
		for i := range codes.N {
			if again.Row(i)[j] != codes.Row(i)[j] {
				t.Fatalf("row %d, slot %s: code %d became %d", i, s.Slots[j].Name, codes.Row(i)[j], again.Row(i)[j])
			}
		}
	}
	for j := range s.Slots {
		last := &Codes{N: 1, D: codes.D, Cards: codes.Cards, Nominal: codes.Nominal, Data: make([]uint16, codes.D)}
		last.Data[j] = uint16(codes.Cards[j] - 1)
		row := s.Decode(last, reference, 1)
		if k := s.Slots[j].Column; !row.Columns[k].Null[0] && s.Slots[j].Nominal {
			t.Errorf("%s: a level that nobody has is %+v, want null", s.Slots[j].Name, row.Columns[k])
		}
	}
}
