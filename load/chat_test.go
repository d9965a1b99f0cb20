package load

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// chatFinding is what is said of conversations whose texts are in some columns.
func chatFinding(columns string) string {
	return "conversations: the texts of each role are in " + columns + ", several of one role one below the other"
}

// speakers returns a message by each of n people.
func speakers(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`{"from":"p%d","value":"t"}`, i))
	}
	return strings.Join(all, ",")
}

// Data to train chat models with are recognised, and their texts named.
func TestInstructionData(t *testing.T) {
	tests := []struct {
		name, reason, text string
		want               contents
	}{
		{"messages", "OpenAI's layout", `{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]}` + "\n",
			contents{Columns: []string{"messages.user string", "messages.assistant string"}, Rows: []string{"0: | hi | hello"},
				Findings: []string{"-1 messages: " + chatFinding("messages.user, messages.assistant")}}},
		{"several turns", "are one below the other, and counted where their number varies",
			`{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"},{"role":"user","content":"bye"}]}` + "\n" +
				`{"messages":[{"role":"system","content":"be kind"},{"role":"user","content":""}]}` + "\n" + `{"messages":[]}` + "\n" + `{"messages":null}` + "\n",
			contents{Columns: []string{"messages.user string", "messages.assistant string", "messages.system string", "messages.turns float"},
				Rows:     []string{"0: | hi\nbye | hello | <null> | 3", "1: |  | <null> | be kind | 2", "2: | <null> | <null> | <null> | 0", "3: | <null> | <null> | <null> | <null>"},
				Findings: []string{"-1 messages: " + chatFinding("messages.user, messages.assistant, messages.system") + "; how many messages there are in messages.turns"}}},
		{"tools and parts", "nothing that messages hold is lost",
			`{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"assistant","content":null,"tool_calls":[{"id":7}],"name":null}]}` + "\n",
			contents{Columns: []string{"messages.user string", "messages.assistant string", "messages.more string"},
				Rows:     []string{"0: | a\nb |  | " + `{"tool_calls":[{"id":7}]}`},
				Findings: []string{"-1 messages: " + chatFinding("messages.user, messages.assistant") + "; what else messages hold is in messages.more"}}},
		{"an image", "a part that is no text leaves the content as it is", `{"messages":[{"role":"user","content":[{"type":"image","url":"x"}]}]}` + "\n",
			contents{Columns: []string{"messages.user string"}, Rows: []string{`0: | [{"type":"image","url":"x"}]`},
				Findings: []string{"-1 messages: " + chatFinding("messages.user")}}},
		{"names of people", "more than eight roles are no columns", `{"messages":[` + speakers(9) + "]}\n",
			contents{Columns: []string{"messages string"}, Rows: []string{"0: | p0: t\np1: t\np2: t\np3: t\np4: t\np5: t\np6: t\np7: t\np8: t"},
				Findings: []string{`-1 messages: conversations: each is one text, with a line "role: content" for each message`}}},
		{"ShareGPT", "its own words for the same", `{"id":"a","conversations":[{"from":"human","value":"hi"},{"from":"gpt","value":"hello"}]}` + "\n",
			contents{Columns: []string{"id string", "conversations.human string", "conversations.gpt string"}, Rows: []string{"0: | a | hi | hello"},
				Findings: []string{"-1 conversations: " + chatFinding("conversations.human, conversations.gpt")}}},
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
	chats := "chat: " + chatFinding("chat.user, chat.assistant") + "; how many messages there are in chat.turns"
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

// What the sample of conversations did not show is told, and what is none is an
// invalid cell.
func TestConversationsBeyondTheSample(t *testing.T) {
	usual := strings.Repeat(`{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]}`+"\n", 30_000)
	text := usual +
		`{"messages":[{"role":"user","content":"hi"},{"role":"tool","content":"42"}]}` + "\n" +
		`{"messages":[{"role":"user","content":"hi","weight":1}]}` + "\n" + `{"messages":"hi"}` + "\n" + usual + usual
	got := mustRead(t, "a.jsonl", text, Options{RangeBytes: 100_000})
	want := []string{"30000: | hi | <null>", "30001: | hi | <null>", "30002: | <invalid hi> | <null>"}
	if diff := cmp.Diff(want, got.Rows[30_000:30_003]); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	findings := []string{"-1 messages: " + chatFinding("messages.user, messages.assistant"),
		`30000 messages: a message of the role "tool", which is not in the sample that decided the columns; left out`,
		`30001 messages: a message with {"weight":1}, which is not in the sample that decided the columns; left out`}
	for _, f := range findings {
		if !strings.Contains(strings.Join(got.Findings, "\n"), f) {
			t.Errorf("%q is not among %q", f, got.Findings)
		}
	}
}

// One text that instructs the model in all conversations is no column, which
// would look collapsed; another one that comes later is told.
func TestSameInstructionEverywhere(t *testing.T) {
	lines := func(n int, system string) string {
		return strings.Repeat(`{"messages":[{"role":"system","content":"`+system+`"},{"role":"user","content":"hi"}]}`+"\n", n)
	}
	got := mustRead(t, "a.jsonl", lines(30_000, "be kind")+lines(1, "be rude")+lines(60_000, "be kind"), Options{})
	if diff := cmp.Diff([]string{"messages.user string"}, got.Columns); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	want := []string{"-1 messages: " + chatFinding("messages.user") + `; all messages of the role system are the same and no column: "be kind"`,
		`30000 messages: a message of the role system is not the same as those of the sample that decided the columns; left out: "be rude"`}
	if diff := cmp.Diff(want, got.Findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	got = mustRead(t, "b.jsonl", lines(15, "be kind")+lines(15, "be brief"), Options{})
	if diff := cmp.Diff([]string{"messages.system string", "messages.user string"}, got.Columns); diff != "" {
		t.Errorf("two instructions (-want +got):\n%s", diff)
	}
	got = mustRead(t, "c.jsonl", lines(30, "be kind"), Options{Types: map[string]dataset.Type{"messages.system": dataset.String}})
	if diff := cmp.Diff([]string{"messages.system string", "messages.user string"}, got.Columns); diff != "" {
		t.Errorf("as the reference has it (-want +got):\n%s", diff)
	}
}

// Data are read with the roles that their reference has.
func TestRolesOfTheReference(t *testing.T) {
	got := mustRead(t, "a.jsonl", `{"messages":[{"role":"user","content":"hi"}]}`+"\n", Options{Types: map[string]dataset.Type{
		"messages.user": dataset.String, "messages.system": dataset.String, "messages.turns": dataset.Float}})
	want := contents{Columns: []string{"messages.user string", "messages.system string", "messages.turns float"}, Rows: []string{"0: | hi | <null> | 1"},
		Findings: []string{"-1 messages: " + chatFinding("messages.user, messages.system") + "; how many messages there are in messages.turns"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A copy holds the conversations as they stand in the file, less the messages of
// roles that are left out; of formats where that cannot be done it is an error.
func TestCopyConversations(t *testing.T) {
	const first = `{"messages": [{"role":"system","content":"be kind"}, {"role":"user","content":"hi"}], "n": 1}`
	const second = `{"messages": [], "n": 2}`
	const third = `{"messages": [{"role":"user","content":"x","weight":0}], "n": 3}`
	copied := func(src dataset.Source, name string, e Edit) (string, error) {
		out := filepath.Join(t.TempDir(), name)
		if err := CanCopy(src, out); err != nil {
			t.Fatal(err)
		}
		_, err := Copy(context.Background(), src, out, "", e, nil)
		text, _ := os.ReadFile(out)
		return string(text), err
	}
	path := writeTemp(t, "a.jsonl", first+"\n"+second+"\n"+third+"\n")
	drop := func(row int64) (string, bool) { return "no messages", row == 1 }
	for _, test := range []struct {
		reason string
		edit   Edit
		want   string
	}{
		{"only rows are dropped", Edit{Dropped: drop}, first + "\n" + third + "\n"},
		{"messages of a role are left out; their number follows", Edit{Without: map[string]bool{"messages.system": true, "messages.turns": true}},
			`{"messages": [{"role":"user","content":"hi"}], "n": 1}` + "\n" + `{"messages": [], "n": 2}` + "\n" + third + "\n"},
	} {
		got, err := copied(opened(t, path), "b.jsonl", test.edit)
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", test.reason, err, diff)
		}
	}
	if _, err := copied(opened(t, "testdata/typed_v1.parquet"), "b.parquet", Edit{Without: map[string]bool{"chat.user": true}}); err == nil || !strings.Contains(err.Error(), "chat.user cannot be left out") {
		t.Errorf("leaving out a role in Parquet: %v", err)
	}
	if _, err := copied(opened(t, "testdata/typed_v1.parquet"), "b.parquet", Edit{Dropped: drop}); err != nil {
		t.Error(err)
	}
}
