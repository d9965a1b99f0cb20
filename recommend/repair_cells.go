package recommend

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"synthos/dataset"
)

var repairCells = fix{
	kind:  "repair_cells",
	about: "read numbers that are wrapped in units or signs, and make null what cannot be read",
	need: func(v *view) float64 {
		for _, j := range v.columns {
			if len(v.in.Data.Columns[j].Invalid) > 0 {
				return v.worst()
			}
		}
		return 0
	},
	apply: applyRepairCells,
	cost:  func(p *Prices, d *details) float64 { return passing(p, d.total) },
}

func applyRepairCells(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
	out, d := t, details{}
	read, null := 0, 0
	bad := map[int]bool{}
	for _, j := range v.columns {
		f := v.in.Data.Schema.Fields[j]
		plausible := v.plausible(j)
		if n := len(v.in.Data.Columns[j].Invalid); n > 0 {
			d.columns = append(d.columns, f.Name)
		}
		for _, x := range v.in.Data.Columns[j].Invalid {
			bad[x.Row] = true
			if y, ok := unwrap(x.Text); ok && f.Type == dataset.Float && plausible(y) {
				read++
			} else {
				null++
			}
		}
		if len(t.Columns[j].Invalid) == 0 {
			continue
		}
		var c *dataset.Vector
		out, c = withColumn(out, j)
		for _, x := range c.Invalid {
			if y, ok := unwrap(x.Text); ok && f.Type == dataset.Float && plausible(y) {
				c.Floats[x.Row], c.Null[x.Row] = y, false
			}
		}
		c.Invalid = nil
	}
	if out == t {
		return nil, d, false
	}
	d.mended = v.onlyUnreadable()
	for i := range bad {
		d.rows = append(d.rows, v.in.Data.RowIDs[i])
	}
	slices.Sort(d.rows)
	d.total = v.inFile(float64(len(bad)), v.in.Data.Rows())
	d.title = fmt.Sprintf("Repair unreadable cells in %s rows", count(d.total))
	switch {
	case null == 0:
		d.text = "Read the numbers out of the cells that wrap them in units or signs."
	case read == 0:
		d.text = "Make null the cells that cannot be read as their column's type."
	default:
		d.text = "Read the numbers out of the cells that wrap them in units or signs, and make null the others that cannot be read."
	}
	return out, d, true
}

// onlyUnreadable returns the flagged rows of the sample against which nothing is held but
// the unreadable cells that are repaired.
func (v *view) onlyUnreadable() map[int64]bool {
	out := map[int64]bool{}
	if v.in.Localization == nil {
		return out
	}
	repaired := map[string]map[int64]bool{} // by column
	for _, j := range v.columns {
		rows := map[int64]bool{}
		for _, x := range v.in.Data.Columns[j].Invalid {
			rows[v.in.Data.RowIDs[x.Row]] = true
		}
		repaired[v.in.Data.Schema.Fields[j].Name] = rows
	}
	for row, columns := range v.in.Localization.Unreadable() {
		if !slices.ContainsFunc(columns, func(name string) bool { return !repaired[name][row] }) {
			out[row] = true
		}
	}
	return out
}

// unwrap reads a number with a sign of currency, a unit, a per cent sign or
// separators of thousands around or in it. What can be read in two ways is not read: a letter
// that may be a digit (1O, l2) or a power of ten (45k, 3M), and commas that do not part thousands.
func unwrap(s string) (float64, bool) {
	core := strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsLetter(r) || unicode.Is(unicode.Sc, r) || strings.ContainsRune("%\"'~<>=", r)
	})
	before, after, _ := strings.Cut(s, core)
	if core == "" || ambiguous(lastWord(before)) || ambiguous(firstWord(after)) {
		return 0, false
	}
	core = strings.NewReplacer("_", "", " ", "", "\u00a0", "").Replace(core)
	if strings.Contains(core, ",") {
		if !thousands.MatchString(core) {
			return 0, false
		}
		core = strings.ReplaceAll(core, ",", "")
	}
	x, err := strconv.ParseFloat(core, 64)
	return x, err == nil && x-x == 0
}

// thousands matches numbers with a comma between thousands.
var thousands = regexp.MustCompile(`^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$`)

// ambiguous reports whether letters beside a number may belong to it.
func ambiguous(word string) bool {
	switch word {
	case "O", "o", "I", "l", "S", "B", "Z", // like 0, 1, 5, 8 and 2
		"k", "K", "M", "b", "G", "T", "bn", "mn", "mio", "Mio", "mrd", "Mrd", "tsd", "Tsd", "lakh", "crore", "thousand", "million", "billion":
		return true
	}
	return false
}

// firstWord returns the letters at the beginning of s, lastWord those at its end; blanks between
// do not count.
func firstWord(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		return s[:i]
	}
	return s
}

func lastWord(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.LastIndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		_, size := utf8.DecodeRuneInString(s[i:])
		return s[i+size:]
	}
	return s
}

// plausible returns whether a number fits among those of column j: not more than
// their range outside it.
func (v *view) plausible(j int) func(x float64) bool {
	sorted := v.sorted(j, false)
	if v.donors != nil {
		sorted = v.sorted(j, true)
	}
	if len(sorted) == 0 {
		return func(float64) bool { return false }
	}
	lo, hi := sorted[0], sorted[len(sorted)-1]
	return func(x float64) bool { return x >= lo-(hi-lo) && x <= hi+(hi-lo) }
}

// sorted returns the numbers of column j of the data, or of the reference, ascending.
func (v *view) sorted(j int, reference bool) []float64 {
	c := &v.in.Data.Columns[j]
	if reference {
		c = &v.in.Reference.Columns[v.twins[j]]
	}
	var out []float64
	for i, x := range c.Floats {
		if !c.Null[i] {
			out = append(out, x)
		}
	}
	slices.Sort(out)
	return out
}
