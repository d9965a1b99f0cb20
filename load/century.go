package load

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// centuryMark stands in layouts of our readers between a layout with years of two digits
// and the first year of the hundred that they are in; schemas show what is before it.
const centuryMark = " from "

// lastYear is the last year that years of two digits are taken to be in: columns of them
// hold what was, or soon will be.
const lastYear = 2035

// withCentury returns a layout with the hundred years that its years of two digits are in:
// they begin behind the largest gap among the years of the cells, so that no value
// crosses from one end to the other, in the last century in which none is
// after lastYear. Other layouts stay. Package time, like POSIX, begins at 1969, and makes
// 2067 of a 67 beside years up to 16.
//
// If prefer, the layout of the same column elsewhere, has a hundred years, it is those,
// unless they put a year after lastYear.
func withCentury(layout string, cells []cell, prefer string) string {
	if !strings.Contains(strings.ReplaceAll(layout, "2006", ""), "06") || strings.HasPrefix(layout, epochPrefix) {
		return layout
	}
	var seen [100]bool
	for _, c := range cells {
		if t, err := time.Parse(layout, strings.TrimSpace(c.text)); err == nil {
			seen[t.Year()%100] = true
		}
	}
	var years []int
	for y, is := range seen {
		if is {
			years = append(years, y)
		}
	}
	if _, from := withoutCentury(prefer); from != 0 && !slices.ContainsFunc(years, func(y int) bool { return yearIn(y, from) > lastYear }) {
		return layout + centuryMark + strconv.Itoa(from)
	}
	if len(years) == 0 {
		return layout
	}
	first, last, widest := years[0], years[len(years)-1], years[0]+100-years[len(years)-1]
	for i := 1; i < len(years); i++ {
		if gap := years[i] - years[i-1]; gap > widest {
			first, last, widest = years[i], years[i-1]+100, gap
		}
	}
	century := 2000
	for century+last > lastYear {
		century -= 100
	}
	return layout + centuryMark + strconv.Itoa(century+first)
}

// withoutCentury returns the layout as package time knows it, and the first of the hundred years; 0 = it is not said.
func withoutCentury(layout string) (plain string, first int) {
	plain, year, found := strings.Cut(layout, centuryMark)
	if !found {
		return layout, 0
	}
	first, err := strconv.Atoi(year)
	if err != nil {
		return layout, 0
	}
	return plain, first
}

// yearIn returns the year that ends like y among the hundred from first on.
func yearIn(y, first int) int { return first + ((y-first)%100+100)%100 }

// otherCentury reports whether two layouts have years of two digits in different hundreds.
func otherCentury(a, b string) bool {
	_, first := withoutCentury(a)
	_, second := withoutCentury(b)
	return first != 0 && second != 0 && first != second
}

// inCentury moves a time to the year of the same two digits among the hundred from
// first on; false if that has no such day.
func inCentury(t time.Time, first int) (time.Time, bool) {
	year := yearIn(t.Year(), first)
	moved := t.AddDate(year-t.Year(), 0, 0)
	return moved, moved.Day() == t.Day()
}

// shownLayout is a layout as schemas show it.
func shownLayout(layout string) string {
	plain, _ := withoutCentury(layout)
	return plain
}
