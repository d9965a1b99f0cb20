package text

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// rowsOf returns the tokens of each string.
func rowsOf(texts ...string) [][]string {
	rows := make([][]string, len(texts))
	for i, s := range texts {
		rows[i] = Tokens(s, nil)
	}
	return rows
}

func TestTemplates(t *testing.T) {
	for _, test := range []struct {
		name   string
		rows   [][]string
		min    int
		ids    []int
		forms  []string
		reason string
	}{
		{"none", nil, 2, []int{}, nil, "no rows"},
		{"empty rows", rowsOf("", "", ""), 2, []int{-1, -1, -1}, nil, "nothing is shared"},
		{
			"single words between slots",
			rowsOf("Please list the rivers of France now", "nothing like it", "please list the capitals of Asia now", "please list the 5 of 7 now"), 3,
			[]int{0, -1, 0, 0}, []string{"please list the * of * now"}, "rare words and numbers are slots",
		},
		{
			"long slots",
			rowsOf("what is your view of solar power", "what is your view of the old city walls", "what is your view of rain"), 3,
			[]int{0, 0, 0}, []string{"what is your view of *"}, "runs of slots are merged",
		},
		{
			"too few words",
			rowsOf("tell me about cats", "tell me about dogs", "tell me about fish"), 2,
			[]int{-1, -1, -1}, nil, "three fixed words are no template",
		},
		{
			"too few rows",
			rowsOf("I really do love my cat", "I really do love my dog", "an apple a day"), 3,
			[]int{-1, -1, -1}, nil, "two rows of three",
		},
		{
			"exact copies",
			rowsOf("as I said it is done", "as I said it is done", "as I said it is done"), 3,
			[]int{0, 0, 0}, []string{"as i said it is done"}, "a template without slots",
		},
		{
			"frequent word in a slot",
			rowsOf("name three things that a cat likes", "name three things that a dog likes", "name three things that a fish likes",
				"name three things that a name likes"), 3,
			[]int{0, 0, 0, 0}, []string{"name three things that a * likes"}, "'name' is frequent, but not there",
		},
		{
			"ideographs",
			rowsOf("请告诉我猫的故事", "请告诉我狗的故事", "请告诉我鱼的故事"), 3,
			[]int{0, 0, 0}, []string{"请 告 诉 我 * 的 故 事"}, "one token a character",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			ids, templates := Templates(test.rows, test.min)
			var forms []string
			for _, x := range templates {
				forms = append(forms, x.Form)
			}
			if !slices.Equal(ids, test.ids) || !slices.Equal(forms, test.forms) {
				t.Errorf("got %v %q, want %v %q: %s", ids, forms, test.ids, test.forms, test.reason)
			}
		})
	}
}

func TestTemplateFields(t *testing.T) {
	_, templates := Templates(rowsOf("what is your view of rain", "other", "what is your view of big cities"), 2)
	want := []Template{{Form: "what is your view of *", Words: 5, Rows: []int{0, 2}, Fixed: (5./6 + 5./7) / 2}}
	if !reflect.DeepEqual(templates, want) {
		t.Errorf("got %+v, want %+v", templates, want)
	}
}

// Planted templates must be found in the rows where they are, whatever fills
// them, and nothing else.
func TestTemplatesPlanted(t *testing.T) {
	forms := []string{
		"as an assistant i think that X is a good thing to have",
		"X and Y are both useful when you plan to travel abroad",
		"here is what you need to know about X before you buy Y",
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, planted := range []int{30, 150} {
		rows, _ := zipfian(300, 15, 1)
		filler, _ := zipfian(600, 3, 9)
		bad := make([]bool, len(rows))
		for k, i := range rng.Perm(len(rows))[:planted] {
			x, y := filler[2*k][:1+k%3], filler[2*k+1][:1]
			s := strings.ReplaceAll(forms[k%3], "X", strings.Join(x, " "))
			rows[i] = Tokens(strings.ReplaceAll(s, "Y", y[0]), nil)
			bad[i] = true
		}
		ids, templates := Templates(rows, 8)
		if len(templates) != len(forms) {
			t.Errorf("%d planted: %d templates, want %d", planted, len(templates), len(forms))
		}
		for i := range rows {
			if (ids[i] >= 0) != bad[i] {
				t.Errorf("%d planted: row %d %q has template %d", planted, i, rows[i], ids[i])
			}
		}
	}
}

func TestPatternMatches(t *testing.T) {
	p := &pattern{parts: []int32{1, slot, 2, slot}, gaps: []int{0, 2, 0, 1}, words: 2}
	for _, test := range []struct {
		row    []int32
		want   bool
		reason string
	}{
		{[]int32{1, 9, 2, 9}, true, "both slots filled"},
		{[]int32{1, 2}, true, "both slots empty"},
		{[]int32{1, 2, 2}, true, "the first 2 fills either slot"},
		{[]int32{1, 9, 9, 2, 9}, true, "slots at their longest"},
		{[]int32{1, 9, 9, 9, 2}, false, "first slot too long"},
		{[]int32{1, 2, 9, 9}, false, "last slot too long"},
		{[]int32{9, 1, 9, 2}, false, "no slot in front"},
		{[]int32{1, 9, 9, 9}, false, "2 is missing"},
		{nil, false, "an empty row"},
	} {
		if got := p.matches(test.row); got != test.want {
			t.Errorf("1 * 2 * matches %v: %v, want %v: %s", test.row, got, test.want, test.reason)
		}
	}
}
