package embeddings

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math"
	"strings"

	"synthos/cache"
)

// distinct returns the texts as they are sent, each once in the order of its
// first occurrence, and for every text its place among them, -1 if it is empty.
func distinct(texts []string) (different []string, of []int, usage Usage) {
	place := map[string]int{}
	of = make([]int, len(texts))
	for i, s := range texts {
		s = strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
		short := cut(s)
		if short == "" {
			of[i] = -1
			continue
		}
		k, seen := place[short]
		if !seen {
			k = len(different)
			place[short] = k
			different = append(different, short)
			if len(short) < len(s) {
				usage.Cut++
			}
		}
		of[i] = k
	}
	usage.Texts = len(different)
	return different, of, usage
}

// cut returns the first textRunes characters of s.
func cut(s string) string {
	if len(s) <= textRunes {
		return s
	}
	n := 0
	for i := range s {
		if n == textRunes {
			return s[:i]
		}
		n++
	}
	return s
}

// span is texts from to to-1.
type span struct{ from, to int }

// inBatches cuts texts into runs that can be sent at once.
func inBatches(texts []string) (out []span) {
	from, runes := 0, 0
	for i, s := range texts {
		n := len([]rune(s))
		if i > from && (i-from == batchTexts || runes+n > batchRunes) {
			out = append(out, span{from, i})
			from, runes = i, 0
		}
		runes += n
	}
	if from < len(texts) {
		out = append(out, span{from, len(texts)})
	}
	return out
}

// batch returns the vectors of some texts, from the cache if it has them.
func (c *caller) batch(ctx context.Context, texts []string) (vectors [][]float32, err error) {
	key := ""
	if c.Cache != nil {
		k := cache.NewContentKey("embeddings 1")
		k.Text(c.shown() + "?" + c.to.RawQuery)
		k.Text(c.Model)
		for _, s := range texts {
			k.Text(s)
		}
		key = k.Name()
		if data, ok := c.Cache.Get(key); ok {
			if v, ok := unpack(data, len(texts)); ok {
				c.cached.Add(int64(len(texts)))
				return v, nil
			}
		}
	}
	c.sent.Add(int64(len(texts)))
	vectors, err = c.request(ctx, texts)
	if err == nil && c.Cache != nil {
		if err := c.Cache.Put(key, fmt.Sprintf("%d embeddings by %s", len(texts), c.Model), pack(vectors)); err != nil {
			slog.Debug("the embeddings were not kept", "error", err)
		}
	}
	return vectors, err
}

// pack returns vectors of equal lengths as bytes: the numbers as little-endian
// float32.
func pack(vectors [][]float32) []byte {
	var b []byte
	for _, v := range vectors {
		for _, x := range v {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	return b
}

// unpack reads what pack wrote of n vectors.
func unpack(b []byte, n int) ([][]float32, bool) {
	if n == 0 || len(b) == 0 || len(b)%(4*n) != 0 || len(b)/(4*n) > maxDimensions {
		return nil, false
	}
	d := len(b) / (4 * n)
	out := make([][]float32, n)
	for i := range out {
		out[i] = make([]float32, d)
		for j := range out[i] {
			out[i][j] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*(i*d+j):]))
		}
		if checkFinite("", 0, out[i]) != nil {
			return nil, false
		}
	}
	return out, true
}
