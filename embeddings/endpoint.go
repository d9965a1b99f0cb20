package embeddings

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"synthos/cache"
	"synthos/encode"
)

// What is sent at once, and how long it may take.
const (
	batchTexts  = 64
	batchRunes  = 100_000 // of all texts of a batch; a single text is shorter
	textRunes   = 6000    // of a text; what comes after is cut off (most models read at most 8,192 tokens)
	concurrency = 4       // requests under way
	requestTime = 2 * time.Minute
	attempts    = 6 // of one request
	unreached   = 3 // of one request that comes to no answer
	firstWait   = 500 * time.Millisecond
	longestWait = time.Minute
)

// DefaultKey is the environment variable with the key of an endpoint.
const DefaultKey = "OPENAI_API_KEY"

// Endpoint is a server that speaks the embeddings part of OpenAI's protocol:
// OpenAI, and vLLM, Ollama, llama.cpp, LM Studio, text-embeddings-inference and
// others. Texts are sent to it.
type Endpoint struct {
	URL   string // "https://api.openai.com/v1", with or without /embeddings
	Model string
	Key   string     // "" = none is sent
	Cache *cache.Dir // where answers are kept; nil = nowhere

	client *http.Client  // for tests; nil = a new one
	pause  time.Duration // for tests: the first wait before a request is tried again
}

// Usage says what an embedding took.
type Usage struct {
	Texts  int // different texts that are not empty
	Sent   int // of these, sent, whatever became of it
	Cached int // of these, known from an earlier run
	Cut    int // of these, longer than is sent
}

// Check returns an error if e cannot be used as it is.
func (e *Endpoint) Check() error {
	u, err := e.address()
	if err != nil {
		return err
	}
	if e.Model == "" {
		return fmt.Errorf("the endpoint %s needs the name of a model", e.Host())
	}
	if u.Hostname() == "api.openai.com" && e.Key == "" {
		return fmt.Errorf("%s needs a key; set the environment variable %s", e.Host(), DefaultKey)
	}
	return nil
}

// address returns where requests go.
func (e *Endpoint) address() (*url.URL, error) {
	u, err := url.Parse(e.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("%q is no address of an endpoint; write it like https://api.openai.com/v1 or http://localhost:11434/v1", withoutUser(e.URL))
	}
	u.Path = strings.TrimRight(u.Path, "/")
	if u.Path == "" {
		u.Path = "/v1"
	}
	if !strings.HasSuffix(u.Path, "/embeddings") {
		u.Path += "/embeddings"
	}
	u.RawPath, u.Fragment = "", ""
	return u, nil
}

// withoutUser returns an address without a name and a password in it.
func withoutUser(address string) string {
	if at := strings.LastIndexByte(address, '@'); at >= 0 {
		return "..." + address[at:]
	}
	return address
}

// Host returns the name of the server, with its port, for messages.
func (e *Endpoint) Host() string {
	if u, err := url.Parse(e.URL); err == nil && u.Host != "" {
		return u.Host
	}
	return withoutUser(e.URL)
}

// shown returns the address as it stands in messages: without a password, and
// without the query, which may hold a key.
func (c *caller) shown() string { return c.to.Scheme + "://" + c.to.Host + c.to.Path }

// Local reports whether the endpoint is on this machine, so that texts do not
// leave it: its host is localhost or a loopback address.
func (e *Endpoint) Local() bool {
	u, err := url.Parse(e.URL)
	if err != nil {
		return false
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}

// Embed returns a vector for each text, in their order. Equal texts are sent
// once, empty ones are not sent; their vector is zero. Texts of more than 6,000
// characters are cut there. Answers that Cache has are not asked for again.
//
// progress, if not nil, is called with the number of different texts done, from
// one goroutine at a time. Passing failures (429, 5xx, a broken connection) are
// tried again with longer and longer waits, or after the time that the server
// says. The first lasting failure, or the end of ctx, stops all requests.
func (e *Endpoint) Embed(ctx context.Context, texts []string, progress func(done, of int)) (*encode.Features, Usage, error) {
	u, err := e.address()
	if err != nil {
		return nil, Usage{}, err
	}
	if err := e.Check(); err != nil {
		return nil, Usage{}, err
	}
	c := &caller{Endpoint: e, to: u, client: e.client}
	if c.client == nil {
		c.client = newClient(e.Local())
		defer c.client.CloseIdleConnections()
	}
	different, of, usage := distinct(texts)
	vectors := make([][]float32, len(different))
	batches := inBatches(different)
	var mu sync.Mutex
	done := 0
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(concurrency)
	for _, b := range batches {
		group.Go(func() error {
			if within.Err() != nil {
				return context.Cause(within)
			}
			got, err := c.batch(within, different[b.from:b.to])
			if err != nil {
				return err
			}
			copy(vectors[b.from:b.to], got)
			mu.Lock()
			defer mu.Unlock()
			done += len(got)
			if progress != nil {
				progress(done, len(different))
			}
			return nil
		})
	}
	err = group.Wait()
	usage.Sent, usage.Cached = int(c.sent.Load()), int(c.cached.Load())
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, usage, err
	}
	out := &encode.Features{N: len(texts)}
	if len(vectors) > 0 {
		out.D = len(vectors[0])
	}
	for i, v := range vectors {
		if len(v) != out.D {
			return nil, usage, c.failed(fmt.Sprintf("answered with vectors of %d and of %d dimensions (text %d)", out.D, len(v), i), "the model behind the name has changed: switch off the cache once")
		}
	}
	out.Data = make([]float32, out.N*out.D)
	for i, k := range of {
		if k >= 0 {
			copy(out.Row(i), vectors[k])
		}
	}
	return out, usage, nil
}

// newClient returns a client that follows no redirection, since that would send
// texts to another address, and for this machine uses no proxy.
func newClient(local bool) *http.Client {
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 20 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2: true, TLSHandshakeTimeout: 20 * time.Second, MaxIdleConnsPerHost: concurrency, IdleConnTimeout: time.Minute,
	}
	if local {
		t.Proxy = nil
	}
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
