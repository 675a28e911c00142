package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// browser is a page in headless Chromium, controlled by the DevTools protocol over a pipe.
type browser struct {
	t       *testing.T
	in      io.Writer
	session string

	mu        sync.Mutex
	id        int                  // of the last command
	responses map[int]chan message // by id
	events    []message
}

// startBrowser starts a browser with an empty page. The end of the test kills it.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("Chromium is missing: apt-get install -y --no-install-recommends chromium fonts-dejavu-core")
	}
	theirIn, ourIn := pipe(t)
	ourOut, theirOut := pipe(t)
	log, err := os.Create(filepath.Join(t.TempDir(), "chromium.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // the process has a handle of its own
	profile, err := os.MkdirTemp("", "chromium")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), chromium, "--headless", "--remote-debugging-pipe", "--user-data-dir="+profile,
		"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars", "--disable-lcd-text", "about:blank")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // descriptors 3 and 4 of Chromium
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = theirIn.Close(), theirOut.Close()
	b := &browser{t: t, in: ourIn, responses: make(map[int]chan message)}
	t.Cleanup(func() {
		_ = cmd.Wait() // it was killed
		_ = os.RemoveAll(profile)
		if text, err := os.ReadFile(log.Name()); t.Failed() && err == nil {
			t.Logf("log of chromium:\n%s", text)
		}
	})
	go b.read(ourOut)
	b.attach()
	return b
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.Close(), w.Close() })
	return r, w
}

// attach creates a page and enables its events.
func (b *browser) attach() {
	b.t.Helper()
	var target struct {
		TargetID  string
		SessionID string
	}
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	b.session = target.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", struct{}{}, nil)
	}
}

// open loads a page in a viewport of the given width.
func (b *browser) open(url string, width int) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
	before := len(b.eventsOf("Page.loadEventFired"))
	b.call("Page.navigate", map[string]any{"url": url}, nil)
	eventually(b.t, func() error {
		if len(b.eventsOf("Page.loadEventFired")) == before {
			return errors.New(url + " does not load")
		}
		return nil
	})
}

// eval returns the value of a JavaScript expression in the page.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	var response struct {
		Result           struct{ Value T }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &response)
	if response.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, response.ExceptionDetails)
	}
	return response.Result.Value
}

// consoleErrors returns the console's messages, including violations of the content security
// policy.
func (b *browser) consoleErrors() error {
	var all error
	for _, method := range []string{"Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"} {
		for _, event := range b.eventsOf(method) {
			all = errors.Join(all, fmt.Errorf("%s: %s", method, event))
		}
	}
	return all
}
