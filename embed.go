package synthos

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"synthos/cache"
	"synthos/dataset"
	"synthos/diversity"
	"synthos/embeddings"
	"synthos/encode"
	"synthos/load"
	"synthos/verdict"
)

// checkEmbeddings returns an error if the options about embeddings do not go
// together.
func (o *Orchestrator) checkEmbeddings() error {
	var err error
	wrong := func(format string, args ...any) {
		err = errors.Join(err, fmt.Errorf("synthos: "+format, args...))
	}
	if o.ReferenceEmbeddings != "" && (o.Reference == "" || o.Embeddings == "") {
		wrong("the embeddings of the reference need a reference, and the embeddings of the data")
	}
	if o.EmbeddingsModel != "" && o.EmbeddingsURL == "" {
		wrong("the model %q needs the address of an endpoint that has it", o.EmbeddingsModel)
	}
	if o.EmbeddingsURL == "" {
		return err
	}
	e := o.endpoint()
	if o.Embeddings != "" {
		wrong("embeddings come from a file or from an endpoint; give one of them")
	}
	if o.Sensitive && !e.Local() {
		wrong("texts would be sent to %s, but the data are sensitive; use an endpoint on this machine (localhost), or a file of embeddings", e.Host())
	}
	if bad := e.Check(); bad != nil {
		wrong("%w", bad)
	}
	return err
}

// endpoint returns the endpoint of the options.
func (o *Orchestrator) endpoint() *embeddings.Endpoint {
	e := &embeddings.Endpoint{URL: o.EmbeddingsURL, Model: o.EmbeddingsModel, Key: o.EmbeddingsKey}
	if e.Key == "" {
		e.Key = os.Getenv(embeddings.DefaultKey)
	}
	return e
}

// openEmbeddings makes sure before any work that the files of embeddings are
// there, and that those of NumPy go together.
func (o *Orchestrator) openEmbeddings(ctx context.Context) error {
	dimensions := 0
	for _, path := range []string{o.Embeddings, o.ReferenceEmbeddings} {
		if path == "" {
			continue
		}
		if !embeddings.IsNPY(path) {
			if _, err := load.Identify(ctx, path, ""); err != nil {
				return fmt.Errorf("embeddings: %w", err)
			}
			continue
		}
		n, err := embeddings.OpenNPY(ctx, path)
		if err != nil {
			return fmt.Errorf("embeddings: %w", err)
		}
		n.Close()
		if dimensions > 0 && n.D != dimensions {
			return otherDimensions(path, n.D, dimensions)
		}
		dimensions = n.D
	}
	return nil
}

func otherDimensions(reference string, got, want int) error {
	return dataset.NewError(load.WithoutSecrets(reference), fmt.Sprintf("the vectors of the reference have %d dimensions, those of the data %d", got, want), "embed both with the same model")
}

// embed gets the vectors of the rows that stage 2 looks at; nil if none were
// asked for. What was done until an error is told too.
func (r *run) embed(ctx context.Context) (*diversity.Embeddings, *verdict.Embeddings, error) {
	get := r.embedFile
	about := &verdict.Embeddings{Data: load.WithoutSecrets(r.o.Embeddings), Reference: load.WithoutSecrets(r.o.ReferenceEmbeddings)}
	switch {
	case r.o.EmbeddingsURL != "":
		columns := r.textColumns()
		if len(columns) == 0 {
			return nil, nil, dataset.NewError(load.WithoutSecrets(r.path), "no column of free text that could be embedded",
				"leave --embeddings-url out, or say by --schema which columns are text")
		}
		about.URL, about.Model, about.Columns = load.WithoutSecrets(r.o.EmbeddingsURL), r.o.EmbeddingsModel, columns
		get = r.embedTexts
	case r.o.Embeddings == "":
		return nil, nil, nil
	}
	out := &diversity.Embeddings{}
	var err error
	if out.Data, err = get(ctx, r.data, r.o.Embeddings, about); err != nil {
		return nil, about, err
	}
	about.Rows, about.Dimensions = out.Data.N, out.Data.D
	if r.reference == nil || r.o.EmbeddingsURL == "" && r.o.ReferenceEmbeddings == "" {
		return out, about, nil
	}
	if out.Reference, err = get(ctx, r.reference, r.o.ReferenceEmbeddings, about); err != nil {
		return nil, about, err
	}
	about.ReferenceRows, about.Dimensions = out.Reference.N, max(out.Data.D, out.Reference.D)
	for _, f := range []*encode.Features{out.Data, out.Reference} {
		if f.D == 0 { // no row of it has words
			*f = encode.Features{N: f.N, D: about.Dimensions, Data: make([]float32, f.N*about.Dimensions)}
		}
	}
	if out.Data.D != out.Reference.D {
		return nil, about, otherDimensions(r.o.ReferenceEmbeddings, out.Reference.D, out.Data.D)
	}
	return out, about, nil
}

// embedFile reads the vectors of rows of the sample of l from a file.
func (r *run) embedFile(ctx context.Context, l *loaded, path string, _ *verdict.Embeddings) (*encode.Features, error) {
	var ids []int64
	for _, i := range diversity.EmbeddedRows(l.table, r.o.Seed) {
		ids = append(ids, l.table.RowIDs[i])
	}
	f, err := func() (*encode.Features, error) {
		if embeddings.IsNPY(path) {
			n, err := embeddings.OpenNPY(ctx, path)
			if err != nil {
				return nil, err
			}
			defer n.Close()
			return n.Take(ctx, ids, l.rows)
		}
		src, err := load.Open(ctx, path, load.Options{RangeBytes: r.o.rangeBytes})
		if err != nil {
			return nil, err
		}
		defer src.Close()
		return embeddings.FromSource(ctx, r.engine, src, path, ids, l.rows, r.meter.rows("diversity", l.rows))
	}()
	var e *dataset.Error
	if errors.As(err, &e) {
		e.Path = load.WithoutSecrets(e.Path)
	}
	if err != nil {
		return nil, fmt.Errorf("embeddings: %w", err)
	}
	return f, nil
}

// embedTexts sends the texts of rows of the sample of l to the endpoint.
func (r *run) embedTexts(ctx context.Context, l *loaded, _ string, about *verdict.Embeddings) (*encode.Features, error) {
	rows := diversity.EmbeddedRows(l.table, r.o.Seed)
	texts := make([]string, len(rows))
	for k, i := range rows {
		var parts []string
		for _, name := range about.Columns {
			if v := &l.table.Columns[l.table.Schema.Index(name)]; !v.Null[i] {
				parts = append(parts, v.Strings[i])
			}
		}
		texts[k] = strings.Join(parts, "\n")
	}
	e := r.o.endpoint()
	if r.o.UseCache {
		dir, err := cache.Open(r.o.CacheDir, r.o.CacheLimit)
		if err != nil {
			slog.Debug("no cache", "error", err)
		} else {
			e.Cache = dir
		}
	}
	what, begin, share := "texts", 0.0, 0.95
	if r.reference != nil {
		share /= 2
		if l == r.reference {
			what, begin = "texts of the reference", share
		}
	}
	f, usage, err := e.Embed(ctx, texts, func(done, of int) {
		r.meter.at("diversity", begin+share*float64(done)/float64(of), fmt.Sprintf("%d of %d %s embedded by %s", done, of, what, e.Host()))
	})
	about.TextsSent += usage.Sent
	about.TextsCached += usage.Cached
	about.TextsCut += usage.Cut
	if usage.Sent > 0 && !e.Local() {
		about.SentTo = e.Host()
	}
	if err != nil {
		return nil, fmt.Errorf("embeddings: %w", err)
	}
	return f, nil
}

// textColumns returns the names of the columns of free text that data and
// reference have, in the order of the reference.
func (r *run) textColumns() []string {
	first, second := r.data.table.Schema, r.data.table.Schema
	if r.reference != nil {
		first = r.reference.table.Schema
	}
	var names []string
	for _, f := range first.Fields {
		if j := second.Index(f.Name); f.Kind == dataset.Text && f.Type == dataset.String && j >= 0 && second.Fields[j].Type == dataset.String {
			names = append(names, f.Name)
		}
	}
	return names
}

// noMeaning says why there are no embeddings, as it may stand in a report.
func (o *Orchestrator) noMeaning(err error) string {
	if err == nil {
		return ""
	}
	if o.Sensitive {
		if o.EmbeddingsURL != "" { // the server may quote texts
			return "the endpoint gave no embeddings; why is " + withheld
		}
		err = withheldError(o, err)
	}
	return err.Error()
}
