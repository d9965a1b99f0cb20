package load

import (
	"fmt"
	"strings"
	"time"
)

// A timeLayout is one way in which text files write points in time.
type timeLayout struct {
	layout string // as in package time; one that starts with 2006-01-02 stands for every ISO 8601 variant
	twin   string // the same with day and month exchanged; "" if that cannot be meant
}

// isoDate is the layout whose reader is parseISO.
const isoDate = "2006-01-02"

// timeLayouts returns the layouts that are tried, in the order of preference
// among those that read equally many cells.
func timeLayouts() []timeLayout {
	list := []timeLayout{{layout: isoDate}}
	clocks := []string{"", " 15:04:05", " 15:04", " 3:04:05 PM", " 3:04 PM"}
	for _, clock := range clocks {
		list = append(list, timeLayout{layout: "2006/01/02" + clock}, timeLayout{layout: "2006/1/2" + clock})
	}
	for _, year := range []string{"2006", "06"} {
		for _, clock := range clocks {
			for _, ordered := range [][2]string{{"01/02/", "02/01/"}, {"1/2/", "2/1/"}, {"02.01.", ""}, {"2.1.", ""}, {"02-01-", "01-02-"}, {"2-1-", "1-2-"}} {
				list = append(list, timeLayout{layout: ordered[0] + year + clock, twin: ordered[1]})
				if ordered[1] != "" {
					list[len(list)-1].twin += year + clock
					list = append(list, timeLayout{layout: ordered[1] + year + clock, twin: ordered[0] + year + clock})
				}
			}
			for _, named := range []string{"02 Jan ", "2 Jan ", "2 January ", "02-Jan-", "2-Jan-", "Jan 2, ", "January 2, ", "Jan 2 ", "January 2 "} {
				list = append(list, timeLayout{layout: named + year + clock})
			}
		}
	}
	return append(list,
		timeLayout{layout: time.RFC1123}, timeLayout{layout: time.RFC1123Z},
		timeLayout{layout: time.ANSIC}, timeLayout{layout: time.UnixDate}, timeLayout{layout: "02/Jan/2006:15:04:05 -0700"},
		timeLayout{layout: "2006-01"})
}

// layoutTrials is how many cells each layout is tried on before those that
// read none are dropped.
const layoutTrials = 100

// inferLayout returns the layout that reads most of the texts and how many it
// reads; 0 hits if there is none. Day and month are told apart by values above
// 12 only; where there are none, ambiguous says how they were taken.
func inferLayout(texts []string) (layout string, hits int, ambiguous string) {
	if !likelyTimes(texts) {
		return "", 0, ""
	}
	counts := map[string]int{}
	var best timeLayout
	tried := tallyTexts(texts[:min(layoutTrials, len(texts))])
	var others []tallied
	for _, l := range timeLayouts() {
		read := timeReader(l.layout)
		n := countTimes(read, tried)
		if n == 0 {
			continue
		}
		if len(texts) > layoutTrials {
			if others == nil {
				others = tallyTexts(texts[layoutTrials:])
			}
			n += countTimes(read, others)
		}
		counts[l.layout] = n
		if n > hits {
			best, hits = l, n
		}
	}
	switch {
	case hits == 0:
		return "", 0, ""
	case best.layout == isoDate:
		return isoVariant(texts), hits, ""
	case best.twin != "" && counts[best.twin] == hits:
		ambiguous = fmt.Sprintf("ambiguous dates: no value tells day from month; read as %s", inWords(best.layout))
	}
	return best.layout, hits, ambiguous
}

// likelyTimes is a quick look that spares columns of other text the trials.
func likelyTimes(texts []string) bool {
	texts = texts[:min(layoutTrials, len(texts))]
	n := 0
	for _, s := range texts {
		s = strings.TrimSpace(s)
		if len(s) >= 6 && len(s) <= 40 && strings.ContainsAny(s, "-/. :") && strings.ContainsAny(s, "0123456789") && strings.Count(s, " ") <= 6 {
			n++
		}
	}
	return 2*n > len(texts)
}

// tallied is a text and how often it occurs: names repeat, and are tried once.
type tallied struct {
	text  []byte
	count int
}

func tallyTexts(texts []string) []tallied {
	var out []tallied
	at := make(map[string]int, len(texts))
	for _, s := range texts {
		i, ok := at[s]
		if !ok {
			i = len(out)
			at[s] = i
			out = append(out, tallied{text: []byte(s)})
		}
		out[i].count++
	}
	return out
}

func countTimes(read func([]byte) (float64, bool), texts []tallied) int {
	n := 0
	for _, t := range texts {
		if _, ok := read(t.text); ok {
			n += t.count
		}
	}
	return n
}

// inWords says "month/day/year" for a layout of numbers.
func inWords(layout string) string {
	if strings.HasPrefix(strings.TrimPrefix(layout, "0"), "1") {
		return "month, day, year"
	}
	return "day, month, year"
}

// isoVariant returns the layout of package time for the first of texts that
// parseISO reads.
func isoVariant(texts []string) string {
	for _, s := range texts {
		if _, ok := parseISO([]byte(s)); ok {
			return isoLayout(strings.TrimSpace(s))
		}
	}
	return isoDate
}

// isoLayout returns the layout of s, which parseISO reads.
func isoLayout(s string) string {
	if len(s) == 10 {
		return isoDate
	}
	layout := isoDate + s[10:11] + "15:04"
	s = s[16:]
	if strings.HasPrefix(s, ":") {
		layout += ":05"
		s = s[3:]
	}
	if strings.HasPrefix(s, ".") {
		n := 1
		for n < len(s) && s[n]-'0' <= 9 {
			n++
		}
		layout += "." + strings.Repeat("9", min(n-1, 9))
		s = s[n:]
	}
	if strings.HasPrefix(s, " ") {
		layout += " "
		s = s[1:]
	}
	switch {
	case s == "":
		return layout
	case len(s) == 3 && s != "UTC":
		return layout + "-07"
	case len(s) == 5:
		return layout + "-0700"
	}
	return layout + "Z07:00"
}
