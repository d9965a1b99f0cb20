package main

import (
	"flag"
	"fmt"
)

// embeddingHelp describes the flags of embeddingFlags, in the long help.
const embeddingHelp = `~ --embeddings F   vectors by a model of yours, for the semantic diversity (default: by words): a
~                  row for each row of DATA, in order; .npy, or a table of nothing but numbers
~ --reference-embeddings F   those of the reference, by the same model
~ --embeddings-url URL   or an OpenAI-compatible endpoint, e.g. https://api.openai.com/v1. THE TEXTS
~                  of at most 2,000 sampled rows of DATA, and as many of the reference, LEAVE THIS
~                  MACHINE: they are sent there, and nowhere else. Its key is OPENAI_API_KEY in the
~                  environment. With --sensitive refused, unless the endpoint is on this machine
~ --embeddings-model NAME   the model that the endpoint is asked for
`

// embeddingFlags adds the flags that say where embeddings come from.
func (r *request) embeddingFlags(fs *flag.FlagSet) {
	fs.StringVar(&r.Embeddings, "embeddings", r.Embeddings, "")
	fs.StringVar(&r.ReferenceEmbeddings, "reference-embeddings", r.ReferenceEmbeddings, "")
	fs.StringVar(&r.EmbeddingsURL, sendingFlag, r.EmbeddingsURL, "")
	fs.StringVar(&r.EmbeddingsModel, "embeddings-model", r.EmbeddingsModel, "")
}

// checkEmbeddings says what is wrong with the flags of embeddingFlags; nil if
// nothing is. What the endpoint itself needs, the library checks.
func (r *request) checkEmbeddings(command string) error {
	wrong := func(format string, args ...any) error {
		return &usageError{command, fmt.Sprintf(format, args...)}
	}
	switch {
	case r.ranks && r.Embeddings != "":
		return wrong("--embeddings are of one dataset; judge each by itself, or use --embeddings-url")
	case r.Embeddings != "" && r.EmbeddingsURL != "":
		return wrong("--embeddings and --embeddings-url are two ways to the same; give one of them")
	case r.ReferenceEmbeddings != "" && r.Embeddings == "":
		return wrong("--reference-embeddings needs --embeddings, those of the data")
	case r.ReferenceEmbeddings != "" && r.Reference == "":
		return wrong("--reference-embeddings needs --reference")
	case r.EmbeddingsURL != "" && r.EmbeddingsModel == "":
		return wrong("--embeddings-url needs --embeddings-model, the name of the model there")
	case r.EmbeddingsModel != "" && r.EmbeddingsURL == "":
		return wrong("--embeddings-model needs --embeddings-url, the address of an endpoint that has it")
	}
	return nil
}
