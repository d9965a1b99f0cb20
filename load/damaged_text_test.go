package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// damageable returns texts of every kind that the readers of text tell apart.
func damageable(t *testing.T) map[string]string {
	rows, _ := randomCSV(11, 200)
	var single, lines, array strings.Builder
	single.WriteString("# made by hand\nid;name;at\n")
	array.WriteString(`{"count":200,"data":[`)
	for i := range 200 {
		fmt.Fprintf(&single, "%d;'a;%d';2024-02-%02d\n", i, i, i%28+1)
		fmt.Fprintf(&lines, `{"id":%d,"name":"a\u00e4 %d","in":{"x":[%d,null],"ok":true}}`+"\n", i, i, i)
		fmt.Fprintf(&array, `%s{"id":%d,"t":"x"}`, map[bool]string{true: ","}[i > 0], i)
	}
	array.WriteString("]}")
	return map[string]string{
		"rows.csv": rows, "single.csv": single.String(), "lines.jsonl": lines.String(), "array.json": array.String(),
		"list.json": "[" + strings.ReplaceAll(strings.TrimSpace(lines.String()), "\n", ",") + "]", "wide.csv": utf16Text(single.String(), true),
		"rows.csv.gz": gzipped(rows), "lines.jsonl.zst": zstdCompressed(lines.String()), "rows.csv.zip": zipped(t, "rows.csv", rows),
	}
}

func TestTextDamaged(t *testing.T) {
	var paths []string
	for name, text := range damageable(t) {
		paths = append(paths, writeTemp(t, name, text))
	}
	testDamaged(t, paths)
}

// Damaged lines give the same rows wherever the file is cut, and every row of them is
// read or told.
func TestDamagedTextIsCutAlike(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, name := range []string{"rows.csv", "single.csv", "lines.jsonl"} {
		text := damageable(t)[name]
		for range 60 {
			data := []byte(text)
			for range 1 + rng.IntN(4) {
				data[rng.IntN(len(data))] ^= 1 << rng.IntN(8)
			}
			data = data[:len(data)-rng.IntN(1+len(data)/4)]
			path := writeTemp(t, name, string(data))
			read := func(rangeBytes int64) (contents, error) {
				s, err := Open(context.Background(), path, Options{RangeBytes: rangeBytes, BadRows: SkipBadRows})
				if err != nil {
					return contents{}, err
				}
				defer s.Close()
				return readContents(s)
			}
			whole, err := read(1 << 20)
			if err != nil {
				asError(t, err)
				continue
			}
			parts, err := read(50)
			if err != nil {
				t.Fatalf("%s: in parts: %v", name, err)
			}
			if diff := cmp.Diff(whole, parts); diff != "" {
				t.Fatalf("%s (-whole +parts):\n%s", name, diff)
			}
		}
	}
}
