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
		{"a column for each role", "conversations of two messages", `{"system":"be kind","user":"hi","assistant":"hello"}` + "\n",
			contents{Columns: []string{"system string", "user string", "assistant string"}, Rows: []string{"0: | be kind | hi | hello"},
				Findings: []string{"-1 : instruction data, whose texts are in system, user, assistant"}}},
		{"numbers", "a column of numbers is no text", `{"question":1,"answer":2}` + "\n",
			contents{Columns: []string{"question float", "answer float"}, Rows: []string{"0: | 1 | 2"}}},
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

// They are recognised in every format that can hold them.
func TestTrainingTextsInAllFormats(t *testing.T) {
	const chats = `chat: conversations: each is one text, with a line "role: content" for each message`
	const texts = ": instruction data, whose texts are in Instruction, Output"
	for path, want := range map[string]string{
		"testdata/typed_v1.parquet": chats, "testdata/typed.arrow": chats, "testdata/typed_lz4.arrows": chats,
		writeTemp(t, "a.csv", "Instruction,Output\nadd one,2\nadd two,3 or so\n"): texts,
		writeBook(t, `<row><c t="str"><v>Instruction</v></c><c t="str"><v>Output</v></c></row><row><c t="str"><v>add</v></c><c t="str"><v>so</v></c></row>`+
			`<row><c t="str"><v>take</v></c><c t="str"><v>none</v></c></row>`, nil): texts,
	} {
		found := false
		for _, f := range opened(t, path).Findings() {
			found = found || f.Column+": "+f.Message == want || ": "+f.Message == want
		}
		if !found {
			t.Errorf("%s: not among %v", path, opened(t, path).Findings())
		}
	}
}
