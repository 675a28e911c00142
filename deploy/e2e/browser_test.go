package e2e

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// browser is a page in headless Chromium, driven by the DevTools protocol over a
// pipe.
type browser struct {
	t       *testing.T
	in      io.Writer
	session string

	mu      sync.Mutex
	id      int
	answers map[int]chan message
	events  []message
}

// message is one of the protocol, either way.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

// patience is how long an answer of the browser's may take.
const patience = 30 * time.Second

// browse starts a browser with an empty page. It is killed at the end of the
// test.
func browse(t *testing.T) *browser {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("the status page is looked at in Chromium: apt-get install -y --no-install-recommends chromium fonts-dejavu-core")
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
		"--disable-component-update", "--disable-sync", "--hide-scrollbars", "about:blank")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // which are 3 and 4 to it
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = theirIn.Close(), theirOut.Close()
	b := &browser{t: t, in: ourIn, answers: make(map[int]chan message)}
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

func (b *browser) read(r io.Reader) {
	reader := bufio.NewReader(r)
	for {
		text, err := reader.ReadBytes(0)
		if err != nil {
			return // it has ended
		}
		var m message
		if json.Unmarshal(text[:len(text)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		if answer := b.answers[m.ID]; m.ID != 0 && answer != nil {
			answer <- m
		} else {
			b.events = append(b.events, m)
		}
		b.mu.Unlock()
		if m.Method == "Page.screencastFrame" { // the next comes only after this
			b.acknowledge(m)
		}
	}
}

func (b *browser) acknowledge(frame message) {
	var number struct {
		SessionID int `json:"sessionId"`
	}
	_ = json.Unmarshal(frame.Params, &number)
	_, _ = b.send("Page.screencastFrameAck", number) // fails only if it has ended
}

// send returns where the answer will come.
func (b *browser) send(method string, params any) (<-chan message, error) {
	encoded, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	answer := make(chan message, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.id++
	b.answers[b.id] = answer
	text, err := json.Marshal(message{ID: b.id, Session: b.session, Method: method, Params: encoded})
	if err == nil {
		_, err = b.in.Write(append(text, 0))
	}
	return answer, err
}

// call calls a method, and decodes its result unless that is nil.
func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	answer, err := b.send(method, params)
	if err != nil {
		b.t.Fatal(method, err)
	}
	var m message
	select {
	case m = <-answer:
	case <-time.After(patience):
		b.t.Fatalf("%s: chromium does not answer", method)
	}
	if m.Error != nil {
		b.t.Fatalf("%s: %s", method, m.Error)
	}
	if result != nil {
		if err := json.Unmarshal(m.Result, result); err != nil {
			b.t.Fatal(method, err)
		}
	}
}

// seen returns the events of a method so far.
func (b *browser) seen(method string) (events []json.RawMessage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.events {
		if m.Method == method {
			events = append(events, m.Params)
		}
	}
	return events
}

// open loads a page, in a viewport of that width.
func (b *browser) open(url string, width int) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
	before := len(b.seen("Page.loadEventFired"))
	b.call("Page.navigate", map[string]any{"url": url}, nil)
	eventually(b.t, func() error {
		if len(b.seen("Page.loadEventFired")) == before {
			return errors.New(url + " does not load")
		}
		return nil
	})
}

// eval returns what a JavaScript expression gives in the page.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	var answer struct {
		Result           struct{ Value T }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &answer)
	if answer.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, answer.ExceptionDetails)
	}
	return answer.Result.Value
}

// complaints are what the console says: errors, and what the policy forbade.
func (b *browser) complaints() error {
	var all error
	for _, method := range []string{"Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"} {
		for _, event := range b.seen(method) {
			all = errors.Join(all, fmt.Errorf("%s: %s", method, event))
		}
	}
	return all
}
