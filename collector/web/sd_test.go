package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

func targetGroupJSON(id, name string) string {
	return `{"targets":["` + id + `"],"labels":{"__meta_cloudflare_account_id":"` + id + `","__meta_cloudflare_account_name":"` + name + `"}}`
}

func TestServiceDiscovery(t *testing.T) {
	for name, test := range map[string]struct {
		accounts []config.Account
		want     []string
	}{
		"no accounts": {nil, nil},
		"two accounts": {[]config.Account{{ID: accountID, Name: `edge "1"`}, other}, []string{
			targetGroupJSON(accountID, `edge \"1\"`), targetGroupJSON(otherID, ""),
		}},
		"long name": {[]config.Account{{ID: accountID, Name: strings.Repeat("x", 129)}}, []string{
			targetGroupJSON(accountID, strings.Repeat("x", 128)),
		}},
	} {
		e := newExporter(t, Options{}, test.accounts...)
		w := e.do(http.MethodGet, "/sd")
		if got, want := w.Body.String(), "["+strings.Join(test.want, ",")+"]\n"; got != want {
			t.Errorf("%s: got %s want %s", name, got, want)
		}
		if got := w.Header().Get("Content-Type"); got != "application/json" {
			t.Errorf("%s: Content-Type %q", name, got)
		}
		if n := len(e.api.Requests()); n != 0 {
			t.Errorf("%s: %d requests", name, n)
		}
	}
}

// /metrics, /probe and /sd wait for no lookup of the accounts.
func TestServiceDiscoveryLooksAccountsUp(t *testing.T) {
	file := writeConfig(t, credentialsYAML+"discover: true\naccounts: ["+edgeYAML+"]")
	configured, found := targetGroupJSON(accountID, "edge"), targetGroupJSON(otherID, "found")
	synctest.Test(t, func(t *testing.T) {
		e := newBubbleExporter(t, Options{ConfigFile: file})
		e.api.Account(otherID).SetName("found")
		e.api.Inject(simulation.Fault{Endpoint: "accounts", Latency: 30 * time.Second, Times: 1})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go e.Discover(ctx)
		start := time.Now()
		if got := e.get(t, "/sd"); got != "["+configured+"]\n" {
			t.Errorf("without a response: %s", got)
		}
		wantLines(t, e.get(t, "/metrics"), `up{account="`+accountID+`"} 1`)
		if took := time.Since(start); took != 0 {
			t.Errorf("it took %v", took)
		}
		time.Sleep(time.Minute)
		wantLines(t, e.get(t, "/probe?target=found"), `up{account="`+otherID+`"} 1`)
		if got := e.get(t, "/sd"); got != "["+configured+","+found+"]\n" {
			t.Errorf("with a response: %s", got)
		}
	})
}
