package load

import (
	"testing"
	"time"
)

func TestParseISO(t *testing.T) {
	tests := []struct{ text, layout string }{ // layout: as package time reads it; "" = not a time
		{"1970-01-01", "2006-01-02"},
		{"2024-02-29", "2006-01-02"},
		{"0001-01-01", "2006-01-02"},
		{"0000-01-01", "2006-01-02"},
		{"9999-12-31", "2006-01-02"},
		{"2024-02-29 13:45", "2006-01-02 15:04"},
		{"2024-02-29T13:45:07", "2006-01-02T15:04:05"},
		{"2024-02-29T13:45:07.25", "2006-01-02T15:04:05"},
		{"1969-12-31 23:59:59.999", "2006-01-02 15:04:05"},
		{"2024-02-29T13:45:07Z", time.RFC3339},
		{"2024-02-29T13:45:07+05:30", time.RFC3339},
		{"2024-02-29T13:45:07-0800", "2006-01-02T15:04:05Z0700"},
		{"2024-02-29T13:45:07+02", "2006-01-02T15:04:05Z07"},
		{"2024-02-29 13:45:07 +02:00", "2006-01-02 15:04:05 Z07:00"},
		{"2023-02-29", ""}, {"1900-02-29", ""}, {"2024-13-01", ""}, {"2024-00-10", ""}, {"2024-04-31", ""}, {"2024-1-1", ""},
		{"2024-01-01T", ""}, {"2024-01-01T24:00", ""}, {"2024-01-01T12:60", ""}, {"2024-01-01T12:00:60", ""},
		{"2024-01-01T12:00:00.", ""}, {"2024-01-01T12:00x", ""}, {"2024-01-01T12:00+0", ""}, {"2024-01-01T12:00+02:", ""}, {"2024-01-01X12:00", ""},
	}
	for _, test := range tests {
		got, ok := parseISO([]byte(test.text))
		if test.layout == "" {
			if ok {
				t.Errorf("parseISO(%q) = %v, but that is no time", test.text, got)
			}
			continue
		}
		at, err := time.Parse(test.layout, test.text)
		if err != nil {
			t.Fatal(err)
		}
		want := float64(at.Unix()) + float64(at.Nanosecond())/1e9
		if !ok || got != want {
			t.Errorf("parseISO(%q) = %v, %v, package time has %v", test.text, got, ok, want)
		}
	}
}

// Every day from 1600 to 2400 is as many days from 1970 as package time says.
func TestDaysSince1970(t *testing.T) {
	at := time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC)
	for ; at.Year() <= 2400; at = at.AddDate(0, 0, 1) {
		y, m, d := at.Date()
		if got, want := daysSince1970(y, int(m), d), int(at.Unix()/86400); got != want {
			t.Fatalf("%v: %d days, want %d", at, got, want)
		}
		if next := at.AddDate(0, 0, 1); next.Day() == 1 && daysIn(y, int(m)) != d {
			t.Fatalf("%v has %d days, want %d", at, daysIn(y, int(m)), d)
		}
	}
}
