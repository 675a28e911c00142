package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"cloudflare_pcap_exporter/deploy/bench/peer"
)

// concurrency is the default of the exporter's --scrape.concurrency.
const concurrency = 16

// subject is a request that is measured.
type subject struct {
	name    string
	process *process
	urls    []string // requested in parallel; none decodes list
	list    []byte
	want    string // in the response

	total, elapsed time.Duration   // CPU time and duration in this round
	cpu, duration  []time.Duration // of a request, a sample for each round
	series         float64
	mallocs        float64 // of a request of the exporter
}

func slow(name string) bool { return name == sdk || name == jsonExporter }

// check looks into a response, and counts the allocations of n requests of the exporter.
func (s *subject) check(ctx context.Context, n int) error {
	if len(s.urls) == 0 {
		return nil
	}
	text, err := get(ctx, s.urls[len(s.urls)-1])
	if err == nil && !strings.Contains(text, s.want) {
		err = fmt.Errorf("no %q in %.500q", s.want, text)
	}
	s.series = float64(strings.Count(text, "\n") - strings.Count(text, "# "))
	if err != nil || !strings.HasPrefix(s.name, exporter) {
		return err
	}
	before, err := s.process.mallocs(ctx)
	if err != nil {
		return err
	}
	for range n {
		if err := s.request(ctx); err != nil {
			return err
		}
	}
	after, err := s.process.mallocs(ctx)
	s.mallocs = (after - before) / float64(n)
	return err
}

// measure requests once.
func (s *subject) measure(ctx context.Context) error {
	if err := s.process.charge(s); err != nil {
		return err
	}
	begin := time.Now()
	if err := s.request(ctx); err != nil {
		return err
	}
	s.elapsed += time.Since(begin)
	if s.process.Cmd == nil { // what this process does next is not for this subject
		return s.process.charge(nil)
	}
	return nil
}

// sample ends a round of n requests.
func (s *subject) sample(n int) error {
	err := s.process.charge(nil)
	s.cpu = append(s.cpu, s.total/time.Duration(n))
	s.duration = append(s.duration, s.elapsed/time.Duration(n))
	s.total, s.elapsed = 0, 0
	return err
}

func (s *subject) request(ctx context.Context) error {
	if len(s.urls) == 0 {
		_, err := peer.Decode(bytes.NewReader(s.list))
		return err
	}
	var group errgroup.Group
	group.SetLimit(concurrency)
	for _, url := range s.urls {
		group.Go(func() error { return fetch(ctx, url, strings.HasSuffix(s.name, "gzip"), io.Discard) })
	}
	return group.Wait()
}

func get(ctx context.Context, url string) (string, error) {
	var text strings.Builder
	err := fetch(ctx, url, false, &text)
	return text.String(), err
}

// client keeps its connections, as Prometheus does, and decompresses nothing.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: concurrency, DisableCompression: true}}

func fetch(ctx context.Context, url string, gzip bool, body io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	if gzip {
		req.Header.Set("Accept-Encoding", "gzip")
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err = io.Copy(body, resp.Body); err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	return err
}
