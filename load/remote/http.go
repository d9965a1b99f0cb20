package remote

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// httpStore reads from a web server. Requests may need something added to them.
type httpStore struct {
	address func(key string) string
	prepare func(ctx context.Context, r *http.Request) error // nil = nothing
}

// openHTTP opens an address of a web server. A name and password may stand in
// it.
func openHTTP(_ context.Context, u *url.URL) (store, string, error) {
	s := &httpStore{address: func(string) string { return u.String() }}
	return s, u.Path, nil
}

func (s *httpStore) list(context.Context, string) ([]Object, error) {
	return nil, &Error{Found: "files on a web server cannot be listed", Do: "name them one by one"}
}

// request returns a request without a body.
func (s *httpStore) request(ctx context.Context, address string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &Error{Found: "a malformed address", Do: "check it", Err: err}
	}
	r.Header.Set("User-Agent", "synthos")
	return r, nil
}

// do sends a request and returns the answer if its status is one of those given.
func (s *httpStore) do(r *http.Request, statuses ...int) (*http.Response, error) {
	if s.prepare != nil {
		if err := s.prepare(r.Context(), r); err != nil {
			return nil, &Error{Found: "the credentials cannot be used", Do: "check them", Err: err}
		}
	}
	response, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	for _, status := range statuses {
		if response.StatusCode == status {
			return response, nil
		}
	}
	defer response.Body.Close()
	detail := ""
	if strings.Contains(response.Header.Get("Content-Type"), "xml") {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 4<<10))
		detail = between(string(text), "<Message>", "</Message>")
	}
	return nil, refused(response.StatusCode, detail)
}

// between returns what stands between two marks, "" if they are not there.
func between(text, open, end string) string {
	_, rest, found := strings.Cut(text, open)
	inner, _, closed := strings.Cut(rest, end)
	if !found || !closed {
		return ""
	}
	return strings.TrimSpace(inner)
}

func (s *httpStore) get(ctx context.Context, key string, offset, n int64, version string) (*answer, error) {
	r, err := s.request(ctx, s.address(key))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", offset, offset+n-1))
	if strings.HasPrefix(version, `"`) { // weak ones do not match
		r.Header.Set("If-Match", version)
	}
	response, err := s.do(r, http.StatusOK, http.StatusPartialContent, http.StatusRequestedRangeNotSatisfiable)
	if err != nil {
		return nil, err
	}
	a := &answer{body: response.Body, size: response.ContentLength, version: response.Header.Get("ETag")}
	if a.version == "" {
		a.version = response.Header.Get("Last-Modified")
	}
	switch response.StatusCode {
	case http.StatusOK:
		a.body = wholeBody{response.Body}
		return a, nil
	case http.StatusRequestedRangeNotSatisfiable: // an empty file
		response.Body.Close()
		return nil, &Error{Found: "the file is empty", Do: "check what wrote it"}
	}
	a.offset, a.size, err = contentRange(response.Header.Get("Content-Range"))
	if err != nil {
		response.Body.Close()
		return nil, err
	}
	return a, nil
}

// contentRange reads the header "bytes 0-99/1234" or "bytes 0-99/*".
func contentRange(header string) (offset, size int64, err error) {
	wrong := &Error{Found: fmt.Sprintf("the server sends the range %q", header), Do: "fetch the file and give its path"}
	rest, found := strings.CutPrefix(header, "bytes ")
	first, all, split := strings.Cut(rest, "/")
	from, _, dash := strings.Cut(first, "-")
	if !found || !split || !dash {
		return 0, 0, wrong
	}
	if offset, err = strconv.ParseInt(from, 10, 64); err != nil || offset < 0 {
		return 0, 0, wrong
	}
	if size, err = strconv.ParseInt(all, 10, 64); err != nil || size < 0 {
		return 0, 0, wrong
	}
	return offset, size, nil
}
