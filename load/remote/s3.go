package remote

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// s3Store is a bucket of S3, or of what speaks its protocol.
type s3Store struct {
	core   minio.Core
	bucket string
}

// openS3 opens a bucket as the AWS tools do: the endpoint is AWS_ENDPOINT_URL_S3
// or AWS_ENDPOINT_URL, else Amazon's; the region AWS_REGION or
// AWS_DEFAULT_REGION, else that of the bucket; the credentials are
// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, else those of AWS_PROFILE in the
// shared file, else those of the machine on AWS.
func openS3(_ context.Context, u *url.URL) (store, string, error) {
	endpoint, secure, style := "s3.amazonaws.com", true, minio.BucketLookupAuto
	if at := first(os.Getenv("AWS_ENDPOINT_URL_S3"), os.Getenv("AWS_ENDPOINT_URL")); at != "" {
		own, err := url.Parse(at)
		if err != nil || own.Host == "" {
			return nil, "", &Error{Found: "AWS_ENDPOINT_URL is no address", Do: "write it as https://HOST", Err: err}
		}
		endpoint, secure, style = own.Host, own.Scheme != "http", minio.BucketLookupPath
	}
	client, err := minio.New(endpoint, &minio.Options{
		Creds: s3Credentials(), Secure: secure, BucketLookup: style, Transport: client.Transport, MaxRetries: 1,
		Region: first(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")),
	})
	if err != nil {
		return nil, "", &Error{Found: "the store cannot be opened", Do: "check the endpoint and the region in the environment", Err: err}
	}
	return &s3Store{core: minio.Core{Client: client}, bucket: u.Host}, strings.TrimPrefix(u.Path, "/"), nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// s3Credentials looks where credentials can be. The network is asked only where
// it can answer.
func s3Credentials() *credentials.Credentials {
	chain := []credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{Profile: os.Getenv("AWS_PROFILE")}}
	vendor, _ := os.ReadFile("/sys/devices/virtual/dmi/id/sys_vendor")
	onAWS := strings.Contains(string(vendor), "Amazon")
	for _, name := range []string{"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"} {
		onAWS = onAWS || os.Getenv(name) != ""
	}
	if onAWS {
		chain = append(chain, &credentials.IAM{})
	}
	return credentials.NewChainCredentials(chain)
}

func (s *s3Store) get(ctx context.Context, key string, offset, n int64, version string) (*answer, error) {
	var o minio.GetObjectOptions
	err := o.SetRange(offset, offset+n-1)
	if err == nil && version != "" {
		err = o.SetMatchETag(version)
	}
	if err != nil {
		return nil, err
	}
	body, info, header, err := s.core.GetObject(ctx, s.bucket, key, o)
	if err != nil {
		return nil, s3Error(err)
	}
	a := &answer{body: body, size: info.Size, version: info.ETag}
	if r := header.Get("Content-Range"); r != "" {
		if a.offset, a.size, err = contentRange(r); err != nil {
			body.Close()
			return nil, err
		}
	} else {
		a.body = wholeBody{body}
	}
	return a, nil
}

func (s *s3Store) list(ctx context.Context, prefix string) ([]Object, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var all []Object
	for o := range s.core.Client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return nil, s3Error(o.Err)
		}
		all = append(all, Object{o.Key, o.Size})
	}
	return all, nil
}

// s3Error turns what the server answers into an Error.
func s3Error(err error) error {
	var r minio.ErrorResponse
	if !errors.As(err, &r) || r.StatusCode == 0 {
		return err
	}
	if r.StatusCode == 416 {
		return &Error{Found: "the file is empty", Do: "check what wrote it"}
	}
	return refused(r.StatusCode, r.Message)
}
