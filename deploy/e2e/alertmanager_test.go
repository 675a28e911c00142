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

// notification is what a receiver has been sent: Alertmanager's webhook, or a
// chat's, which has the texts of the template.
type notification struct {
	receiver, body string
	at             time.Time

	Status      string
	GroupLabels map[string]string
	Alerts      []struct{ Labels, Annotations map[string]string }
	Attachments []struct{ Title, Text string }
}

// text is what a person reads.
func (n notification) text() (text string) {
	for _, a := range n.Attachments {
		text += a.Title + "\n" + a.Text + "\n"
	}
	for _, a := range n.Alerts {
		text += n.Status + ": " + a.Annotations["summary"] + "\n" + a.Annotations["description"] + "\n"
	}
	return text
}

// inbox stands in for the services behind the receivers.
type inbox struct {
	secrets string // folder with their addresses

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

// await returns the first notification after a time that is wanted.
func (b *inbox) await(t *testing.T, after time.Time, wanted func(notification) bool) (found notification) {
	t.Helper()
	eventually(t, func() error {
		all := b.since(after)
		i := slices.IndexFunc(all, wanted)
		if i < 0 {
			return fmt.Errorf("it is not among these notifications: %+v", all)
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

// notify starts an Alertmanager with the configuration that users are shown. It
// is changed in the folder with the addresses, and made faster.
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

// alert is one that fires. Its state is "active", or "suppressed" if another one
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

// tell has it think that an alert with these labels fires.
func (am alertmanager) tell(labels map[string]string) {
	am.t.Helper()
	body, err := json.Marshal([]any{map[string]any{"labels": labels}})
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
