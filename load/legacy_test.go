package load

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// encoded returns text in a legacy encoding.
func encoded(t *testing.T, e encoding, text string) string {
	t.Helper()
	for _, l := range legacies() {
		if l.encoding == e {
			out, err := l.decoding.NewEncoder().String(text)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
	}
	t.Fatalf("no encoding %v", e)
	return ""
}

const (
	japaneseText = "名前,都道府県,備考\n田中太郎,東京都,よろしくお願いします\n\"表 花子\",神奈川県,ソフトウェアの能力を十分に発揮する\n鈴木一郎,大阪府,カタカナとひらがな\n"
	chineseText  = "姓名,城市,评论\n王小明,北京,这个产品非常好用\n李华,上海,质量不错但是价格有点贵\n张伟,广州,我们都很喜欢它\n"
	taiwanText   = "姓名,城市,評論\n王小明,臺北,這個產品非常好用\n李華,高雄,品質不錯但是價格有點貴\n張偉,臺中,我們都很喜歡它\n"
	koreanText   = "이름,도시,의견\n김철수,서울,이 제품은 정말 좋아요\n이영희,부산,품질은 좋지만 가격이 비싸요\n박민수,대구,우리 모두 좋아합니다\n"
	russianText  = "имя,город,отзыв\nИван,Москва,Очень хороший товар и быстрая доставка\nМария,Казань,Качество неплохое но цена высокая\n"
	germanText   = "Name,Stadt,Größe\nMüller,Köln,groß\nSchröder,Düsseldorf,größer\nÄrmel,Würzburg,übermäßig\n"
	frenchText   = "nom,été\nÉmilie,l’année dernière à la plage\nZoé,déjà vu: ça va très bien\n"
	degreeText   = "place,temperature\na,25°C\nb,30°C\nc,±2°F\nd,15°C\n"
	polishText   = "imię,miasto\nŁukasz,Łódź\nGrażyna,Kraków nad Wisłą\nPaweł,Gdańsk jest piękny\nMałgorzata,Częstochowa\n"
)

// The encoding of a text that is not Unicode is told by its characters.
func TestGuessLegacy(t *testing.T) {
	for _, test := range []struct {
		name, text string
		in, want   encoding
		sure       bool
	}{
		{"Japanese of Windows", japaneseText, shiftJIS, shiftJIS, true},
		{"Japanese of Unix", japaneseText, eucJP, eucJP, true},
		{"Chinese", chineseText, gb18030, gb18030, true},
		{"Chinese of Taiwan", taiwanText, big5, big5, true},
		{"Korean", koreanText, eucKR, eucKR, true},
		{"Russian of Windows", russianText, windows1251, windows1251, true},
		{"Russian of Unix", russianText, koi8R, koi8R, true},
		{"German", germanText, windows1252, windows1252, true},
		{"French", frenchText, windows1252, windows1252, true},
		{"degrees, which Big5 would read as characters", degreeText, windows1252, windows1252, true},
		{"Polish, which no rule tells", polishText, windows1250, windows1252, false},
		{"two words", "a\n東京\n", shiftJIS, shiftJIS, false},
	} {
		got, sure := guessLegacy(foreignLines(nil, []byte(encoded(t, test.in, test.text))))
		if test.name == "two words" { // too few to tell, whatever the guess is
			if sure {
				t.Errorf("%s: sure of %v", test.name, got)
			}
			continue
		}
		if got != test.want || sure != test.sure {
			t.Errorf("%s: %v, sure %v; want %v, %v", test.name, got, sure, test.want, test.sure)
		}
	}
}

// Files in these encodings have the cells of the same text in UTF-8, plain,
// compressed, and when what is not ASCII comes late.
func TestLegacyFiles(t *testing.T) {
	for _, test := range []struct {
		in         encoding
		text, name string
	}{
		{shiftJIS, japaneseText, "Shift-JIS"}, {eucJP, japaneseText, "EUC-JP"}, {gb18030, chineseText, "GB18030"},
		{big5, taiwanText, "Big5"}, {eucKR, koreanText, "EUC-KR"}, {windows1251, russianText, "Windows-1251"},
	} {
		text := encoded(t, test.in, test.text)
		note := "-1 : the text is not UTF-8; read as " + test.name
		want := mustRead(t, "a.csv", test.text, Options{})
		want.Findings = []string{note}
		for name, data := range map[string]string{"a.csv": text, "a.csv.gz": gzipped(text)} {
			if diff := cmp.Diff(want, mustRead(t, name, data, Options{RangeBytes: 7})); diff != "" {
				t.Errorf("%v, %s (-UTF-8 +got):\n%s", test.in, name, diff)
			}
		}
		head, rows, _ := strings.Cut(test.text, "\n")
		_, ownRows, _ := strings.Cut(text, "\n")
		plain := strings.Repeat("a,b,c\n", 300_000)
		late := mustRead(t, "a.csv", "x,y,z\n"+plain+ownRows, Options{})
		if diff := cmp.Diff(mustRead(t, "a.csv", "x,y,z\n"+plain+rows, Options{}).Rows[300_000:], late.Rows[300_000:]); diff != "" {
			t.Errorf("%v, late, below %s (-UTF-8 +got):\n%s", test.in, head, diff)
		}
	}
}

// What the user says is believed, of text that is not Unicode.
func TestEncodingOption(t *testing.T) {
	text := encoded(t, windows1250, polishText)
	want := mustRead(t, "a.csv", polishText, Options{Encoding: "windows-1250"})
	if len(want.Findings) != 0 {
		t.Errorf("UTF-8: %q", want.Findings)
	}
	want.Findings = []string{"-1 : the text is not UTF-8; read as Windows-1250, as was asked for"}
	if diff := cmp.Diff(want, mustRead(t, "a.csv", text, Options{Encoding: "CP1250"})); diff != "" {
		t.Errorf("(-UTF-8 +got):\n%s", diff)
	}
	guessed := mustRead(t, "a.csv", text, Options{})
	if len(guessed.Findings) != 1 || !strings.Contains(guessed.Findings[0], "a guess by its characters") || !strings.Contains(guessed.Findings[0], "--encoding") {
		t.Errorf("a guess is not told: %q", guessed.Findings)
	}
	if _, err := openTemp(t, "a.csv", "a,b\n1,2\n", Options{Encoding: "rot13"}); err == nil || !strings.Contains(err.Error(), "rot13") {
		t.Errorf("an unknown encoding: %v", err)
	}
}
