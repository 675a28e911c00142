package web

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/captures"
)

// world is an exporter, the simulated API that it calls, and the model of both.
type world struct {
	*exporter
	t         *testing.T
	r         *rand.Rand
	options   Options
	transport *http.Transport // to the API
	dir       string          // of the configuration and the tokens
	log       bytes.Buffer

	accounts   []*modelAccount // configured or not
	configured []*modelAccount
	reloaded   bool // the last reload was successful
	tokens     int  // so far
	token      string

	tooMany [2]time.Time // last 429 of each credential

	steps   int
	start   time.Time // of the step
	scraped time.Time // start of the scrape that is checked
	before  values    // of the last exposition, without accounts removed since
}

func newWorld(t *testing.T, seed uint64) *world {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // repeatable
	w := &world{t: t, r: r, dir: t.TempDir(), exporter: &exporter{api: new(simulation.API)}}
	w.options = Options{
		ConfigFile: filepath.Join(w.dir, "config.yml"), Lifecycle: true, Buckets: chance(r, 50), Tokens: chance(r, 50),
		Logger: log.NewLogfmtLogger(log.NewSyncWriter(&w.log)),
	}
	var stop func()
	w.transport, stop = simulation.Pipe(w.api)
	t.Cleanup(stop)
	w.options.Accounts.BaseURL, w.options.Accounts.Transport = "http://api.invalid", w.transport
	w.options.Accounts.Series = pick(r, captures.SeriesNone, captures.SeriesUnfinished, captures.SeriesFailed, captures.SeriesAll)
	w.options.Accounts.MinInterval = pick(r, 0, 0, time.Minute)
	w.options.Accounts.MaxStaleness = pick(r, 0, 3*time.Minute)
	w.options.Accounts.RateLimit = pick(r, 0, 1000)
	for i := range 3 {
		a := &modelAccount{id: fmt.Sprintf("%04x%028x", i, 0), credential: []string{"default", "lab"}[i%2]}
		w.accounts = append(w.accounts, a)
		w.api.Account(a.id).SetBuckets(simulation.Bucket{Destination: "r2://bucket?secret-access-key=" + secret})
	}
	w.rotateToken()
	w.configure()
	w.restart()
	return w
}

// restart starts an exporter that knows nothing.
func (w *world) restart() {
	w.Handler = newHandler(w.t, w.options)
	w.reloaded, w.before, w.tooMany = true, nil, [2]time.Time{}
	for _, a := range w.accounts {
		a.forget()
	}
}

// rotateToken replaces the token at the API and in the files.
func (w *world) rotateToken() {
	w.tokens++
	w.token = fmt.Sprint(secret, w.tokens)
	w.api.Token = w.token
	w.writeToken(w.token)
}

// writeToken writes a token, which has a budget and a hold-off of its own.
func (w *world) writeToken(text string) {
	w.tooMany = [2]time.Time{}
	for _, file := range []string{"default", "lab"} {
		writeFile(w.t, filepath.Join(w.dir, file), text)
	}
}

// configure writes a configuration with a random choice of accounts and names, and those to keep.
func (w *world) configure(keep ...*modelAccount) {
	w.configured = nil
	for i, a := range w.accounts {
		if a.name = ""; chance(w.r, 50) {
			a.name = fmt.Sprintf("name %d.%d", i, w.r.IntN(3))
		}
		if chance(w.r, 75) || slices.Contains(keep, a) || i == 2 && len(w.configured) == 0 {
			w.configured = append(w.configured, a)
		}
	}
	w.writeConfig()
}

func (w *world) writeConfig() {
	text := "credentials:\n"
	for _, name := range []string{"default", "lab"} {
		text += fmt.Sprintf("  %s: {authorization: {credentials_file: %s}}\n", name, name)
	}
	text += "accounts:\n"
	for _, a := range w.configured {
		text += fmt.Sprintf("- {id: '%s', name: '%s', credential: %s}\n", a.id, a.name, a.credential)
	}
	writeFile(w.t, w.options.ConfigFile, text)
}

// reload reloads a configuration, which may be invalid.
func (w *world) reload(keep ...*modelAccount) {
	if chance(w.r, 30) || w.token == "" { // the token must be readable
		writeFile(w.t, w.options.ConfigFile, "accounts: "+secret)
		w.reloaded = false
		w.post(http.StatusInternalServerError)
		return
	}
	w.configure(keep...)
	w.reloaded = true
	w.post(http.StatusOK)
	maps.DeleteFunc(w.before, func(series string, _ float64) bool {
		return !slices.ContainsFunc(w.configured, func(a *modelAccount) bool { return strings.Contains(series, a.id) })
	})
}

func (w *world) post(want int) {
	resp := w.do(http.MethodPost, "/-/reload")
	w.checkSecrets(resp.Body.String())
	if resp.Code != want {
		w.t.Errorf("reload: status %d, want %d", resp.Code, want)
	}
}
