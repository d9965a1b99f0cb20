package profile

import "testing"

func TestSampleOfWideTables(t *testing.T) {
	for _, test := range []struct {
		sample, columns, want int
		reason                string
	}{
		{20000, 50, 20000, "an ordinary table"},
		{20000, 200, 20000, "as wide as a table may be"},
		{20000, 1000, 4000, "as many cells as 20,000 rows of 200 columns"},
		{100000, 1000, 20000, "who asks for more rows gets more"},
		{20000, 20000, 500, "fewer rows would tell nothing"},
		{300, 20000, 300, "no more than asked for"},
	} {
		if got := SampleRows(test.sample, test.columns); got != test.want {
			t.Errorf("%s: %d rows of %d columns, want %d", test.reason, got, test.columns, test.want)
		}
	}
}
