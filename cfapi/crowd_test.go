package cfapi_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

const (
	manyAccounts = 40
	quotaWindow  = 5 * time.Minute
)

// listAccount lists to the end.
func listAccount(t *testing.T, client *cfapi.Client, id string) error {
	for _, err := range client.Captures(t.Context(), id, nil) {
		if err != nil {
			return err
		}
	}
	return nil
}

// A departure is a request that the client lets go.
type departure struct {
	at      time.Time
	account string
}

// crowd is many scrapers that ask one client for all accounts, much too often.
type crowd struct {
	client *cfapi.Client
	ids    []string
	offset time.Duration // between the scrapers
	flight time.Duration // there and back; how much of it is which, is by chance
	deaf   bool          // to what the API says of its limit

	order sync.Mutex // from when a listing begins until its request departs, or is withheld

	mu       sync.Mutex
	sent     []departure
	scarce   int // requests sent before the first was withheld; -1 if none was
	withheld uint64
	refused  int // 429
	failed   error
}

func newCrowd(api *cfapitest.API, client *cfapi.Client, offset, flight time.Duration) *crowd {
	c := &crowd{client: client, offset: offset, flight: flight, scarce: -1}
	for i := range manyAccounts {
		id := fmt.Sprintf("%032x", i)
		api.Account(id)
		c.ids = append(c.ids, id)
	}
	next := client.Transport
	client.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		there := c.depart(r)
		time.Sleep(there)
		resp, err := next.RoundTrip(r)
		time.Sleep(c.flight - there)
		if c.deaf && err == nil {
			resp.Header.Del("Ratelimit")
		}
		return resp, err
	})
	return c
}

func (c *crowd) depart(r *http.Request) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.order.Unlock()
	c.sent = append(c.sent, departure{time.Now(), strings.Split(r.URL.Path, "/")[2]})
	return rand.N(c.flight) //nolint:gosec // it only mixes the answers
}

func (c *crowd) count(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := errors.AsType[*cfapi.HoldOffError](err); ok {
		defer c.order.Unlock()
		if c.withheld++; c.scarce < 0 {
			c.scarce = len(c.sent)
		}
	} else if e, ok := errors.AsType[*cfapi.Error](err); ok && e.StatusCode == http.StatusTooManyRequests {
		c.refused++
	} else if err != nil {
		c.failed = err
	}
}

// run has ten scrapers scrape every second, for ten minutes.
func (c *crowd) run(t *testing.T) {
	var scrapers sync.WaitGroup
	for i := range 10 {
		scrapers.Go(func() {
			time.Sleep(time.Duration(i) * c.offset)
			ticker := time.NewTicker(time.Second)
			defer ticker.Stop()
			for range 600 {
				c.scrape(t)
				<-ticker.C
			}
		})
	}
	scrapers.Wait()
}

func (c *crowd) scrape(t *testing.T) {
	queue := make(chan string, len(c.ids))
	for _, id := range c.ids {
		queue <- id
	}
	close(queue)
	var workers sync.WaitGroup
	for range 16 {
		workers.Go(func() {
			for id := range queue {
				c.order.Lock()
				c.count(listAccount(t, c.client, id))
			}
		})
	}
	workers.Wait()
}
