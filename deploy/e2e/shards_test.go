package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

const (
	shards        = 3
	shardAccounts = 30
)

// TestShards distributes accounts over three exporters, and kills one of them.
func TestShards(t *testing.T) {
	exporters := startShards(t)
	p := scrape(t, "prometheus-shards.yml", exporters)
	eventually(t, func() error { return p.healthy(shardAccounts) })
	up := make(map[string]float64)
	for i := range shardAccounts {
		up[shardAccount(i)] = 1
	}
	eventually(t, p.want("account", `count by (account) (cloudflare_pcap_up == 1)`, up))

	if err := exporters[2].cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = exporters[2].wait() // it was killed
	eventually(t, func() error {
		down, err := p.query("", `count(up == 0)`)
		if err == nil && (down[""] == 0 || down[""] == shardAccounts) {
			err = fmt.Errorf("%v targets are down, want some but not all", down[""])
		}
		if err != nil {
			return err
		}
		return p.want("", `count(cloudflare_pcap_up == 1)`, map[string]float64{"": shardAccounts - down[""]})()
	})
}

// startShards starts exporters with the same accounts.
func startShards(t *testing.T) (exporters []*process) {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"success":true,"result":[]}`))
	}))
	t.Cleanup(api.Close)
	config := "credentials: {default: {authorization: {credentials: e2e}}}\naccounts:\n"
	for i := range shardAccounts {
		config += fmt.Sprintf("- {id: %s}\n", shardAccount(i))
	}
	file := filepath.Join(t.TempDir(), "config.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	for range shards {
		exporters = append(exporters, start(t, nil, exporterBinary,
			"--web.listen-address=127.0.0.1:0", "--cloudflare.api-url="+api.URL, "--config.file="+file))
	}
	return exporters
}

func shardAccount(i int) string { return fmt.Sprintf("%032x", i) }
