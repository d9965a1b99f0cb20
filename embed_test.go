package synthos

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/verdict"
)

// asked are n rows of a text and a number; files of different seeds are samples
// of one population.
func asked(n int, seed uint64) (texts []string, csv string) {
	rng := rand.New(rand.NewPCG(seed, 0xa5ced))
	words := strings.Fields("river market engine teacher garden bank doctor village student ship forest camera court kitchen road museum history price design future danger purpose origin colour")
	var b strings.Builder
	b.WriteString("instruction,stars\n")
	for range n {
		var s []string
		for range 5 + rng.IntN(8) {
			s = append(s, words[rng.IntN(len(words))])
		}
		texts = append(texts, strings.Join(s, " "))
		fmt.Fprintf(&b, "%s,%d\n", texts[len(texts)-1], rng.IntN(50))
	}
	return texts, b.String()
}

// meant is a model: the vector of a text, of 16 dimensions.
func meant(text string) []float32 {
	h := fnv.New64a()
	h.Write([]byte(text))
	rng := rand.New(rand.NewPCG(h.Sum64(), 1))
	v := make([]float32, 16)
	for j := range v {
		v[j] = float32(rng.NormFloat64())
	}
	return v
}

// writeNPY writes vectors as NumPy does, and returns the path.
func writeNPY(t *testing.T, vectors [][]float32) string {
	t.Helper()
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", len(vectors), len(vectors[0]))
	header += strings.Repeat(" ", 63-(10+len(header))%64) + "\n"
	b := append([]byte("\x93NUMPY\x01\x00"), binary.LittleEndian.AppendUint16(nil, uint16(len(header)))...)
	b = append(b, header...)
	for _, v := range vectors {
		for _, x := range v {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	return writeFile(t, "vectors.npy", string(b))
}

func vectorsOf(texts []string) (out [][]float32) {
	for _, s := range texts {
		out = append(out, meant(s))
	}
	return out
}

// model serves meant on this machine.
func model(t *testing.T, requests *atomic.Int64) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		var in struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		type vector struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		var out struct {
			Data []vector `json:"data"`
		}
		for i, s := range in.Input {
			out.Data = append(out.Data, vector{i, meant(s)})
		}
		json.NewEncoder(w).Encode(out)
	}))
	t.Cleanup(s.Close)
	return s
}

// alone is quick without the stages that embeddings do not concern.
func alone(reference string) *Orchestrator {
	o := quick(reference)
	o.Omit = []string{"cascade", "localize", "recommend"}
	return o
}

// The same model by a file and by an endpoint: the numbers are equal only if
// the rows of the sample find their own rows of the file.
func TestRowsFindTheirEmbeddings(t *testing.T) {
	texts, csv := asked(900, 1)
	others, reference := asked(700, 2)
	data := writeFile(t, "data.csv", csv)
	byFile := alone(writeFile(t, "reference.csv", reference))
	byFile.Sample, byFile.rangeBytes = 300, 5000
	byEndpoint := *byFile
	byFile.Embeddings, byFile.ReferenceEmbeddings = writeNPY(t, vectorsOf(texts)), writeNPY(t, vectorsOf(others))
	var requests atomic.Int64
	byEndpoint.EmbeddingsURL, byEndpoint.EmbeddingsModel = model(t, &requests).URL, "m"
	byEndpoint.UseCache, byEndpoint.CacheDir = true, t.TempDir()

	want := validate(t, byFile, data).Diversity
	got := validate(t, &byEndpoint, data).Diversity
	if diff := cmp.Diff(want.Semantic, got.Semantic, cmp.Comparer(sameNumber), cmp.AllowUnexported(verdict.Score{})); diff != "" {
		t.Errorf("(-file +endpoint):\n%s", diff)
	}
	if want.SemanticOn != got.SemanticOn || !strings.Contains(got.SemanticOn, "embeddings") {
		t.Errorf("measured on %q and %q", want.SemanticOn, got.SemanticOn)
	}
	e := got.Embeddings
	if e.TextsSent == 0 || e.SentTo != "" || e.Rows != 300 || e.ReferenceRows != 300 || e.Dimensions != 16 || len(e.Columns) != 1 {
		t.Errorf("the report says %+v", e)
	}
	before := requests.Load()
	if e := validate(t, &byEndpoint, data).Diversity.Embeddings; e.TextsSent != 0 || e.TextsCached == 0 || requests.Load() != before {
		t.Errorf("again: %+v after %d requests more; want all from the cache", e, requests.Load()-before)
	}

	// The rows the wrong way round are another thing: they are not lost on the test.
	for i, j := 0, len(texts)-1; i < j; i, j = i+1, j-1 {
		texts[i], texts[j] = texts[j], texts[i]
	}
	byFile.Embeddings = writeNPY(t, vectorsOf(texts))
	if cmp.Equal(want.Semantic, validate(t, byFile, data).Diversity.Semantic, cmp.Comparer(sameNumber), cmp.AllowUnexported(verdict.Score{})) {
		t.Error("embeddings of other rows give the same numbers")
	}
}

func sameNumber(a, b verdict.Number) bool {
	return a == b || math.IsNaN(float64(a)) && math.IsNaN(float64(b))
}

func TestUnusableEmbeddingsLeaveTheRest(t *testing.T) {
	texts, csv := asked(300, 1)
	data := writeFile(t, "data.csv", csv)
	broken := vectorsOf(texts)
	broken[17][3] = float32(math.NaN())
	refusing := httptest.NewServer(http.NotFoundHandler())
	defer refusing.Close()
	tests := []struct {
		name string
		set  func(o *Orchestrator)
		says []string
	}{
		{"too few rows", func(o *Orchestrator) { o.Embeddings = writeNPY(t, vectorsOf(texts[1:])) }, []string{"vectors.npy", "299 vectors", "300 rows"}},
		{"a number that is none", func(o *Orchestrator) { o.Embeddings = writeNPY(t, broken) }, []string{"row 17", "dimension 3 is NaN"}},
		{"no such model", func(o *Orchestrator) { o.EmbeddingsURL, o.EmbeddingsModel = refusing.URL, "m" }, []string{"404", "name of the model (m)"}},
	}
	for _, test := range tests {
		o := alone("")
		test.set(o)
		r := validate(t, o, data)
		if !r.Partial || r.ApprovedForTraining {
			t.Errorf("%s: partial %v, approved %v", test.name, r.Partial, r.ApprovedForTraining)
		}
		if r.Collapse == nil || r.Diversity == nil || r.Diversity.Statistical.Score.WhyNull() != "" || r.Diversity.Structural.Score.WhyNull() != "" {
			t.Errorf("%s: the rest is not there", test.name)
			continue
		}
		for _, part := range test.says {
			if !strings.Contains(r.Diversity.Semantic.Score.WhyNull(), part) || !strings.Contains(r.Stages[1].Error, part) {
				t.Errorf("%s: semantic null as %q, stage failed as %q; want %q", test.name, r.Diversity.Semantic.Score.WhyNull(), r.Stages[1].Error, part)
			}
		}
	}
	numbers := writeOrders(t, 100, 1, nil)
	o := alone("")
	var requests atomic.Int64
	o.EmbeddingsURL, o.EmbeddingsModel = model(t, &requests).URL, "m"
	if r := validate(t, o, numbers); !strings.Contains(r.Stages[1].Error, "no column of free text") || requests.Load() > 0 {
		t.Errorf("no text: %q after %d requests", r.Stages[1].Error, requests.Load())
	}
}

func TestEmbeddingOptions(t *testing.T) {
	_, csv := asked(100, 1)
	data := writeFile(t, "data.csv", csv)
	narrow := writeNPY(t, [][]float32{{1, 2}})
	wide := writeNPY(t, [][]float32{{1, 2, 3}})
	t.Setenv("OPENAI_API_KEY", "")
	tests := []struct {
		name string
		set  func(o *Orchestrator)
		says string
	}{
		{"no file", func(o *Orchestrator) { o.Embeddings = filepath.Join(t.TempDir(), "none.npy") }, "no such file"},
		{"no table", func(o *Orchestrator) { o.Embeddings = filepath.Join(t.TempDir(), "none.csv") }, "none.csv"},
		{"other dimensions", func(o *Orchestrator) { o.Reference, o.Embeddings, o.ReferenceEmbeddings = data, narrow, wide }, "the reference have 3 dimensions, those of the data 2"},
		{"the reference's alone", func(o *Orchestrator) { o.Reference, o.ReferenceEmbeddings = data, wide }, "need a reference, and the embeddings of the data"},
		{"no model", func(o *Orchestrator) { o.EmbeddingsURL = "http://localhost:1" }, "name of a model"},
		{"no address", func(o *Orchestrator) { o.EmbeddingsModel = "m" }, "address of an endpoint"},
		{"no key", func(o *Orchestrator) { o.EmbeddingsURL, o.EmbeddingsModel = "https://api.openai.com/v1", "m" }, "OPENAI_API_KEY"},
		{"two sources", func(o *Orchestrator) {
			o.Embeddings, o.EmbeddingsURL, o.EmbeddingsModel = narrow, "http://localhost:1", "m"
		}, "give one of them"},
		{"sensitive", func(o *Orchestrator) {
			o.Sensitive, o.EmbeddingsURL, o.EmbeddingsModel = true, "https://models.example/v1", "m"
		}, "sent to models.example, but the data are sensitive"},
	}
	for _, test := range tests {
		o := alone("")
		test.set(o)
		if _, err := o.Validate(context.Background(), data, ""); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v, want %q in it", test.name, err, test.says)
		}
	}
}

// What a server on this machine says may quote the data; a sensitive report holds
// none of it.
func TestSensitiveEmbeddings(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":{"message":"cannot embed xkcanary"}}`)
	}))
	defer s.Close()
	_, csv := asked(100, 1)
	o := alone("")
	o.Sensitive, o.EmbeddingsURL, o.EmbeddingsModel = true, s.URL, "m"
	b, err := json.Marshal(validate(t, o, writeFile(t, "data.csv", csv)))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "xkcanary") || !strings.Contains(string(b), "the endpoint gave no embeddings") {
		t.Errorf("the report quotes the server, or does not say why: %s", b)
	}
}

func TestInterruptedEmbedding(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-release
	}))
	defer s.Close()
	defer close(release)
	_, csv := asked(100, 1)
	o := alone("")
	o.EmbeddingsURL, o.EmbeddingsModel = s.URL, "m"
	r, err := o.Validate(ctx, writeFile(t, "data.csv", csv), "")
	if err != nil {
		t.Fatal(err)
	}
	if !r.Partial || r.ApprovedForTraining || !strings.Contains(r.Stages[1].Error, "stopped") {
		t.Errorf("partial %v, approved %v, stage %+v", r.Partial, r.ApprovedForTraining, r.Stages[1])
	}
}
