package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Data to train chat models with are recognised, and their texts named.
func TestInstructionData(t *testing.T) {
	tests := []struct {
		name, reason, text string
		want               contents
	}{
		{"messages", "OpenAI's layout", `{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]}` + "\n",
			contents{Columns: []string{"messages string"}, Rows: []string{"0: | user: hi\nassistant: hello"},
				Findings: []string{`-1 messages: conversations: each is one text, with a line "role: content" for each message`}}},
		{"ShareGPT", "its own words for the same", `{"id":"a","conversations":[{"from":"human","value":"hi"},{"from":"gpt","value":"hello"}]}` + "\n",
			contents{Columns: []string{"id string", "conversations string"}, Rows: []string{"0: | a | human: hi\ngpt: hello"},
				Findings: []string{`-1 conversations: conversations: each is one text, with a line "role: content" for each message`}}},
		{"Alpaca", "an empty input is an empty text", `{"instruction":"add","input":"","output":"3"}` + "\n",
			contents{Columns: []string{"instruction string", "input string", "output string"}, Rows: []string{"0: | add |  | 3"},
				Findings: []string{"-1 : instruction data, whose texts are in instruction, input, output"}}},
		{"lists that are no conversations", "are not said to be", `{"messages":[{"role":"user"}]}` + "\n",
			contents{Columns: []string{"messages string"}, Rows: []string{`0: | [{"role":"user"}]`}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, mustRead(t, "a.jsonl", test.text, Options{})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}
