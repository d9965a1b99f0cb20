package profile

import (
	"fmt"
	"strings"

	"synthos/dataset"
)

// Limits of KindOf.
const (
	idRows     = 50   // fewer rows can all differ by chance
	idShare    = 0.95 // distinct values among all: above, strings are names of rows
	idDensity  = 2    // whole numbers that fill at least 1 of 2 places are running numbers
	idPairs    = 20   // pairs of equal numbers that chance would make, and that a name of rows never has
	textWords  = 4    // words a value from which strings are read, not compared
	textShare  = 0.2  // distinct values among all above which that is sure
	textLength = 60   // characters a value above which it is sure too
)

// booleans are the pairs of words that mean false and true.
var booleans = [][2]string{
	{"no", "yes"}, {"false", "true"}, {"n", "y"}, {"f", "t"}, {"off", "on"},
	{"nein", "ja"}, {"n", "j"}, {"falsch", "wahr"}, {"nee", "ja"}, {"non", "oui"}, {"faux", "vrai"}, {"n", "o"}, {"no", "si"}, {"no", "sí"}, {"no", "sì"},
	{"não", "sim"}, {"nao", "sim"}, {"nie", "tak"}, {"нет", "да"}, {"いいえ", "はい"}, {"否", "是"}, {"아니오", "예"},
}

// KindOf decides what the values of c mean from c.Type and from what is known of
// all values, and says in one sentence why.
//
// Columns without a value are unknown; stored booleans and times are boolean and
// datetime. Numbers are boolean if all are 0 or 1, ids if at least 50 are all
// different whole numbers that fill at least half of the range that they span, or so much
// of it that chance would have drawn 20 pairs of equal ones (by the birthday problem), else
// numerical. Strings are boolean if there are two that mean no and yes; text
// if they have at least 4 words on average, and more than 20 % are distinct or
// they have more than 60 characters on average; ids if at least 50 are more than
// 95 % distinct; else categorical.
func KindOf(c *Column) (kind dataset.Kind, evidence string) {
	switch {
	case c.Count == 0:
		return dataset.Unknown, "there is no value"
	case c.Type == dataset.Bool:
		return dataset.Boolean, "stored as true and false"
	case c.Type == dataset.Time:
		return dataset.Datetime, "stored as points in time"
	case c.Type == dataset.String:
		return kindOfStrings(c)
	}
	return kindOfNumbers(c)
}

func kindOfNumbers(c *Column) (dataset.Kind, string) {
	numbers := "numbers"
	if c.Integer {
		numbers = "whole numbers"
	}
	numbers = fmt.Sprintf("%s from %.6g to %.6g", numbers, c.Min, c.Max)
	switch {
	case c.Integer && c.Min >= 0 && c.Max <= 1:
		return dataset.Boolean, "every number is 0 or 1"
	case c.Integer && c.Count >= idRows && c.Distinct == c.Count && c.Max-c.Min+1 <= idDensity*float64(c.Count):
		return dataset.ID, fmt.Sprintf("%d %s, all different, with few gaps", c.Count, numbers)
	case c.Integer && c.Count >= idRows && c.Distinct == c.Count && float64(c.Count)*float64(c.Count)/(c.Max-c.Min+1) >= 2*idPairs:
		return dataset.ID, fmt.Sprintf("%d %s, all different, though chance would make %.0f pairs of equal ones", c.Count, numbers, float64(c.Count)*float64(c.Count)/(c.Max-c.Min+1)/2)
	}
	return dataset.Numerical, numbers
}

func kindOfStrings(c *Column) (dataset.Kind, string) {
	share := float64(c.Distinct) / float64(c.Count)
	distinct := fmt.Sprintf("%.3g %% of %d values are distinct", 100*share, c.Count)
	switch {
	case isBoolean(c):
		return dataset.Boolean, fmt.Sprintf("the two values are %q and %q", c.Levels[0].Text, c.Levels[1].Text)
	case c.MeanWords >= textWords && (share > textShare || c.MeanLength > textLength):
		return dataset.Text, fmt.Sprintf("%.3g words and %.3g characters a value, %s", c.MeanWords, c.MeanLength, distinct)
	case c.Count >= idRows && share > idShare:
		return dataset.ID, distinct
	}
	about := "about "
	if c.DistinctExact {
		about = ""
	}
	return dataset.Categorical, fmt.Sprintf("%s%s in %s", about, plural(c.Distinct, "level"), plural(c.Count, "value"))
}

func isBoolean(c *Column) bool {
	if !c.LevelsComplete || len(c.Levels) != 2 {
		return false
	}
	a, b := fold(c.Levels[0].Text), fold(c.Levels[1].Text)
	for _, pair := range booleans {
		if pair == [2]string{a, b} || pair == [2]string{b, a} {
			return true
		}
	}
	return false
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Adopt gives the columns of p the kinds that the columns of the same name have
// in reference, so that both are measured alike. A column that is unknown there
// keeps its kind; so does one whose storage differs (strings or times on one side
// only), which becomes a finding.
func (p *Profile) Adopt(reference *dataset.Schema) {
	names := make([]string, len(p.Columns))
	for j := range names {
		names[j] = p.Columns[j].Name
	}
	for j, at := range reference.Places(names) {
		c := &p.Columns[j]
		if at < 0 {
			continue
		}
		theirs := reference.Fields[at]
		if !alike(theirs.Type, c.Type) {
			if c.Count > 0 && theirs.Kind != dataset.Unknown {
				p.Findings = append(p.Findings, dataset.Finding{Row: -1, Column: c.Name, Message: fmt.Sprintf(
					"stored as %v and taken as %v, but stored as %v and taken as %v in the reference", c.Type, c.Kind, theirs.Type, theirs.Kind)})
			}
			continue
		}
		if theirs.Kind == dataset.Unknown || theirs.Kind == c.Kind {
			continue
		}
		c.KindEvidence = fmt.Sprintf("%v in the reference (by itself %v: %s)", theirs.Kind, c.Kind, c.KindEvidence)
		c.Kind = theirs.Kind
		p.Schema.Fields[j].Kind = theirs.Kind
	}
}

// alike reports whether cells of both types can be of one kind.
func alike(a, b dataset.Type) bool {
	plain := func(t dataset.Type) bool { return t == dataset.Float || t == dataset.Bool }
	return a == b || plain(a) && plain(b)
}
