package load

import (
	"bytes"
	"slices"
	"strings"
)

// amountPrefix begins the layout of numbers with signs that are no digits: a
// currency or a percent sign, brackets or a minus behind for negative ones. After
// it stand the sign, a zero byte, and the layout of the rest.
const amountPrefix = "amount "

// currencies are signs before or behind an amount, the longer of two first.
var currencies = []string{"US$", "CA$", "A$", "C$", "R$", "HK$", "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₪", "฿", "₫", "₴", "₦", "zł", "kr", "Kč", "Ft", "Fr.",
	"USD", "EUR", "GBP", "JPY", "CNY", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "INR", "BRL", "MXN", "ZAR", "KRW", "SGD", "HKD", "TRY", "RUB", "ILS", "THB"}

// amountSigns are the signs that amounts may have: currencies, and percent behind.
var amountSigns = append(slices.Clone(currencies), "%")

// amount is a number as people write it.
type amount struct {
	bare     []byte // without signs
	sign     string // a currency, "%", or ""
	negative bool
	odd      bool // in brackets, or with a minus behind
}

// parseAmount takes the signs off text, those of numbers and one of the given ones;
// false if nothing is left.
func parseAmount(text []byte, signs []string) (a amount, ok bool) {
	text = bytes.TrimSpace(text)
	if n := len(text); n > 2 && text[0] == '(' && text[n-1] == ')' {
		a.negative, a.odd, text = true, true, bytes.TrimSpace(text[1:n-1])
	}
	minus := func() {
		for _, m := range []string{"-", "\u2212"} {
			if rest, found := bytes.CutPrefix(text, []byte(m)); found && !a.negative {
				a.negative, text = true, bytes.TrimSpace(rest)
				return
			}
		}
	}
	minus()
	for _, c := range signs {
		if rest, found := bytes.CutPrefix(text, []byte(c)); found && c != "%" {
			a.sign, text = c, bytes.TrimSpace(rest)
			break
		}
	}
	if a.sign != "" {
		minus()
	}
	for _, c := range signs {
		if rest, found := bytes.CutSuffix(text, []byte(c)); found && a.sign == "" {
			a.sign, text = c, bytes.TrimSpace(rest)
			break
		}
	}
	if rest, found := bytes.CutSuffix(text, []byte("-")); found && !a.negative {
		a.negative, a.odd, text = true, true, bytes.TrimSpace(rest)
	}
	a.bare = text
	return a, len(text) > 0 && (text[0]-'0' <= 9 || text[0] == '.' || text[0] == ',')
}

// amountTrials is after how many cells a column without amounts is left.
const amountTrials = 100

// amountLayout decides whether a column holds amounts: numbers of which one sign
// stands beside nearly all. Two currencies are two units, and no column of
// numbers; brackets and a minus behind count only beside numbers without.
func amountLayout(cells []cell) (layout string, count int, ambiguous string) {
	signs := map[string]int{}
	found, marked := 0, 0
	for i, c := range cells {
		if i == amountTrials && 2*found < i {
			return "", 0, "" // a column of other text
		}
		if a, ok := parseAmount([]byte(c.text), amountSigns); ok {
			signs[a.sign]++
			found++
			if a.sign != "" || a.negative {
				marked++
			}
		}
	}
	if marked == 0 {
		return "", 0, ""
	}
	sign := ""
	for _, s := range amountSigns { // numbers without a sign go with any
		if n := signs[s]; n > 0 && (sign == "" || n > signs[sign]) {
			sign = s
		}
	}
	var bare []cell
	odd, plain := 0, 0
	for _, c := range cells {
		a, ok := parseAmount([]byte(c.text), amountSigns)
		if !ok || !a.has(sign) {
			continue
		}
		if a.odd {
			odd++
		}
		if _, ok := parseNumber(a.bare); ok {
			plain++
		}
		bare = append(bare, cell{text: string(a.bare)})
	}
	if odd > 0 && odd == len(bare) || slices.ContainsFunc(bare, func(c cell) bool { return isCode([]byte(c.text)) }) {
		return "", 0, ""
	}
	inner, count, ambiguous := numberLayout(bare, plain)
	return amountPrefix + sign + "\x00" + inner, count, ambiguous
}

// has reports whether a is an amount in a column of those with a sign. A share
// without its percent sign may be one of 1.
func (a amount) has(sign string) bool { return a.sign == sign || a.sign == "" && sign != "%" }

// amountReader returns the function that reads amounts of a layout, and the sign.
func amountReader(layout string) (read func([]byte) (float64, bool), sign string) {
	sign, inner, _ := strings.Cut(strings.TrimPrefix(layout, amountPrefix), "\x00")
	number, signs := numberReader(inner), []string{sign}
	if sign == "" {
		signs = nil
	}
	return func(text []byte) (float64, bool) {
		a, ok := parseAmount(text, signs)
		if !ok || !a.has(sign) {
			return 0, false
		}
		x, ok := number(a.bare)
		if a.negative {
			x = -x
		}
		return x, ok
	}, sign
}
