package web

import (
	"slices"
	"strconv"
	"strings"
)

func (w *world) checkSecrets(text string) {
	for line := range strings.Lines(text) {
		if strings.Contains(line, secret) || strings.Contains(line, address) {
			w.t.Errorf("a secret in %s", line)
		}
	}
}

// parse parses an exposition. It checks that the exposition has no secret and no series twice.
func (w *world) parse(text string) values {
	w.checkSecrets(text)
	v := make(values)
	for line := range strings.Lines(text) {
		line, ok := strings.CutPrefix(strings.TrimSpace(line), "cloudflare_pcap_")
		if !ok {
			continue
		}
		i := strings.LastIndexByte(line, ' ')
		n, err := strconv.ParseFloat(line[i+1:], 64)
		if _, again := v[line[:i]]; again || err != nil {
			w.t.Errorf("again %v, error %v: %s", again, err, line)
		}
		v[line[:i]] = n
	}
	return v
}

// isCounter reports whether a series never falls.
func isCounter(series string) bool {
	name, _, _ := strings.Cut(series, "{")
	return slices.ContainsFunc([]string{"_total", "_count", "_sum", "_bucket"}, func(s string) bool { return strings.HasSuffix(name, s) })
}

// checkRise checks that no counter has fallen.
func (w *world) checkRise(from, to values) {
	for series, n := range from {
		if got, ok := to[series]; ok && got < n && isCounter(series) {
			w.t.Errorf("%s fell from %v to %v", series, n, got)
		}
	}
}
