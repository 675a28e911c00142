package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
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

// inbox is a server for the receivers in Alertmanager's configuration.
type inbox struct {
	secrets string // folder of files with the URLs of the receivers

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
	_, _ = io.WriteString(w, "ok") // as Slack responds
}

// await waits for a notification that arrives after the given time and passes the filter.
func (b *inbox) await(t *testing.T, after time.Time, filter func(notification) bool) (found notification) {
	t.Helper()
	eventually(t, func() error {
		all := b.since(after)
		i := slices.IndexFunc(all, filter)
		if i < 0 {
			return fmt.Errorf("no such notification among %+v", all)
		}
		found = all[i]
		return nil
	})
	return found
}

// since returns the notifications that arrived after the given time.
func (b *inbox) since(after time.Time) []notification {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.got, func(n notification) bool { return n.at.After(after) })
	if i < 0 {
		return nil
	}
	return slices.Clone(b.got[i:])
}
