// Package demo makes the data of `synthos demo`: a realistic customer table,
// and what is left of it after a generator was fitted to its own output again
// and again. Everything is drawn from a seed; nothing is read or downloaded.
package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"synthos/dataset"
)

// The columns of Customers, in order.
const (
	colID = iota
	colSignup
	colAge
	colCountry
	colPlan
	colTenure
	colMonthly
	colTotal
	colTickets
	colSatisfaction
	colChurned
	colComment
)

// snapshot is the day on which the table was taken: tenure ends there for
// everyone who has not left.
var snapshot = time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC)

const day = 24 * 60 * 60 // seconds

const daysAMonth = 30.44

// countries with their shares in percent: a head that carries most customers
// and a tail of rare ones, the first thing a collapsing generator forgets.
var countries = shares{
	{"US", 31}, {"DE", 14}, {"GB", 11}, {"FR", 8}, {"IN", 6.5}, {"BR", 5}, {"CA", 4.2}, {"ES", 3.6}, {"IT", 3.2}, {"NL", 2.6},
	{"AU", 2.2}, {"JP", 1.9}, {"PL", 1.6}, {"SE", 1.3}, {"MX", 1.1}, {"CH", 0.9}, {"PT", 0.7}, {"NO", 0.5}, {"NZ", 0.4}, {"IS", 0.3},
}

// wealth scales what customers of a country spend; 1 where it is not listed.
var wealth = map[string]float64{"US": 1.15, "CH": 1.4, "NO": 1.3, "IS": 1.2, "IN": 0.55, "BR": 0.6, "MX": 0.65, "PL": 0.75, "PT": 0.8}

// plan is a tariff.
type plan struct {
	name   string
	shares [3]float64 // among those under 30, under 50 and older, percent
	price  float64    // a month, dollars, before country, age and chance
	care   float64    // how many support tickets it causes; 1 is usual
	mood   float64    // what it adds to satisfaction
	leave  float64    // what it adds to the log-odds of churn
}

var plans = []plan{
	{"free", [3]float64{46, 30, 22}, 0, 0.5, 0, 0.8},
	{"basic", [3]float64{33, 35, 41}, 12, 1, 0, 0},
	{"pro", [3]float64{18, 28, 31}, 39, 1, 0.3, 0},
	{"enterprise", [3]float64{3, 7, 6}, 240, 3, 0, 0},
}

// Customers returns n customers drawn from seed, as independent rows:
// customer_id (unique), signup_date, age (18-90), country (20 levels with a
// long tail), plan (4 levels), tenure_months (whole, at least 0),
// monthly_spend and total_spend (dollars, log-normal tails, 0 on the free
// plan), support_tickets (a count with a heavy tail), satisfaction (1-5, null
// for those who did not answer), churned, and a free-text comment (null for
// half of them).
//
// The columns depend on each other as they would in a business: plan on age,
// spend on plan, country and age, total on spend and tenure, tickets on plan
// and tenure, satisfaction on tickets, churn on satisfaction, tickets, plan and tenure, and
// the comment on satisfaction and churn.
func Customers(n int, seed uint64) *dataset.Table {
	t := newTable(customerFields, n)
	rng := rand.New(rand.NewPCG(seed, 0xc057))
	for i := range n {
		c := drawCustomer(rng)
		c.id = fmt.Sprintf("C-%08d", 10_000_000+7*i+rng.IntN(7)) // ascending with gaps, never twice
		c.put(t, i)
	}
	return t
}

var customerFields = []dataset.Field{
	colID:           {Name: "customer_id", Type: dataset.String, Kind: dataset.ID},
	colSignup:       {Name: "signup_date", Type: dataset.Time, Kind: dataset.Datetime, Layout: time.DateOnly},
	colAge:          {Name: "age", Type: dataset.Float, Kind: dataset.Numerical, Integer: true},
	colCountry:      {Name: "country", Type: dataset.String, Kind: dataset.Categorical},
	colPlan:         {Name: "plan", Type: dataset.String, Kind: dataset.Categorical},
	colTenure:       {Name: "tenure_months", Type: dataset.Float, Kind: dataset.Numerical, Integer: true},
	colMonthly:      {Name: "monthly_spend", Type: dataset.Float, Kind: dataset.Numerical},
	colTotal:        {Name: "total_spend", Type: dataset.Float, Kind: dataset.Numerical},
	colTickets:      {Name: "support_tickets", Type: dataset.Float, Kind: dataset.Numerical, Integer: true},
	colSatisfaction: {Name: "satisfaction", Type: dataset.Float, Kind: dataset.Numerical, Integer: true},
	colChurned:      {Name: "churned", Type: dataset.Bool, Kind: dataset.Boolean},
	colComment:      {Name: "comment", Type: dataset.String, Kind: dataset.Text},
}

// customer is one row. A negative satisfaction and an empty comment are null.
type customer struct {
	id           string
	signup       float64 // seconds since 1970
	age          float64
	country      string
	plan         string
	tenure       float64
	monthly      float64
	total        float64
	tickets      float64
	satisfaction float64
	churned      bool
	comment      string
}

// drawCustomer draws all but the id. The order of the draws is the order of
// cause and effect.
func drawCustomer(rng *rand.Rand) customer {
	var c customer
	c.age = math.Round(min(90, 18+14*gamma(rng, 1.9)))
	c.country = countries.draw(rng)
	p := drawPlan(rng, c.age)
	c.plan = p.name

	// Sign-ups grow over six years, so most customers are recent ones.
	days := math.Floor(2190 * (1 - math.Sqrt(rng.Float64())))
	c.signup = float64(snapshot.Unix()) - days*day
	months := days / daysAMonth

	if p.price > 0 {
		scale, listed := wealth[c.country]
		if !listed {
			scale = 1
		}
		spread := 0.28 + p.price/1000 // large accounts vary most
		c.monthly = cents(p.price * scale * (0.8 + c.age/200) * math.Exp(spread*rng.NormFloat64()))
	}

	load := (0.35 + 0.02*months) * p.care
	c.tickets = poisson(rng, load*gamma(rng, 0.8)/0.8) // mixed with a gamma: a few customers write very often

	c.satisfaction = math.Round(min(5, max(1, 4.1+p.mood-0.45*math.Sqrt(c.tickets)+0.75*rng.NormFloat64())))

	leave := -1.1 - 0.9*(c.satisfaction-3) + 0.12*c.tickets - 0.02*months + p.leave
	c.churned = rng.Float64() < 1/(1+math.Exp(-leave))
	c.tenure = math.Floor(months)
	if c.churned {
		c.tenure = math.Floor(months * math.Sqrt(rng.Float64()))
	}
	c.total = cents(c.monthly * (c.tenure + 0.5) * math.Exp(0.06*rng.NormFloat64()))

	if rng.Float64() < 0.5 {
		c.comment = drawComment(rng, c.satisfaction, c.churned)
	}
	if rng.Float64() < 0.1+0.12*math.Exp(-c.tickets) { // who never had to ask, seldom answers
		c.satisfaction = -1
	}
	return c
}

// put writes c to row i of t.
func (c *customer) put(t *dataset.Table, i int) {
	t.Columns[colID].Strings[i] = c.id
	t.Columns[colSignup].Floats[i] = c.signup
	t.Columns[colAge].Floats[i] = c.age
	t.Columns[colCountry].Strings[i] = c.country
	t.Columns[colPlan].Strings[i] = c.plan
	t.Columns[colTenure].Floats[i] = c.tenure
	t.Columns[colMonthly].Floats[i] = c.monthly
	t.Columns[colTotal].Floats[i] = c.total
	t.Columns[colTickets].Floats[i] = c.tickets
	t.Columns[colSatisfaction].Floats[i] = max(0, c.satisfaction)
	t.Columns[colSatisfaction].Null[i] = c.satisfaction < 0
	if c.churned {
		t.Columns[colChurned].Floats[i] = 1
	}
	t.Columns[colComment].Strings[i] = c.comment
	t.Columns[colComment].Null[i] = c.comment == ""
}
