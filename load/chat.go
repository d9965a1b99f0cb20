package load

import (
	"slices"
	"strings"

	"synthos/dataset"
)

// instructionLayouts are the columns by which data to train language models with
// are known, each the texts of one row: Alpaca, Dolly, prompts with completions or
// with preferences, questions with answers, and conversations of two messages with
// a column for each role. Of those that fit, the first counts.
func instructionLayouts() [][]string {
	return [][]string{
		{"instruction", "input", "output"}, {"instruction", "context", "response"}, {"instruction", "output"}, {"instruction", "response"},
		{"prompt", "chosen", "rejected"}, {"prompt", "completion"}, {"prompt", "response"},
		{"system", "user", "assistant"}, {"user", "assistant"}, {"system", "human", "gpt"}, {"human", "gpt"}, {"human", "assistant"}, {"human", "bot"},
		{"question", "context", "answer"}, {"question", "answer"},
	}
}

// trainingTexts returns the finding about columns that hold the texts of data to
// train language models with, if there are such.
func trainingTexts(path string, fields []dataset.Field) []dataset.Finding {
	if texts := instructionTexts(fields); texts != nil {
		return []dataset.Finding{{Path: path, Row: -1, Message: "instruction data, whose texts are in " + strings.Join(texts, ", ")}}
	}
	return nil
}

// instructionTexts returns the names of the columns that hold the texts of instruction
// data, nil if it is none.
func instructionTexts(fields []dataset.Field) []string {
	names := map[string]string{} // in lower case
	for _, f := range fields {
		if f.Type == dataset.String {
			names[strings.ToLower(f.Name)] = f.Name
		}
	}
	for _, layout := range instructionLayouts() {
		texts := make([]string, 0, len(layout))
		for _, word := range layout {
			if name, ok := names[word]; ok {
				texts = append(texts, name)
			}
		}
		if len(texts) == len(layout) {
			return texts
		}
	}
	return nil
}

// keepTexts makes String of the columns that hold the texts of instruction data: answers
// that are all numbers are texts to be learnt all the same.
func keepTexts(fields []dataset.Field, sample [][]cell) {
	texts := slices.Clone(fields)
	for i := range texts {
		if allQuoted(sample[i]) {
			texts[i].Type = dataset.String
		}
	}
	for _, name := range instructionTexts(texts) {
		for i := range fields {
			if fields[i].Name == name {
				fields[i].Type = dataset.String
			}
		}
	}
}

// isMessage reports whether the members of a struct are those of a message in a
// conversation: role and content, or from and value.
func isMessage(names []string) bool {
	has := map[string]bool{}
	for _, name := range names {
		has[name] = true
	}
	return has["role"] && has["content"] || has["from"] && has["value"]
}
