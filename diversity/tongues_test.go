package diversity

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"synthos/dataset"
)

// tongue is a made-up language: words that are drawn by Zipf's law, and how they
// are written one after the other.
type tongue struct {
	words       []string
	between     string
	least, more int // words of a text: least, and up to more besides
}

// words returns n different words of from to to letters, each letter one of an
// alphabet, with particles before all others.
func words(n, from, to int, alphabet []rune, particles ...string) []string {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(len(alphabet))))
	seen := map[string]bool{}
	out := particles
	for len(out) < n {
		var b strings.Builder
		for range from + rng.IntN(to-from+1) {
			b.WriteRune(alphabet[rng.IntN(len(alphabet))])
		}
		if w := b.String(); !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

func runes(from, n rune) (out []rune) {
	for r := from; r < from+n; r++ {
		out = append(out, r)
	}
	return out
}

var (
	latin    = tongue{words(3000, 3, 8, []rune("aeiounrtlsdmkp"), "the", "of", "and", "to", "in", "is"), " ", 8, 20}
	chinese  = tongue{words(3000, 1, 3, runes(0x4E00, 1500), "的", "是", "在", "了", "和", "我"), "", 8, 20}
	japanese = tongue{words(3000, 2, 4, runes('ぁ', 80), "の", "は", "を", "に", "です", "ます"), "", 8, 20}
	thai     = tongue{words(3000, 2, 6, runes('ก', 44), "ที", "และ", "ของ", "ใน", "เปน", "มี"), "", 8, 20}
	korean   = tongue{words(3000, 2, 4, runes(0xAC00, 900), "그", "이", "수", "것"), " ", 8, 20}
	titles   = tongue{words(3000, 3, 8, []rune("aeiounrtlsdmkp")), " ", 1, 2}
	marks    = tongue{words(3000, 1, 3, runes(0x4E00, 1500)), "", 1, 2}
)

func (g *tongue) text(rng *rand.Rand) string {
	var out []string
	for range g.least + rng.IntN(g.more) {
		k := int(math.Pow(float64(len(g.words)), rng.Float64())) - 1 // probability about 1/rank
		out = append(out, g.words[k])
	}
	return strings.Join(out, g.between)
}

// written returns n rows of a text, each in one of the tongues.
func written(n int, seed uint64, tongues ...tongue) *dataset.Table {
	rng := rand.New(rand.NewPCG(seed, 0x709e))
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{{Name: "answer", Type: dataset.String, Kind: dataset.Text}}}, Columns: make([]dataset.Vector, 1)}
	for i := range n {
		t.RowIDs = append(t.RowIDs, int64(i))
		t.Columns[0].Strings = append(t.Columns[0].Strings, tongues[rng.IntN(len(tongues))].text(rng))
		t.Columns[0].Null = append(t.Columns[0].Null, false)
	}
	return t
}

// In every script, and for texts of a word or two, healthy texts are diverse and
// repeated ones are not.
func TestTextsOfAllTongues(t *testing.T) {
	for name, tongues := range map[string][]tongue{
		"spaces": {latin}, "Chinese": {chinese}, "Japanese": {japanese}, "Thai": {thai}, "Korean": {korean},
		"mixed": {latin, chinese, thai, korean}, "short": {titles}, "short Chinese": {marks},
	} {
		reference, healthy := written(rows, 1, tongues...), written(rows, 2, tongues...)
		few := *written(rows, 3, tongues...)
		again := again(&few, rows, func(i int) int { return i % 40 })
		narrow := written(rows, 4, cut(tongues, 30)...)
		for _, test := range []struct {
			what            string
			data, reference *dataset.Table
			least, atMost   float64 // of the semantic diversity
		}{
			{"another sample", healthy, reference, 92, 100},
			{"by themselves", healthy, nil, 80, 100},
			{"forty texts again and again", again, reference, 0, 60},
			{"forty texts by themselves", again, nil, 0, 65},
			{"thirty words", narrow, reference, 0, 60},
		} {
			if name == "Thai" && test.what == "thirty words" {
				continue // its words are not parted: only letters are counted, and thirty words have nearly all
			}
			d := measure(t, test.data, test.reference)
			if v := d.Semantic.Score.Or(-1); v < test.least || v > test.atMost {
				detail := ""
				for _, s := range d.Semantic.Statistics {
					detail += fmt.Sprintf(" %s %.3g of %.3g", s.Name, float64(s.Value), float64(s.Floor))
				}
				t.Errorf("%s, %s: %.1f, want %.0f to %.0f;%s", name, test.what, v, test.least, test.atMost, detail)
			}
		}
	}
}

// cut returns the tongues with n words each.
func cut(tongues []tongue, n int) (out []tongue) {
	for _, g := range tongues {
		g.words = g.words[:n]
		out = append(out, g)
	}
	return out
}
