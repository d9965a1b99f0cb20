package load

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPlainCells compares the reading of cells at one go with that tag by tag, over
// sheets of usual and of odd cells, whatever the pieces that they are read in.
func TestPlainCells(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	cell := func(column string, row int) string {
		r := fmt.Sprintf(`r="%s%d"`, column, row)
		attributes := pick(r, r+` s="1"`, r+` s="1" t="n"`, `t="s" `+r, r+` t="str"`, r+`  t="b"`, r+` t="e"`, r+` cm="1"`, `r='`+column+`1'`, "", r+` s=""`, r+` s="9"`)
		value := pick("1", "0.25", "-3e5", "0", "1", "45000", "a&amp;b", "x_x000D_y", "_", "", "two words", "#N/A")
		return "<c" + pick(" ", " ", " ", "  ", "\n") + attributes + ">" + pick("<v>"+value+"</v>", "<v>"+value+"</v>", "<v>"+value+"</v>", "<f>A1</f><v>"+value+"</v>", "<is><t>"+value+"</t></is>", "<v>"+value+" </v >", "<v/>") + "</c>" + pick("", "", " ")
	}
	for range 3000 {
		var b strings.Builder
		b.WriteString("<worksheet><sheetData>")
		for row := range 3 {
			fmt.Fprintf(&b, `<row r="%d">`, row+1)
			for _, column := range []string{"A", "B", "C", "E"} {
				b.WriteString(cell(column, row+1))
			}
			b.WriteString("</row>")
		}
		b.WriteString("</sheetData></worksheet>")
		read := func(slow bool) string {
			book := &workbook{formats: []cellFormat{plainFormat, plainFormat}, shared: []string{"zero", "one"}}
			s := &sheetReader{book: book, part: "sheet", xml: newXMLScanner(&pieces{b.String()}), last: -1, slow: slow}
			out := ""
			for {
				cells, err := s.next()
				if err != nil {
					return out + err.Error()
				}
				for _, c := range cells {
					out += fmt.Sprintf("%d %d %q\n", c.column, c.kind, c.text)
				}
			}
		}
		if diff := cmp.Diff(read(true), read(false)); diff != "" {
			t.Fatalf("%s\n(-tag by tag +at one go):\n%s", b.String(), diff)
		}
	}
}

// pieces gives a text in pieces of 1 to 40 bytes.
type pieces struct{ rest string }

func (p *pieces) Read(b []byte) (int, error) {
	n := copy(b[:min(len(b), 1+len(p.rest)%40)], p.rest)
	p.rest = p.rest[n:]
	return n, eofIf(p.rest == "" && n == 0)
}

func eofIf(end bool) error {
	if end {
		return io.EOF
	}
	return nil
}
