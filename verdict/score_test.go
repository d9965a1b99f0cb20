package verdict

import (
	"encoding/json"
	"testing"
)

// A score says the same after it was written and read: 29.4512 is 29.45 in JSON.
func TestScoreSaysTheSameWhenReadAgain(t *testing.T) {
	for i := range 200001 {
		s := NewScore(float64(i) / 2000)
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var again Score
		if err := json.Unmarshal(b, &again); err != nil {
			t.Fatal(err)
		}
		if s.String() != again.String() {
			t.Fatalf("%v says %s, and %s when read again", float64(i)/2000, s, again)
		}
	}
	if got := NewScore(29.4512).String(); got != "29.5" {
		t.Errorf("29.4512 says %s", got)
	}
}
