package e2e

import (
	"bufio"
	"encoding/json"
	"io"
	"time"
)

// message is a command, a response or an event of the DevTools protocol.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

// commandTimeout is the maximum time to a response of the browser.
const commandTimeout = 30 * time.Second

// read receives messages until the browser exits.
func (b *browser) read(r io.Reader) {
	reader := bufio.NewReader(r)
	for {
		text, err := reader.ReadBytes(0)
		if err != nil {
			return // the browser has exited
		}
		var m message
		if json.Unmarshal(text[:len(text)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		if response := b.responses[m.ID]; m.ID != 0 && response != nil {
			response <- m
		} else {
			b.events = append(b.events, m)
		}
		b.mu.Unlock()
		if m.Method == "Page.screencastFrame" { // the browser sends the next one after this
			b.acknowledge(m)
		}
	}
}

func (b *browser) acknowledge(frame message) {
	var number struct {
		SessionID int `json:"sessionId"`
	}
	_ = json.Unmarshal(frame.Params, &number)
	_, _ = b.send("Page.screencastFrameAck", number) // fails only if the browser has exited
}

// send sends a command and returns the channel of its response.
func (b *browser) send(method string, params any) (<-chan message, error) {
	encoded, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	response := make(chan message, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.id++
	b.responses[b.id] = response
	text, err := json.Marshal(message{ID: b.id, Session: b.session, Method: method, Params: encoded})
	if err == nil {
		_, err = b.in.Write(append(text, 0))
	}
	return response, err
}

// call calls a method and waits for its response. It decodes the result unless result is nil.
func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	response, err := b.send(method, params)
	if err != nil {
		b.t.Fatal(method, err)
	}
	var m message
	select {
	case m = <-response:
	case <-time.After(commandTimeout):
		b.t.Fatalf("%s: no response from Chromium", method)
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

// eventsOf returns the events of a method so far.
func (b *browser) eventsOf(method string) (events []json.RawMessage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.events {
		if m.Method == method {
			events = append(events, m.Params)
		}
	}
	return events
}
