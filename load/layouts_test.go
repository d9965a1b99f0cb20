package load

import (
	"testing"
	"time"
)

// The layout that isoLayout finds reads and writes the text that it was found from.
func TestISOLayout(t *testing.T) {
	for _, s := range []string{
		"2024-02-29", "2024-02-29 13:45", "2024-02-29T13:45:07", "2024-02-29T13:45:07.125", "2024-02-29T13:45:07Z",
		"2024-02-29T13:45:07.5+05:30", "2024-02-29 13:45:07-0800", "2024-02-29 13:45:07-08",
	} {
		layout := isoLayout(s)
		at, err := time.Parse(layout, s)
		if err != nil || at.Format(layout) != s {
			t.Errorf("%q has layout %q: %v, %v", s, layout, at.Format(layout), err)
		}
	}
}

// A twin is a layout of the table with day and month exchanged, and no layout
// is there twice.
func TestTimeLayouts(t *testing.T) {
	twins := map[string]string{}
	for _, l := range timeLayouts() {
		if _, again := twins[l.layout]; again {
			t.Errorf("%q is there twice", l.layout)
		}
		twins[l.layout] = l.twin
	}
	for layout, twin := range twins {
		if twin != "" && twins[twin] != layout {
			t.Errorf("the twin of %q is %q, whose twin is %q", layout, twin, twins[twin])
		}
	}
	at := time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)
	if got, ok := timeReader("02/01/2006")([]byte(" 02/01/2024 ")); !ok || got != float64(at.Unix()) {
		t.Errorf("02/01/2024 day first is %v", got)
	}
}
