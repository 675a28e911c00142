package page

import (
	"testing"
	"time"

	"cloudflare_pcap_exporter/collector/accounts"
)

func TestWhen(t *testing.T) {
	v, east := newView(), time.FixedZone("east", 3600)
	v.Add("id", "", accounts.Status{LastScrape: now.Add(-time.Minute).In(east), Health: accounts.Health{LastSuccess: now.Add(time.Hour).In(east)}})
	checkContains(t, v.render(t), `<time datetime="2026-11-22T09:59:00Z" title="2026-11-22 09:59:00 UTC">1 min</time> ago`, `title="2026-11-22 11:00:00 UTC">1 h</time>`)
}

func TestHumanDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 1900 * time.Millisecond: "1 s", time.Minute: "1 min", 61 * time.Second: "1 min 1 s",
		2*time.Hour + 59*time.Second: "2 h", 25*time.Hour + 59*time.Minute: "1 d 1 h", 720 * time.Hour: "30 d",
	} {
		if got := humanDuration(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestHumanBytes(t *testing.T) {
	for n, want := range map[float64]string{0: "0 B", 999: "999 B", 1000: "1 kB", 100_000_000: "100 MB", 1_500_000_000: "1.5 GB", 5_000_000_000_000: "5000 GB"} {
		if got := humanBytes(n); got != want {
			t.Errorf("%v: got %s, want %s", n, got, want)
		}
	}
}
