package load

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// Amounts are numbers with one sign; what only looks like them stays text.
func TestAmounts(t *testing.T) {
	read := func(n string) string { return "-1 a: numbers with " + n + ": read as the number beside it" }
	for _, test := range []struct {
		name, reason string
		cells        []string
		want         []string // the cells as they are read
		typ          dataset.Type
		finding      string
	}{
		{"dollars", "the sign before, groups of thousands, a minus on either side of it", []string{"$1,000.50", "-$2.00", "$-3", "$ 4"}, []string{"1000.5", "-2", "-3", "4"}, dataset.Float, read("$")},
		{"euros", "the sign behind, a decimal comma", []string{"1.000,50 €", "2,25 €", "-3,00€", "4 €"}, []string{"1000.5", "2.25", "-3", "4"}, dataset.Float, read("€")},
		{"a code", "three letters of a currency", []string{"EUR 5", "6.5 EUR", "7", "EUR 8"}, []string{"5", "6.5", "7", "8"}, dataset.Float, read("EUR")},
		{"percent", "the number beside the sign", []string{"5%", "6.5 %", "-7%"}, []string{"5", "6.5", "-7"}, dataset.Float, read("%")},
		{"brackets", "as in accounts", []string{"(5.5)", "6", "($7)", "$8"}, []string{"-5.5", "6", "-7", "8"}, dataset.Float, read("$")},
		{"a minus behind", "as SAP writes it", []string{"5.5-", "6", "7"}, []string{"-5.5", "6", "7"}, dataset.Float, ""},
		{"a typographic minus", "U+2212", []string{"\u22125", "6", "\u22127.5"}, []string{"-5", "6", "-7.5"}, dataset.Float, ""},
		{"two currencies", "are two units", []string{"$5", "€6", "$7", "€8"}, nil, dataset.String, ""},
		{"shares both ways", "5% beside 0.05 are two units too", []string{"5%", "0.05", "6%", "0.07"}, nil, dataset.String, ""},
		{"numbered points", "nothing but brackets", []string{"(1)", "(2)", "(3)"}, nil, dataset.String, ""},
		{"telephone", "brackets within", []string{"(030) 1234", "(040) 5678"}, nil, dataset.String, ""},
		{"ranges", "a minus between", []string{"5-6", "7-8", "9-10"}, nil, dataset.String, ""},
		{"names", "letters that are no currency", []string{"A5", "B6", "5th"}, nil, dataset.String, ""},
		{"codes", "leading zeros", []string{"$007", "$008"}, nil, dataset.String, ""},
	} {
		got := readsColumn(t, test.name+", "+test.reason, test.cells, test.want, test.typ)
		if found := strings.Join(got.Findings, "; "); !strings.Contains(found, test.finding) || test.finding == "" && strings.Contains(found, "read as the number") {
			t.Errorf("%s: findings %q, want %q", test.name, found, test.finding)
		}
	}
}

// What ragged tails of a column of amounts hold is an invalid cell.
func TestAmountsInvalid(t *testing.T) {
	got := mustRead(t, "a.csv", "a,b\n"+strings.Repeat("$5,x\n", 30)+"€6,x\n—,x\n", Options{})
	if diff := cmp.Diff([]string{"30: | <invalid €6> | x", "31: | <null> | x"}, got.Rows[30:]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Lines of text above a table of two columns, dates in more ways, and the last row
// of a table that sums it up.
func TestTablesAsPeopleMakeThem(t *testing.T) {
	for _, test := range []struct {
		name, reason, text string
		columns            []string
		rows               int
		last               string
		finding            string
	}{
		{"titles", "an empty line parts them from the table", "Sales\nmade: today\n\nid,amount\n1,2.5\n2,3.5\n", []string{"id float", "amount float"}, 2, "1: | 2 | 3.5", `3 lines above the table were left out; the first is "Sales"`},
		{"prose", "commas in text are no table", "word\nfirst\n\nsecond, third\nfourth\n", []string{"word string"}, 4, "3: | fourth", ""},
		{"months", "without a comma", "d,x\nJan 2 2024,a\nMar 15 2024,b\n", []string{"d time", "x string"}, 2, "1: | 1.7104608e+09 | b", ""},
		{"days in one number", "twenty that are all dates", "d,x\n" + strings.Repeat("20240229,a\n20231231,b\n", 10), []string{"d time", "x string"}, 20, "19: | 1.7039808e+09 | b", ""},
		{"numbers like days", "too few to be sure", "d,x\n20240229,a\n20231231,b\n", []string{"d float", "x string"}, 2, "1: | 2.0231231e+07 | b", ""},
		{"numbers of eight digits", "one is no date", "d,x\n" + strings.Repeat("20240229,a\n20231232,b\n", 10), []string{"d float", "x string"}, 20, "19: | 2.0231232e+07 | b", ""},
		{"totals", "stay, and are told", "item,n\na,1\nb,2\nc,3\nTotal:,6\n", []string{"item string", "n float"}, 4, "3: | Total: | 6", `3 item: the last row says "Total:"`},
		{"totals beside numbers", "the label is an invalid cell", "item,n\n" + strings.Repeat("1,1\n", 30) + "Summe,30\n", []string{"item float", "n float"}, 31, "30: | <invalid Summe> | 30", `30 item: the last row says "Summe"`},
		{"what is called a total", "and holds other numbers", "item,n\na,1\nb,2\nc,3\nTotal,7\n", []string{"item string", "n float"}, 4, "3: | Total | 7", ""},
	} {
		for name, data := range map[string]string{"a.csv": test.text, "a.csv.gz": gzipped(test.text)} {
			got := mustRead(t, name, data, Options{RangeBytes: 10})
			if diff := cmp.Diff(test.columns, got.Columns); diff != "" || len(got.Rows) != test.rows || got.Rows[test.rows-1] != test.last {
				t.Errorf("%s, %s: %d rows, %s %s", test.name, test.reason, len(got.Rows), diff, got.Rows[len(got.Rows)-1])
			}
			found := strings.Join(got.Findings, "; ")
			if !strings.Contains(found, test.finding) || test.finding == "" && found != "" {
				t.Errorf("%s: findings %q, want %q", test.name, found, test.finding)
			}
		}
	}
	book := writeBook(t, `<row><c t="str"><v>item</v></c><c t="str"><v>n</v></c></row><row><c t="str"><v>a</v></c><c><v>1</v></c></row>`+
		`<row><c t="str"><v>b</v></c><c><v>2</v></c></row><row><c t="str"><v>Grand Total</v></c><c><v>3</v></c></row>`, nil)
	src := opened(t, book)
	got, err := readContents(src)
	if found := strings.Join(got.Findings, "; "); err != nil || !strings.Contains(found, `the last row says "Grand Total"`) {
		t.Errorf("a workbook: %v, findings %q", err, found)
	}
}

// Columns of lists are not read as one row.
func TestListsOfColumns(t *testing.T) {
	_, err := openTemp(t, "a.json", `{"a":[1,2,3],"b":["x","y","z"]}`, Options{})
	wantError(t, err, "a member for each column", "list of records")
	got := mustRead(t, "a.jsonl", `{"a":[1,2,3],"b":["x","y","z"]}`+"\n", Options{})
	if len(got.Rows) != 1 {
		t.Errorf("a line of JSON: %v", got.Rows)
	}
}
