package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// content returns n bytes that repeat nowhere.
func content(n int) []byte {
	b := make([]byte, n)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

// server serves files by name, with ranges, and counts the bytes it sends.
type server struct {
	*httptest.Server
	files map[string][]byte
	sent  atomic.Int64
	seen  func(r *http.Request)                                    // nil = nothing
	hook  func(w http.ResponseWriter, r *http.Request) (done bool) // nil = nothing
}

func newServer(t *testing.T, files map[string][]byte) *server {
	s := &server{files: files}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	if s.seen != nil {
		s.seen(r)
	}
	if s.hook != nil && s.hook(w, r) {
		return
	}
	s.file(w, r, strings.TrimPrefix(r.URL.Path, "/"))
}

// file serves a file with ranges; its version is its length.
func (s *server) file(w http.ResponseWriter, r *http.Request, name string) {
	b, ok := s.files[name]
	if !ok {
		http.Error(w, "gone", http.StatusNotFound)
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"v%d"`, len(b)))
	http.ServeContent(counting{w, &s.sent}, r, "", time.Unix(1e9, 0), bytes.NewReader(b))
}

type counting struct {
	http.ResponseWriter
	n *atomic.Int64
}

func (c counting) Write(b []byte) (int, error) {
	c.n.Add(int64(len(b)))
	return c.ResponseWriter.Write(b)
}

func open(t *testing.T, address string) *File {
	t.Helper()
	f, err := Open(context.Background(), address, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// Only what is read is transferred, once, and it is what stands there.
func TestReadAt(t *testing.T) {
	want := content(20*blockBytes + 123)
	s := newServer(t, map[string][]byte{"a.bin": want})
	f := open(t, s.URL+"/a.bin")
	if f.Size() != int64(len(want)) {
		t.Fatalf("size %d, want %d", f.Size(), len(want))
	}
	at := int64(12*blockBytes - 10)
	got := make([]byte, 20)
	for range 3 {
		if _, err := f.ReadAt(got, at); err != nil || !bytes.Equal(got, want[at:at+20]) {
			t.Fatalf("%x, %v; want %x", got, err, want[at:at+20])
		}
	}
	if n := s.sent.Load(); n > 4*blockBytes {
		t.Errorf("%d bytes were sent for 20", n)
	}
	n, err := f.ReadAt(make([]byte, 200), int64(len(want)-100))
	if n != 100 || err != io.EOF {
		t.Errorf("at the end: %d, %v", n, err)
	}
	whole, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
	if err != nil || !bytes.Equal(whole, want) {
		t.Errorf("read as a whole, %d bytes differ, %v", len(whole), err)
	}
	if n := s.sent.Load(); n != int64(len(want)) || f.Loaded() != n {
		t.Errorf("%d bytes were sent of %d, %d taken", n, len(want), f.Loaded())
	}
}

// Many goroutines get what stands there, and no block comes twice.
func TestParallel(t *testing.T) {
	want := content(30 * blockBytes)
	s := newServer(t, map[string][]byte{"a": want})
	f := open(t, s.URL+"/a")
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(g), 0))
			p := make([]byte, 3*blockBytes)
			for range 20 {
				at := rng.IntN(len(want) - len(p))
				if _, err := f.ReadAt(p, int64(at)); err != nil || !bytes.Equal(p, want[at:at+len(p)]) {
					t.Errorf("at %d: %v", at, err)
				}
			}
		})
	}
	group.Wait()
	if n := s.sent.Load(); n > int64(len(want)) {
		t.Errorf("%d bytes were sent of %d", n, len(want))
	}
}

// A server that knows no ranges, or does not tell a length, is read as a whole.
func TestNoRanges(t *testing.T) {
	want := content(3*blockBytes + 7)
	for name, length := range map[string]bool{"length": true, "no length": false} {
		s := newServer(t, nil)
		s.hook = func(w http.ResponseWriter, r *http.Request) bool {
			if length {
				w.Header().Set("Content-Length", fmt.Sprint(len(want)))
			}
			for i := 0; i < len(want); i += 1000 {
				w.Write(want[i:min(i+1000, len(want))])
				if i == 0 {
					w.(http.Flusher).Flush()
				}
			}
			return true
		}
		f := open(t, s.URL+"/a")
		got, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d of %d bytes, %v", name, len(got), len(want), err)
		}
	}
}

func TestErrors(t *testing.T) {
	big := content(4 * blockBytes)
	tests := []struct {
		name, reason string
		hook         func(n int, w http.ResponseWriter, r *http.Request) bool
		words        []string // of the error; none = it works in the end
	}{
		{"missing", "the address is wrong", func(_ int, w http.ResponseWriter, r *http.Request) bool { http.NotFound(w, r); return true }, []string{"no such file"}},
		{"forbidden", "the credentials are", func(_ int, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(403)
			io.WriteString(w, "<Error><Code>AccessDenied</Code><Message>Access Denied by policy</Message></Error>")
			return true
		}, []string{"access is refused", "Denied by policy"}},
		{"busy", "it passes", func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n < 3 {
				w.WriteHeader(503)
			}
			return n < 3
		}, nil},
		{"always busy", "it does not pass", func(_ int, w http.ResponseWriter, r *http.Request) bool { w.WriteHeader(503); return true }, []string{"503"}},
		{"broken off", "a connection that breaks is tried again", func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n == 2 {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes 262144-1048575/%d", len(big)))
				w.Header().Set("ETag", fmt.Sprintf(`"v%d"`, len(big)))
				w.Header().Set("Content-Length", "786432")
				w.WriteHeader(206)
				w.Write(big[:1000])
				panic(http.ErrAbortHandler)
			}
			return false
		}, nil},
		{"replaced", "half of each is neither", func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n > 1 {
				w.WriteHeader(412)
			}
			return n > 1
		}, []string{"replaced"}},
		{"another version", "a server without If-Match", func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n > 1 {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes 262144-1048575/%d", len(big)))
				w.Header().Set("ETag", `"other"`)
				w.WriteHeader(206)
			}
			return n > 1
		}, []string{"replaced"}},
		{"a lie about the length", "petabytes are not believed", func(_ int, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Range", "bytes 0-262143/9000000000000000000")
			w.WriteHeader(206)
			return true
		}, []string{"9000000000000000000"}},
		{"a broken range", "nonsense is refused", func(_ int, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Range", "bytes x-y/z")
			w.WriteHeader(206)
			return true
		}, []string{`"bytes x-y/z"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, map[string][]byte{"a": big})
			var n atomic.Int64
			s.hook = func(w http.ResponseWriter, r *http.Request) bool { return test.hook(int(n.Add(1)), w, r) }
			f, err := Open(context.Background(), s.URL+"/a", t.TempDir())
			if err == nil {
				defer f.Close()
				var got []byte
				got, err = io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
				if err == nil && !bytes.Equal(got, big) {
					t.Fatalf("%d bytes differ", len(got))
				}
			}
			if len(test.words) == 0 {
				if err != nil {
					t.Fatalf("%v: %s", err, test.reason)
				}
				return
			}
			var known *Error
			if !errors.As(err, &known) || known.Do == "" {
				t.Fatalf("%v is no *Error with advice: %s", err, test.reason)
			}
			for _, word := range test.words {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("error %q does not say %q", err, word)
				}
			}
		})
	}
}

// The end of the context ends a read that hangs, and nothing is left on disk.
func TestCancel(t *testing.T) {
	block := make(chan struct{})
	s := newServer(t, map[string][]byte{"a": content(4 * blockBytes)})
	var n atomic.Int64
	s.hook = func(w http.ResponseWriter, r *http.Request) bool {
		if n.Add(1) > 1 {
			<-block
			return true
		}
		return false
	}
	defer close(block)
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	f, err := Open(ctx, s.URL+"/a", folder)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := f.ReadAt(make([]byte, 10), 3*blockBytes); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	f.Close()
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// S3, Google Cloud Storage and Azure: each as its own protocol asks for ranges
// and lists, with credentials from the environment.
func TestClouds(t *testing.T) {
	big := content(3*blockBytes + 5)
	files := map[string][]byte{"x/a 1.csv": big, "x/y/b.csv": []byte("b"), "x/_SUCCESS": []byte("z"), "x/empty.csv": {}, "x/c.json": []byte("c")}
	names := []string{"x/_SUCCESS", "x/a 1.csv", "x/c.json", "x/empty.csv", "x/y/b.csv"}
	listed := func(prefix, format string) string {
		var b strings.Builder
		for _, name := range names {
			if strings.HasPrefix(name, prefix) {
				fmt.Fprintf(&b, format, name, len(files[name]))
			}
		}
		return b.String()
	}
	var authorization atomic.Value
	s := newServer(t, files)
	s.seen = func(r *http.Request) { authorization.Store(r.Header.Get("Authorization")) }
	s.hook = func(w http.ResponseWriter, r *http.Request) bool {
		q := r.URL.Query()
		key, isObject := strings.CutPrefix(r.URL.Path, "/bucket/")
		gsKey, isGS := strings.CutPrefix(r.URL.Path, "/storage/v1/b/bucket/o/")
		azKey, isAzure := strings.CutPrefix(r.URL.Path, "/account/bucket/")
		switch {
		case q.Get("list-type") == "2":
			w.Header().Set("Content-Type", "application/xml")
			fmt.Fprintf(w, "<ListBucketResult><IsTruncated>false</IsTruncated>%s</ListBucketResult>", listed(q.Get("prefix"), "<Contents><Key>%s</Key><Size>%d</Size></Contents>"))
		case q.Get("comp") == "list":
			w.Header().Set("Content-Type", "application/xml")
			fmt.Fprintf(w, `<EnumerationResults ContainerName="bucket"><Blobs>%s</Blobs><NextMarker/></EnumerationResults>`,
				listed(q.Get("prefix"), "<Blob><Name>%s</Name><Properties><Content-Length>%d</Content-Length></Properties></Blob>"))
		case r.URL.Path == "/storage/v1/b/bucket/o":
			fmt.Fprintf(w, `{"items":[%s]}`, strings.TrimSuffix(listed(q.Get("prefix"), `{"name":"%s","size":"%d"},`), ","))
		case isGS:
			s.file(w, r, gsKey)
		case isAzure:
			if r.Header.Get("x-ms-range") != "" {
				r.Header.Set("Range", r.Header.Get("x-ms-range"))
			}
			s.file(w, r, azKey)
		case isObject:
			s.file(w, r, key)
		default:
			return false
		}
		return true
	}
	host, _ := url.Parse(s.URL)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": s.URL, "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret",
		"STORAGE_EMULATOR_HOST":           host.Host,
		"AZURE_STORAGE_CONNECTION_STRING": "DefaultEndpointsProtocol=http;AccountName=account;AccountKey=c2VjcmV0;BlobEndpoint=" + s.URL + "/account;",
	} {
		t.Setenv(name, value)
	}
	for scheme, auth := range map[string]string{"s3": "AWS4-HMAC-SHA256 Credential=id/", "gs": "", "az": "SharedKey account:"} {
		f := open(t, scheme+"://bucket/x/a 1.csv")
		got, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
		if err != nil || !bytes.Equal(got, big) {
			t.Errorf("%s: %d of %d bytes, %v", scheme, len(got), len(big), err)
		}
		if a := authorization.Load().(string); !strings.HasPrefix(a, auth) {
			t.Errorf("%s: authorization %q, want %q", scheme, a, auth)
		}
		for address, want := range map[string]string{
			"x/":         "[x/a 1.csv x/c.json x/y/b.csv]",
			"x/*.csv":    "[x/a 1.csv]",
			"x/**/*.csv": "[x/a 1.csv x/y/b.csv]",
		} {
			objects, many, err := List(context.Background(), scheme+"://bucket/"+address)
			var keys []string
			for _, o := range objects {
				keys = append(keys, strings.TrimPrefix(o.URL, scheme+"://bucket/"))
			}
			if fmt.Sprint(keys) != want || !many || err != nil {
				t.Errorf("%s, %s: %v, %v; want %s", scheme, address, keys, err, want)
			}
		}
		if _, _, err := List(context.Background(), scheme+"://bucket/z*"); err == nil || !strings.Contains(err.Error(), "no object matches") {
			t.Errorf("%s: a pattern without objects: %v", scheme, err)
		}
		if _, err := Open(context.Background(), scheme+"://bucket/gone", t.TempDir()); err == nil || !strings.Contains(err.Error(), "no such file") {
			t.Errorf("%s: an object that is not there: %v", scheme, err)
		}
	}
	if _, many, err := List(context.Background(), s.URL+"/a*"); many || err != nil {
		t.Errorf("a web server is not listed: %v, %v", many, err)
	}
}
