package remote

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
)

// gsStore is a bucket of Google Cloud Storage, by its JSON interface.
type gsStore struct {
	httpStore
	base, bucket string
}

// openGS opens a bucket with Google's application default credentials:
// GOOGLE_APPLICATION_CREDENTIALS, else what gcloud has stored, else those of the
// machine on Google Cloud. STORAGE_EMULATOR_HOST names another server.
func openGS(ctx context.Context, u *url.URL) (store, string, error) {
	s := &gsStore{base: "https://storage.googleapis.com", bucket: u.Host}
	s.address = func(key string) string {
		return s.base + "/storage/v1/b/" + url.PathEscape(s.bucket) + "/o/" + url.PathEscape(key) + "?alt=media"
	}
	key := strings.TrimPrefix(u.Path, "/")
	if host := os.Getenv("STORAGE_EMULATOR_HOST"); host != "" {
		if !strings.Contains(host, "://") {
			host = "http://" + host
		}
		s.base = strings.TrimSuffix(host, "/")
		return s, key, nil
	}
	found, err := google.FindDefaultCredentials(ctx, "https://www.googleapis.com/auth/devstorage.read_only")
	if err != nil {
		if os.Getenv("GOOGLE_APPLICATION_CREDENTIALS") != "" {
			return nil, "", &Error{Found: "the credentials cannot be read", Do: "check GOOGLE_APPLICATION_CREDENTIALS", Err: err}
		}
		return s, key, nil // anonymous
	}
	tokens := oauth2.ReuseTokenSource(nil, found.TokenSource)
	s.prepare = func(_ context.Context, r *http.Request) error {
		token, err := tokens.Token()
		if err == nil {
			token.SetAuthHeader(r)
		}
		return err
	}
	return s, key, nil
}

func (s *gsStore) list(ctx context.Context, prefix string) ([]Object, error) {
	var all []Object
	page := ""
	for {
		query := url.Values{"prefix": {prefix}, "fields": {"items(name,size),nextPageToken"}}
		if page != "" {
			query.Set("pageToken", page)
		}
		r, err := s.request(ctx, s.base+"/storage/v1/b/"+url.PathEscape(s.bucket)+"/o?"+query.Encode())
		if err != nil {
			return nil, err
		}
		response, err := s.do(r, http.StatusOK)
		if err != nil {
			return nil, err
		}
		var answer struct {
			Items []struct {
				Name string `json:"name"`
				Size string `json:"size"`
			} `json:"items"`
			NextPageToken string `json:"nextPageToken"`
		}
		err = json.NewDecoder(io.LimitReader(response.Body, 64<<20)).Decode(&answer)
		response.Body.Close()
		if err != nil {
			return nil, &Error{Found: "the list of objects cannot be read", Do: "name the objects one by one", Err: err}
		}
		for _, item := range answer.Items {
			size, err := strconv.ParseInt(item.Size, 10, 64)
			if err != nil {
				return nil, &Error{Found: "the list of objects cannot be read", Do: "name the objects one by one", Err: err}
			}
			all = append(all, Object{item.Name, size})
		}
		if page = answer.NextPageToken; page == "" {
			return all, nil
		}
	}
}
