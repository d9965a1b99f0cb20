package remote

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
)

// azureStore is a container of Azure Blob Storage.
type azureStore struct {
	client    *azblob.Client
	container string
}

// openAzure opens a container with what the tools of Azure have in the
// environment: AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with
// AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, else without credentials.
func openAzure(_ context.Context, u *url.URL) (store, string, error) {
	options := &azblob.ClientOptions{ClientOptions: policy.ClientOptions{
		Transport: client, Retry: policy.RetryOptions{MaxRetries: -1}, // File tries again
	}}
	account, key, token := os.Getenv("AZURE_STORAGE_ACCOUNT"), os.Getenv("AZURE_STORAGE_KEY"), os.Getenv("AZURE_STORAGE_SAS_TOKEN")
	service := "https://" + account + ".blob.core.windows.net/"
	var c *azblob.Client
	var err error
	switch connection := os.Getenv("AZURE_STORAGE_CONNECTION_STRING"); {
	case connection != "":
		c, err = azblob.NewClientFromConnectionString(connection, options)
	case account == "":
		return nil, "", &Error{Found: "no storage account is named", Do: "set AZURE_STORAGE_ACCOUNT or AZURE_STORAGE_CONNECTION_STRING"}
	case key != "":
		var shared *azblob.SharedKeyCredential
		if shared, err = azblob.NewSharedKeyCredential(account, key); err == nil {
			c, err = azblob.NewClientWithSharedKeyCredential(service, shared, options)
		}
	case token != "":
		c, err = azblob.NewClientWithNoCredential(service+"?"+strings.TrimPrefix(token, "?"), options)
	default:
		c, err = azblob.NewClientWithNoCredential(service, options)
	}
	if err != nil {
		return nil, "", &Error{Found: "the credentials cannot be used", Do: "check the variables AZURE_STORAGE_...", Err: err}
	}
	return &azureStore{client: c, container: u.Host}, strings.TrimPrefix(u.Path, "/"), nil
}

func (s *azureStore) get(ctx context.Context, key string, offset, n int64, version string) (*answer, error) {
	o := &azblob.DownloadStreamOptions{Range: blob.HTTPRange{Offset: offset, Count: n}}
	if version != "" {
		tag := azcore.ETag(version)
		o.AccessConditions = &blob.AccessConditions{ModifiedAccessConditions: &blob.ModifiedAccessConditions{IfMatch: &tag}}
	}
	r, err := s.client.DownloadStream(ctx, s.container, key, o)
	if err != nil {
		return nil, azureError(err)
	}
	a := &answer{body: r.Body, size: -1}
	if r.ETag != nil {
		a.version = string(*r.ETag)
	}
	switch {
	case r.ContentRange != nil:
		if a.offset, a.size, err = contentRange(*r.ContentRange); err != nil {
			r.Body.Close()
			return nil, err
		}
	default:
		if r.ContentLength != nil {
			a.size = *r.ContentLength
		}
		a.body = wholeBody{r.Body}
	}
	return a, nil
}

func (s *azureStore) list(ctx context.Context, prefix string) ([]Object, error) {
	var all []Object
	pages := s.client.NewListBlobsFlatPager(s.container, &azblob.ListBlobsFlatOptions{Prefix: &prefix})
	for pages.More() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, azureError(err)
		}
		for _, item := range page.Segment.BlobItems {
			if item.Name != nil && item.Properties != nil && item.Properties.ContentLength != nil {
				all = append(all, Object{*item.Name, *item.Properties.ContentLength})
			}
		}
	}
	return all, nil
}

// azureError turns what the server answers into an Error.
func azureError(err error) error {
	var r *azcore.ResponseError
	if !errors.As(err, &r) {
		return err
	}
	if r.StatusCode == 416 {
		return &Error{Found: "the file is empty", Do: "check what wrote it"}
	}
	return refused(r.StatusCode, r.ErrorCode)
}
