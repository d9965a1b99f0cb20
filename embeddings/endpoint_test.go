package embeddings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"synthos/cache"
)

// server is an endpoint on this machine. Its vector of a text is its number of
// bytes, of characters, and 1.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	requests [][]string // the texts of each
	keys     []string
	paths    []string
	// before, if not nil, may answer a request, the n-th of all, itself.
	before func(n int, w http.ResponseWriter, r *http.Request) (answered bool)
}

func vectorOf(s string) []float32 {
	return []float32{float32(len(s)), float32(len([]rune(s))), 1}
}

func newServer(t *testing.T, before func(n int, w http.ResponseWriter, r *http.Request) bool) *server {
	s := &server{before: before}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Model string   `json:"model"`
			Input []string `json:"input"`
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Model != "m" || r.Method != http.MethodPost {
			http.Error(w, "not understood", http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		s.requests = append(s.requests, in.Input)
		s.keys = append(s.keys, r.Header.Get("Authorization"))
		s.paths = append(s.paths, r.URL.Path)
		n := len(s.requests)
		s.mu.Unlock()
		if s.before != nil && s.before(n, w, r) {
			return
		}
		type vector struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		var out struct {
			Data []vector `json:"data"`
		}
		for i := range in.Input { // last first: the index counts, not the order
			k := len(in.Input) - 1 - i
			out.Data = append(out.Data, vector{k, vectorOf(in.Input[k])})
		}
		json.NewEncoder(w).Encode(out)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) endpoint() *Endpoint {
	return &Endpoint{URL: s.URL, Model: "m", Key: "secret-key", pause: time.Millisecond}
}

func manyTexts(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("text %d%s", i, strings.Repeat(" é", i%7))
	}
	return out
}

func TestEndpointGivesEachTextItsVector(t *testing.T) {
	s := newServer(t, nil)
	texts := append(manyTexts(300), "", "  \n", "text 5 é é é é é", strings.Repeat("字", 7000))
	var last [2]int
	f, usage, err := s.endpoint().Embed(context.Background(), texts, func(done, of int) { last = [2]int{done, of} })
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		want := vectorOf(strings.TrimSpace(text))
		switch {
		case strings.TrimSpace(text) == "":
			want = []float32{0, 0, 0}
		case strings.HasPrefix(text, "字"):
			want = vectorOf(strings.Repeat("字", textRunes))
		}
		if diff := cmp.Diff(want, f.Row(i)); diff != "" {
			t.Errorf("%.20q (-want +got):\n%s", text, diff)
		}
	}
	if diff := cmp.Diff(Usage{Texts: 301, Sent: 301, Cut: 1}, usage); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
	if last != [2]int{301, 301} {
		t.Errorf("progress ended at %v", last)
	}
	if len(s.requests) != 5 {
		t.Errorf("%d requests of 301 texts, want 5", len(s.requests))
	}
	for i, texts := range s.requests {
		if len(texts) > batchTexts {
			t.Errorf("a request of %d texts", len(texts))
		}
		if s.keys[i] != "Bearer secret-key" || s.paths[i] != "/v1/embeddings" {
			t.Errorf("key %q at %q", s.keys[i], s.paths[i])
		}
	}
}

func TestBatchesOfLongTextsAreSmall(t *testing.T) {
	texts := make([]string, 64)
	for i := range texts {
		texts[i] = strings.Repeat("x", 5000)
	}
	for _, b := range inBatches(texts) {
		if n := 5000 * (b.to - b.from); n > batchRunes {
			t.Errorf("a batch of %d characters", n)
		}
	}
}

func TestEndpointTriesAgainWhatMayPass(t *testing.T) {
	for _, status := range []int{429, 500, 503, 408} {
		s := newServer(t, func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n > 3 {
				return false
			}
			w.Header().Set("Retry-After", "0.001")
			w.WriteHeader(status)
			return true
		})
		f, usage, err := s.endpoint().Embed(context.Background(), []string{"a", "bc"}, nil)
		if err != nil || len(s.requests) != 4 || f.Row(1)[0] != 2 || usage.Sent != 2 {
			t.Errorf("status %d: %v after %d requests, usage %+v", status, err, len(s.requests), usage)
		}
	}
	s := newServer(t, func(n int, w http.ResponseWriter, r *http.Request) bool { w.WriteHeader(502); return true })
	_, _, err := s.endpoint().Embed(context.Background(), []string{"a"}, nil)
	if err == nil || !strings.Contains(err.Error(), "502 Bad Gateway, 6 times") || len(s.requests) != attempts {
		t.Errorf("always 502: %v after %d requests", err, len(s.requests))
	}
	s = newServer(t, func(n int, w http.ResponseWriter, r *http.Request) bool { // breaks off in the middle
		if n == 1 {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"data":[`)
			return true
		}
		return false
	})
	if _, _, err := s.endpoint().Embed(context.Background(), []string{"a"}, nil); err != nil || len(s.requests) != 2 {
		t.Errorf("a broken answer: %v after %d requests", err, len(s.requests))
	}
	s.Close()
	if _, _, err := s.endpoint().Embed(context.Background(), []string{"a"}, nil); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("no server: %v", err)
	}
}

func TestLastingFailuresAreNotTriedAgain(t *testing.T) {
	tests := []struct {
		name   string
		status int
		answer string
		says   []string
	}{
		{"a wrong key", 401, `{"error":{"message":"Incorrect API key: secret-key"}}`, []string{"401", "Incorrect API key: ***", "OPENAI_API_KEY"}},
		{"no quota", 429, `{"error":{"message":"too much","code":"insufficient_quota"}}`, []string{"too much", "quota"}},
		{"no such model", 404, `{"error":"model \"m\" not found, try pulling it first"}`, []string{"try pulling it first", "(m)"}},
		{"too long", 400, `{"object":"error","message":"maximum context length is 512 tokens"}`, []string{"512 tokens", "truncate"}},
		{"invalid", 422, `{"detail":[{"msg":"bad"}]}`, []string{`"bad"`}},
		{"not JSON", 200, "<html>hello</html>", []string{"cannot be read", "<html>hello", "OpenAI-compatible"}},
		{"cut JSON", 200, `{"data":[{"embedding":[1,2`, []string{"cannot be read"}},
		{"too few", 200, `{"data":[{"index":0,"embedding":[1,2]}]}`, []string{"1 vectors to 2 texts"}},
		{"twice the same", 200, `{"data":[{"index":1,"embedding":[1,2]},{"index":1,"embedding":[1,2]}]}`, []string{"text 1 of 2", "two for one"}},
		{"an index beyond", 200, `{"data":[{"index":0,"embedding":[1,2]},{"index":2,"embedding":[1,2]}]}`, []string{"text 2 of 2"}},
		{"several lengths", 200, `{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1]}]}`, []string{"of 2 and of 1 dimensions"}},
		{"no vectors", 200, `{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}`, []string{"no dimensions"}},
		{"null", 200, `{"data":[{"index":0,"embedding":[1,null]},{"index":1,"embedding":[1,2]}]}`, []string{"dimension 1 is null"}},
		{"beyond float32", 200, `{"data":[{"index":0,"embedding":[1,1e99]},{"index":1,"embedding":[1,2]}]}`, []string{"cannot be read"}},
		{"a vector a token", 200, `{"data":[{"index":0,"embedding":[[1,2]]},{"index":1,"embedding":[[1,2]]}]}`, []string{"cannot be read"}},
		{"another place", 307, "", []string{"sends on to", "elsewhere.example", "sent to no other"}},
	}
	for _, test := range tests {
		s := newServer(t, func(n int, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Location", "http://elsewhere.example/v1/embeddings")
			w.WriteHeader(test.status)
			fmt.Fprint(w, test.answer)
			return true
		})
		_, usage, err := s.endpoint().Embed(context.Background(), []string{"a", "b"}, nil)
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		for _, part := range append(test.says, s.URL) {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", test.name, err, part)
			}
		}
		if strings.Contains(err.Error(), "secret-key") {
			t.Errorf("%s: %q shows the key", test.name, err)
		}
		if len(s.requests) != 1 || usage.Sent != 2 {
			t.Errorf("%s: %d requests, %d texts told as sent; want 1 and 2", test.name, len(s.requests), usage.Sent)
		}
	}
}

func TestEndOfContextStopsRequests(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("enough")
	release := make(chan struct{})
	s := newServer(t, func(n int, w http.ResponseWriter, r *http.Request) bool {
		if n == concurrency {
			cancel(why)
		}
		<-release
		return true
	})
	defer close(release)
	if _, _, err := s.endpoint().Embed(ctx, manyTexts(1000), nil); !errors.Is(err, why) {
		t.Errorf("error %v, want %v", err, why)
	}
	if len(s.requests) > concurrency {
		t.Errorf("%d requests, want at most %d at once", len(s.requests), concurrency)
	}
	// And while it waits to try again.
	ctx, stop := context.WithCancel(context.Background())
	s = newServer(t, func(n int, w http.ResponseWriter, r *http.Request) bool {
		stop()
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(429)
		return true
	})
	if _, _, err := s.endpoint().Embed(ctx, []string{"a"}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestAnswersAreKeptByContent(t *testing.T) {
	dir, err := cache.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, func(n int, w http.ResponseWriter, r *http.Request) bool {
		if n == concurrency+2 { // it is sent when two batches have come through
			w.WriteHeader(400)
			return true
		}
		return false
	})
	const batches = concurrency + 2
	texts := manyTexts(batches * batchTexts)
	embed := func(model string, texts []string) (Usage, error) {
		e := s.endpoint()
		e.Cache, e.Model = dir, model
		f, usage, err := e.Embed(context.Background(), texts, nil)
		for i := 0; err == nil && i < len(texts); i++ {
			if diff := cmp.Diff(vectorOf(texts[i]), f.Row(i)); diff != "" {
				t.Errorf("%q (-want +got):\n%s", texts[i], diff)
			}
		}
		return usage, err
	}
	if _, err := embed("m", texts); err == nil {
		t.Error("the last request fails, but Embed does not")
	}
	usage, err := embed("m", texts)
	if err != nil || usage.Sent+usage.Cached != len(texts) || usage.Cached == 0 {
		t.Errorf("after a failure: %+v, %v; want what was answered from the cache", usage, err)
	}
	before := len(s.requests)
	if usage, err := embed("m", texts); err != nil || usage.Sent != 0 || usage.Cached != len(texts) || len(s.requests) != before {
		t.Errorf("again: %+v, %v", usage, err)
	}
	texts[0] = "another"
	if usage, err := embed("m", texts); err != nil || usage.Sent != batchTexts || usage.Cached != (batches-1)*batchTexts {
		t.Errorf("one text changed: %+v, %v; want its batch sent", usage, err)
	}
	if _, err := embed("another", texts); err == nil { // the server knows but m
		t.Error("another model: answers of m were taken")
	}
}

func TestKeysAndAddresses(t *testing.T) {
	for _, test := range []struct {
		url, key, to string
		local, sends bool
	}{
		{"https://api.openai.com/v1", "k", "https://api.openai.com/v1/embeddings", false, true},
		{"https://api.openai.com/v1/embeddings/", "k", "https://api.openai.com/v1/embeddings", false, true},
		{"http://localhost:11434", "k", "http://localhost:11434/v1/embeddings", true, true},
		{"http://[::1]:80/api", "k", "http://[::1]:80/api/embeddings", true, true},
		{"http://127.0.0.9/v1", "", "http://127.0.0.9/v1/embeddings", true, false},
		{"http://models.example/v1", "k", "http://models.example/v1/embeddings", false, false},
		{"http://localhost.example/v1", "k", "http://localhost.example/v1/embeddings", false, false},
		{"http://10.0.0.1/v1", "k", "http://10.0.0.1/v1/embeddings", false, false},
	} {
		e := &Endpoint{URL: test.url, Key: test.key, Model: "m"}
		u, err := e.address()
		if err != nil {
			t.Errorf("%s: %v", test.url, err)
			continue
		}
		c := &caller{Endpoint: e, to: u}
		if u.String() != test.to || e.Local() != test.local || c.sendsKey() != test.sends {
			t.Errorf("%s: to %s, local %v, key sent %v; want %s, %v, %v", test.url, u, e.Local(), c.sendsKey(), test.to, test.local, test.sends)
		}
	}
	for _, test := range []struct{ e, says string }{
		{"api.openai.com/v1", "no address"}, {"ftp://a/b", "no address"}, {"", "no address"}, {"https://", "no address"},
		{"https://user:password@api.openai.com/v1", "OPENAI_API_KEY"},
	} {
		err := (&Endpoint{URL: test.e, Model: "m"}).Check()
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "password") {
			t.Errorf("%q: %v, want %q and no password", test.e, err, test.says)
		}
	}
	if err := (&Endpoint{URL: "http://localhost/v1"}).Check(); err == nil {
		t.Error("no model: want an error")
	}
}

func TestRetryAfter(t *testing.T) {
	for s, want := range map[string]time.Duration{"": 0, "2": 2 * time.Second, "0.5": 500 * time.Millisecond, "-3": 0, "99999999999": longestWait, "soon": 0, "Mon, 02 Jan 2006 15:04:05 GMT": 0} {
		if got := retryAfter(s); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", s, got, want)
		}
	}
}

// No answer of a server makes a caller panic, and what it takes is whole.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[3,4]}]}`))
	f.Add([]byte(`{"data":[{"embedding":[1]},{"embedding":[3]}],"model":"m","usage":{}}`))
	f.Add([]byte(`{"error":{"message":"x"}}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e := &Endpoint{URL: "http://localhost/v1", Model: "m", Key: "k"}
		u, err := e.address()
		if err != nil {
			t.Fatal(err)
		}
		c := &caller{Endpoint: e, to: u}
		c.message(b)
		vectors, err := c.read(b, 2)
		if err == nil && (len(vectors) != 2 || len(vectors[0]) == 0 || len(vectors[0]) != len(vectors[1])) {
			t.Errorf("%v from %q", vectors, b)
		}
	})
}
