package dataset_test

import (
	"fmt"
	"testing"

	"synthos/dataset"
)

func TestPlacesAreThoseOfIndex(t *testing.T) {
	s := dataset.Schema{}
	for _, name := range []string{"b", "a", "b", "", "c"} { // equal names: the first one counts
		s.Fields = append(s.Fields, dataset.Field{Name: name})
	}
	names := []string{"c", "b", "missing", "", "a", "b"}
	want := make([]int, len(names))
	for i, name := range names {
		want[i] = s.Index(name)
	}
	if got := s.Places(names); fmt.Sprint(got) != fmt.Sprint(want) || got[1] != 0 || got[2] != -1 {
		t.Errorf("places %v, want %v", got, want)
	}
}
