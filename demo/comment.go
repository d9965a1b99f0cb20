package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// The sentences of comments, by mood. %f is replaced by a feature, %t by a
// span of time, %r by a role, %n by a small number.
var (
	praise = []string{
		"Love the new %f.", "The %f saves my %r about %n hours a week.", "Switched over %t ago and never looked back.",
		"Support answered within %n minutes.", "%f just works.", "Easily the best %f we have tried.",
		"Our %r keeps recommending it.", "Setting up %f took less than %t.", "After %t the %f still feels fast.",
		"Great value, mostly because of %f.", "The %r picked up %f without any training.", "Happy customer for %t now.",
		"%f and %f work together nicely.", "Renewed for another %t.",
	}
	neutral = []string{
		"It does what it says.", "The %f is fine, the %f could be better.", "We use %f maybe %n times a week.",
		"Still evaluating %f with our %r.", "Pricing is average for %f.", "Would be nice to have %f on mobile.",
		"Took %t until our %r was used to it.", "No strong opinion about %f yet.", "%f is okay once you know it.",
		"My %r wanted %f, I could live without it.", "Documentation of %f is a bit thin.", "Mostly here for the %f.",
	}
	complaint = []string{
		"The %f broke again after the last update.", "Waited %t for an answer about %f.", "%f is painfully slow.",
		"Lost %n hours of work because of %f.", "Our %r gave up on %f.", "Had to explain the %f problem %n times.",
		"Billing charged us twice and %f was down for %t.", "%f crashes whenever my %r opens it.",
		"Nobody in support knows how %f works.", "Since %t the %f shows wrong numbers.", "I expected more from %f at this price.",
		"The %r spends %t every week working around %f.", "%f was removed without a warning.",
	}
	farewell = []string{
		"Cancelled after %t.", "Moving to a competitor with better %f.", "We no longer need %f.", "My %r asked me to cancel.",
		"Leaving until %f is fixed.", "Too expensive for what our %r uses.", "Account closed, please delete our data.",
	}

	features = []string{
		"export", "dashboard", "mobile app", "calendar sync", "reporting", "search", "API", "invoice view", "single sign-on", "bulk import",
		"notifications", "offline mode", "audit log", "team inbox", "dark theme", "spreadsheet add-on", "billing page", "data connector",
	}
	spans = []string{"an hour", "two days", "three days", "a week", "ten days", "two weeks", "a month", "six weeks", "a quarter", "half a year", "a year", "two years"}
	roles = []string{"team", "accountant", "manager", "sales team", "assistant", "colleague", "finance department", "data team", "wife", "business partner"}
)

// drawComment returns one to four sentences in the mood of a customer with the
// given satisfaction (1-5).
func drawComment(rng *rand.Rand, satisfaction float64, churned bool) string {
	var sentences []string
	for range 1 + rng.IntN(3) {
		pool := neutral
		switch u := rng.Float64(); {
		case u < 0.2: // moods are mixed
		case satisfaction >= 4:
			pool = praise
		case satisfaction <= 2:
			pool = complaint
		}
		sentences = append(sentences, fill(rng, pool[rng.IntN(len(pool))]))
	}
	if churned && rng.Float64() < 0.7 {
		sentences = append(sentences, fill(rng, farewell[rng.IntN(len(farewell))]))
	}
	return strings.Join(sentences, " ")
}

// fill replaces the slots of a sentence and starts it with a capital letter.
func fill(rng *rand.Rand, sentence string) string {
	var b strings.Builder
	for i := 0; i < len(sentence); i++ {
		if sentence[i] != '%' {
			b.WriteByte(sentence[i])
			continue
		}
		i++
		switch sentence[i] {
		case 'f':
			b.WriteString(features[rng.IntN(len(features))])
		case 't':
			b.WriteString(spans[rng.IntN(len(spans))])
		case 'r':
			b.WriteString(roles[rng.IntN(len(roles))])
		case 'n':
			fmt.Fprint(&b, 2+rng.IntN(11))
		default:
			panic("demo: unknown slot in " + sentence)
		}
	}
	s := b.String()
	return strings.ToUpper(s[:1]) + s[1:]
}
