// Package remote reads files that are elsewhere: http and https addresses, and
// objects in S3, Google Cloud Storage and Azure Blob Storage. A File is read at
// places: only the ranges that are asked for are transferred, each once; they
// are kept in a temporary file.
//
// Credentials come from where the tools of each cloud have them, see openS3,
// openGS and openAzure. Without any, requests are anonymous.
package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// An Error says what is wrong with a remote file, and what to do.
type Error struct {
	Found, Do string
	Err       error
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Found
	}
	return e.Found + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// store is a place that holds objects under keys.
type store interface {
	// get returns n bytes of the object from offset on; fewer at its end. Of an
	// object that is not the version given, it returns errChanged; "" = any.
	get(ctx context.Context, key string, offset, n int64, version string) (*answer, error)
	// list returns the keys that begin with prefix, in order, and their sizes.
	list(ctx context.Context, prefix string) ([]Object, error)
}

// answer is what a store answers to get.
type answer struct {
	body    io.ReadCloser
	offset  int64  // of the body's first byte: 0 if the store knows no ranges
	size    int64  // of the whole object; -1 = not told
	version string // "" if the store has none
}

// Object is an object in a store.
type Object struct {
	URL  string
	Size int64
}

// errChanged says that an object is not what it was when it was opened.
var errChanged = &Error{Found: "has been replaced while it was read", Do: "run again when nothing writes to it"}

// scheme is one line of the table of schemes.
type scheme struct {
	name string
	open func(ctx context.Context, u *url.URL) (s store, key string, err error)
	list bool // objects can be listed
}

// schemes returns what URLs may begin with.
func schemes() []scheme {
	return []scheme{
		{"s3", openS3, true},
		{"gs", openGS, true},
		{"az", openAzure, true},
		{"https", openHTTP, false},
		{"http", openHTTP, false},
	}
}

// Is reports whether name is a URL that Open opens.
func Is(name string) bool {
	_, _, ok := split(name)
	return ok
}

func split(name string) (scheme, string, bool) {
	before, rest, found := strings.Cut(name, "://")
	for _, s := range schemes() {
		if found && s.name == before {
			return s, rest, true
		}
	}
	return scheme{}, "", false
}

// parse divides an address into its scheme and URL. Buckets' keys hold what they
// hold: only in http does ? begin a query.
func parse(name string) (scheme, *url.URL, error) {
	s, rest, ok := split(name)
	if !ok {
		return s, nil, &Error{Found: "no address of a kind that can be read", Do: "use s3, gs, az, https or http"}
	}
	if s.list {
		bucket, key, _ := strings.Cut(rest, "/")
		if bucket == "" {
			return s, nil, &Error{Found: "the address names no bucket", Do: "write " + s.name + "://BUCKET/KEY"}
		}
		return s, &url.URL{Scheme: s.name, Host: bucket, Path: "/" + key}, nil
	}
	u, err := url.Parse(name)
	if err != nil || u.Host == "" {
		return s, nil, &Error{Found: "a malformed address", Do: "check it", Err: err}
	}
	return s, u, nil
}

// List returns the objects that an address with a pattern (*, ?, [) or with a /
// at its end means, in the order of their keys; ok is false if it is the address
// of one object. Objects that are empty or hidden do not count.
func List(ctx context.Context, name string) (objects []Object, ok bool, err error) {
	s, u, err := parse(name)
	if err != nil {
		return nil, false, err
	}
	key := strings.TrimPrefix(u.Path, "/")
	if !s.list {
		return nil, false, nil
	}
	at := strings.IndexAny(key, "*?[")
	folder := key == "" || strings.HasSuffix(key, "/")
	if at < 0 && !folder {
		return nil, false, nil
	}
	prefix := key
	if at >= 0 {
		prefix = key[:at]
		if _, err := path.Match(key, ""); err != nil {
			return nil, false, &Error{Found: "the pattern is malformed", Do: "close every [ with a ]"}
		}
	}
	place, _, err := s.open(ctx, u)
	if err != nil {
		return nil, false, err
	}
	all, err := place.list(ctx, prefix)
	if err != nil {
		return nil, false, err
	}
	base := s.name + "://" + u.Host + "/"
	for _, o := range all {
		below := o.URL // the key
		if at >= 0 && !match(key, below) || o.Size == 0 || hidden(strings.TrimPrefix(below, prefix)) {
			continue
		}
		objects = append(objects, Object{URL: base + below, Size: o.Size})
	}
	slices.SortFunc(objects, func(a, b Object) int { return strings.Compare(a.URL, b.URL) })
	if len(objects) == 0 {
		return nil, true, &Error{Found: fmt.Sprintf("no object matches, of %d that begin with %q", len(all), prefix), Do: "check the address"}
	}
	return objects, true, nil
}

// match is path.Match in which ** stands for any number of folders.
func match(pattern, key string) bool {
	return matches(strings.Split(pattern, "/"), strings.Split(key, "/"))
}

func matches(pattern, key []string) bool {
	switch {
	case len(pattern) == 0:
		return len(key) == 0
	case pattern[0] == "**":
		for i := range len(key) + 1 {
			if matches(pattern[1:], key[i:]) {
				return true
			}
		}
		return false
	case len(key) == 0:
		return false
	}
	ok, err := path.Match(pattern[0], key[0])
	return err == nil && ok && matches(pattern[1:], key[1:])
}

// hidden reports whether a segment of a key begins with a dot or an underscore.
func hidden(key string) bool {
	return slices.ContainsFunc(strings.Split(key, "/"), func(s string) bool {
		return s != "" && (s[0] == '.' || s[0] == '_')
	})
}

// client is what all stores send their requests with.
var client = &http.Client{Transport: transport()}

func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = time.Minute
	t.MaxIdleConnsPerHost = 16
	t.DisableCompression = true // sizes and ranges are those of the bytes sent
	return t
}

// refused returns the error for the status of an HTTP answer.
func refused(status int, detail string) *Error {
	e := &Error{Found: fmt.Sprintf("the server answers %d %s", status, http.StatusText(status)), Do: "check the address"}
	if detail != "" {
		e.Err = errors.New(detail)
	}
	switch status {
	case http.StatusNotFound, http.StatusGone:
		e.Found = "there is no such file"
	case http.StatusUnauthorized, http.StatusForbidden:
		e.Found, e.Do = "access is refused", "check the address and the credentials in the environment"
	case http.StatusPreconditionFailed:
		return errChanged
	}
	return e
}

// passing reports whether it makes sense to try again after the error.
func passing(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return true // the network's
	}
	for _, status := range []int{408, 429, 500, 502, 503, 504} {
		if strings.Contains(e.Found, fmt.Sprintf("answers %d ", status)) {
			return true
		}
	}
	return false
}
