package e2e

import (
	"bufio"
	"encoding/json"
	"io"
	"time"
)

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
