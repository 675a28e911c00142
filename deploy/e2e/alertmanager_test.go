package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// notification is a request to a receiver: Alertmanager's JSON, or a chat message with
// the texts of the template.
type notification struct {
	receiver, body string
	at             time.Time

	Status      string
	GroupLabels map[string]string
	Alerts      []struct{ Labels, Annotations map[string]string }
	Attachments []struct{ Title, Text string }
}

// text returns the text for a human reader.
func (n notification) text() (text string) {
	for _, a := range n.Attachments {
		text += a.Title + "\n" + a.Text + "\n"
	}
	for _, a := range n.Alerts {
		text += n.Status + ": " + a.Annotations["summary"] + "\n" + a.Annotations["description"] + "\n"
	}
	return text
}

// inbox replaces the services of the receivers.
type inbox struct {
	secrets string // folder with the addresses

	mu  sync.Mutex
	got []notification
}

func newInbox(t *testing.T) *inbox {
	t.Helper()
	b := &inbox{secrets: t.TempDir()}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	for _, receiver := range []string{"page", "chat", "digest"} {
		write(t, filepath.Join(b.secrets, receiver+"_url"), server.URL+"/"+receiver)
	}
	return b
}

func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	n := notification{receiver: r.URL.Path[1:], body: string(body), at: time.Now()}
	if err == nil {
		err = json.Unmarshal(body, &n)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, n)
	_, _ = io.WriteString(w, "ok") // as Slack does
}

// await returns the first notification after a time that passes the filter.
func (b *inbox) await(t *testing.T, after time.Time, wanted func(notification) bool) (found notification) {
	t.Helper()
	eventually(t, func() error {
		all := b.since(after)
		i := slices.IndexFunc(all, wanted)
		if i < 0 {
			return fmt.Errorf("not among these notifications: %+v", all)
		}
		found = all[i]
		return nil
	})
	return found
}

// since returns the notifications after a time.
func (b *inbox) since(after time.Time) []notification {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.got, func(n notification) bool { return n.at.After(after) })
	if i < 0 {
		return nil
	}
	return slices.Clone(b.got[i:])
}

// alertmanager is a running server.
type alertmanager struct {
	*process
	t *testing.T
}

// notify starts an Alertmanager with the configuration of deploy/alertmanager, but with
// the addresses of the inbox and shorter times.
func notify(t *testing.T, b *inbox) alertmanager {
	t.Helper()
	templates, err := filepath.Abs("../alertmanager/templates")
	if err != nil {
		t.Fatal(err)
	}
	changes := strings.NewReplacer("/etc/alertmanager/secrets", b.secrets, "templates/", templates+"/")
	file := filepath.Join(t.TempDir(), "alertmanager.yml")
	write(t, file, changes.Replace(faster(read(t, "../alertmanager/alertmanager.yml"))))
	return alertmanager{start(t, nil, alertmanagerBinary, "--config.file="+file,
		"--storage.path="+t.TempDir(), "--web.listen-address=127.0.0.1:0", "--cluster.listen-address="), t}
}

// alert is a firing alert. Its state is "active", or "suppressed" if another alert
// inhibits it.
type alert struct {
	Labels map[string]string
	Status struct{ State string }
}

func (am alertmanager) alerts() (alerts []alert, err error) {
	body, err := get(am.t, http.DefaultClient, "http://"+am.addr+"/api/v2/alerts")
	if err == nil {
		err = json.Unmarshal([]byte(body), &alerts)
	}
	return alerts, err
}

// send sends firing alerts with these labels.
func (am alertmanager) send(labels ...map[string]string) {
	am.t.Helper()
	alerts := make([]map[string]any, len(labels))
	for i := range labels {
		alerts[i] = map[string]any{"labels": labels[i]}
	}
	body, err := json.Marshal(alerts)
	if err != nil {
		am.t.Fatal(err)
	}
	resp, err := http.Post("http://"+am.addr+"/api/v2/alerts", "application/json", bytes.NewReader(body))
	if err != nil {
		am.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		am.t.Fatal(resp.Status)
	}
}
