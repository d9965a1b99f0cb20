package embeddings

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"synthos/dataset"
)

const (
	maxAnswer  = 256 << 20 // bytes
	maxMessage = 300       // characters of what a server says
)

// caller sends the requests of one Embed.
type caller struct {
	*Endpoint
	to     *url.URL
	client *http.Client

	sent, cached atomic.Int64 // texts
}

// failed returns an error about the endpoint.
func (c *caller) failed(found, do string) error {
	return dataset.NewError(c.shown(), found, do)
}

// A passing error may be gone if the request is sent again, after a while.
type passing struct {
	error
	after time.Duration // as the server says; 0 = it does not
	most  int           // attempts
}

func (p *passing) Unwrap() error { return p.error }

// request returns the vectors of texts. It tries again what may pass.
func (c *caller) request(ctx context.Context, texts []string) ([][]float32, error) {
	body, err := json.Marshal(map[string]any{"model": c.Model, "input": texts})
	if err != nil {
		return nil, err
	}
	wait := c.pause
	if wait <= 0 {
		wait = firstWait
	}
	for try := 1; ; try++ {
		vectors, err := c.once(ctx, body, len(texts))
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var p *passing
		if err == nil || !errors.As(err, &p) {
			return vectors, err
		}
		if try >= p.most {
			return nil, c.failed(fmt.Sprintf("%v, %d times", p.error, try), "try again later: what was answered is kept, unless the cache is off")
		}
		pause := min(longestWait, max(p.after, wait/2+rand.N(wait/2+1))) // so that callers do not come back all at once
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(pause):
		}
		wait = min(longestWait, 2*wait)
	}
}

// once sends a request and reads the answer.
func (c *caller) once(ctx context.Context, body []byte, n int) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "synthos")
	if c.sendsKey() {
		r.Header.Set("Authorization", "Bearer "+c.Key)
	}
	answer, err := c.client.Do(r)
	if err != nil {
		var e *url.Error
		if errors.As(err, &e) {
			err = e.Err
		}
		return nil, &passing{error: fmt.Errorf("cannot be reached (%w)", err), most: unreached}
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch {
	case answer.StatusCode != http.StatusOK:
		return nil, c.refused(answer, data)
	case err != nil:
		return nil, &passing{error: fmt.Errorf("broke off its answer (%w)", err), most: unreached}
	case len(data) > maxAnswer:
		return nil, c.failed(fmt.Sprintf("answers with more than %d MiB", maxAnswer>>20), "check that it is an endpoint for embeddings")
	}
	return c.read(data, n)
}

// sendsKey reports whether the key goes with requests: never in clear over a
// network.
func (c *caller) sendsKey() bool { return c.Key != "" && (c.to.Scheme == "https" || c.Local()) }

// refused returns the error of an answer that is not 200.
func (c *caller) refused(answer *http.Response, data []byte) error {
	said := c.message(data)
	found := fmt.Sprintf("answers %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	if said != "" {
		found += " (" + said + ")"
	}
	switch code := answer.StatusCode; {
	case code == http.StatusTooManyRequests && strings.Contains(said+string(data), "insufficient_quota"):
		return c.failed(found, "the account has no quota left; add credit or use another endpoint")
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code >= 500 && code != http.StatusNotImplemented:
		return &passing{error: errors.New(found), after: retryAfter(answer.Header.Get("Retry-After")), most: attempts}
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		switch {
		case c.Key == "":
			return c.failed(found, "set the key in the environment variable "+DefaultKey)
		case !c.sendsKey():
			return c.failed(found, "the key was not sent, since http would show it to everybody on the way; use https")
		}
		return c.failed(found, "check the key in the environment variable "+DefaultKey)
	case code == http.StatusNotFound || code == http.StatusMethodNotAllowed:
		return c.failed(found, fmt.Sprintf("check the address and the name of the model (%s)", c.Model))
	case code >= 300 && code < 400:
		return c.failed(found+": it sends on to "+strconv.Quote(head(answer.Header.Get("Location"))), "give the address where the endpoint is; texts are sent to no other")
	case code == http.StatusBadRequest || code == http.StatusRequestEntityTooLarge || code == http.StatusUnprocessableEntity:
		return c.failed(found, fmt.Sprintf("check the name of the model (%s); if texts are too long for it, let the server truncate them", c.Model))
	}
	return c.failed(found, "check the address and what the server says")
}

// retryAfter reads the header Retry-After: seconds, or a time.
func retryAfter(s string) time.Duration {
	if n, err := strconv.ParseFloat(s, 64); err == nil && n > 0 {
		return time.Duration(min(n, longestWait.Seconds()) * float64(time.Second))
	}
	if t, err := http.ParseTime(s); err == nil {
		return min(longestWait, max(0, time.Until(t)))
	}
	return 0
}

// message returns what a server says is wrong, without the key.
func (c *caller) message(data []byte) string {
	var a struct {
		Error   json.RawMessage `json:"error"`
		Message string          `json:"message"`
		Detail  json.RawMessage `json:"detail"`
	}
	said := ""
	if json.Unmarshal(data, &a) == nil {
		var inner struct {
			Message string `json:"message"`
		}
		switch {
		case json.Unmarshal(a.Error, &inner) == nil && inner.Message != "":
			said = inner.Message
		case json.Unmarshal(a.Error, &said) == nil && said != "":
		case a.Message != "":
			said = a.Message
		case a.Detail != nil:
			said = string(a.Detail)
		}
	} else {
		said = string(data)
	}
	if c.Key != "" {
		said = strings.ReplaceAll(said, c.Key, "***")
	}
	return head(strings.Join(strings.Fields(strings.ToValidUTF8(said, "")), " "))
}

// head returns the first maxMessage characters of s.
func head(s string) string {
	if r := []rune(s); len(r) > maxMessage {
		return string(r[:maxMessage]) + "…"
	}
	return s
}

// read reads the answer to a request of n texts.
func (c *caller) read(data []byte, n int) ([][]float32, error) {
	var a struct {
		Data []struct {
			Index     *int       `json:"index"`
			Embedding []*float32 `json:"embedding"`
		} `json:"data"`
	}
	const do = "check that it is an OpenAI-compatible endpoint for embeddings, and the model one that makes them"
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, c.failed(fmt.Sprintf("answers with what cannot be read as embeddings (%v): %q", err, head(string(data[:min(len(data), 80)]))), do)
	}
	if len(a.Data) != n {
		return nil, c.failed(fmt.Sprintf("answers with %d vectors to %d texts", len(a.Data), n), do)
	}
	out := make([][]float32, n)
	for i, x := range a.Data {
		at := i
		if x.Index != nil {
			at = *x.Index
		}
		if at < 0 || at >= n || out[at] != nil {
			return nil, c.failed(fmt.Sprintf("answers with a vector for text %d of %d, or with two for one text", at, n), do)
		}
		if err := checkDimensions(c.shown(), int64(len(x.Embedding))); err != nil {
			return nil, err
		}
		if len(x.Embedding) != len(a.Data[0].Embedding) {
			return nil, c.failed(fmt.Sprintf("answers with vectors of %d and of %d dimensions", len(a.Data[0].Embedding), len(x.Embedding)), do)
		}
		out[at] = make([]float32, len(x.Embedding))
		for j, v := range x.Embedding {
			if v == nil {
				return nil, c.failed(fmt.Sprintf("answers with a vector whose dimension %d is null", j), "the model has failed at a text; look at what the server has logged")
			}
			out[at][j] = *v
		}
	}
	return out, nil
}
