package recommend

import "testing"

func TestUnwrap(t *testing.T) {
	for _, c := range []struct {
		text   string
		want   float64
		ok     bool
		reason string
	}{
		{"41 yrs", 41, true, "a unit"},
		{"170.2cm", 170.2, true, "a unit without a blank"},
		{"$1,234.50", 1234.5, true, "a currency, and a comma between thousands"},
		{"€ 12", 12, true, "a currency and a blank"},
		{"-1,234,567", -1234567, true, "two commas"},
		{"1 234 567", 1234567, true, "blanks between thousands"},
		{"12%", 12, true, "a per cent sign"},
		{"~5 km", 5, true, "two wraps"},
		{"3e4 m", 3e4, true, "a power of ten in digits"},
		{"1O", 0, false, "the letter O may be a 0: 10, not 1"},
		{"l2", 0, false, "the letter l may be a 1"},
		{"4 S", 0, false, "the letter S may be a 5"},
		{"45k", 0, false, "45,000, not 45"},
		{"$3M", 0, false, "millions"},
		{"2 million", 0, false, "in words"},
		{"12,5x", 0, false, "a decimal comma, not 125"},
		{"1,2,3", 0, false, "a list"},
		{"1,23 €", 0, false, "a decimal comma"},
		{"1,234,56", 0, false, "neither"},
		{"12 to 15", 0, false, "two numbers"},
		{"USD 12", 12, true, "a currency in letters"},
		{"12/05/2024", 0, false, "a date"},
		{"12-15", 0, false, "a range"},
		{"1e999", 0, false, "not finite"},
		{"NaN", 0, false, "not finite"},
		{"err", 0, false, "no number"},
		{"", 0, false, "nothing"},
	} {
		if got, ok := unwrap(c.text); ok != c.ok || ok && got != c.want {
			t.Errorf("%s: %q is %v, %v, want %v, %v", c.reason, c.text, got, ok, c.want, c.ok)
		}
	}
}
