package simulation

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// dripChunk is the size of the writes of Fault.Drip, in bytes.
const dripChunk = 32

// A Fault changes a response or its delivery. Latency, Drip and CutOff combine with the
// other fields.
type Fault struct {
	Account  string // only for requests for this account; "" is all
	Endpoint string // only for requests whose path ends with this; "" is all
	Times    int    // number of requests to change; 0 is all until Heal

	Status     int         // replaces the status and, from 400 on, the body
	RetryAfter string      // Retry-After header
	Headers    http.Header // replace headers; a nil value removes one
	Body       string      // replaces the body; the status is 200 unless Status is set
	Refuse     bool        // 200 with "success": false
	Redirect   string      // 302 with this Location

	Latency time.Duration // before the response, in real time
	Hang    bool          // no response; close the client before the server
	Drip    time.Duration // pause between small writes of the body, in real time
	CutOff  int           // bytes of the body before the connection is closed; 0 does not close it
	Reset   bool          // closes the connection without a response; on a reused connection, net/http sends the request again
}

// Inject adds a fault. The first matching fault applies to a request.
func (a *API) Inject(f Fault) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults = append(a.faults, f)
}

// Heal removes all faults. Requests that are being delayed stay delayed.
func (a *API) Heal() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults = nil
}

// nextFault returns the fault for a request, or the zero Fault, and counts it.
func (a *API) nextFault(account, path string) Fault {
	i := slices.IndexFunc(a.faults, func(f Fault) bool {
		return (f.Account == "" || f.Account == account) && strings.HasSuffix(path, f.Endpoint)
	})
	if i < 0 {
		return Fault{}
	}
	f := a.faults[i]
	switch f.Times {
	case 0:
	case 1:
		a.faults = slices.Delete(a.faults, i, i+1)
	default:
		a.faults[i].Times--
	}
	return f
}

// alter returns the response with the fault applied.
func (f Fault) alter(resp response, path string) response {
	switch {
	case f.Hang || f.Reset:
		return response{}
	case f.Redirect != "":
		resp.status, resp.body = http.StatusFound, nil
		resp.header.Set("Location", f.Redirect)
	case f.Refuse:
		m := message{1001, "The request was refused"}
		resp.status, resp.body = http.StatusOK, encode(envelope{Errors: []message{m}})
	case f.Body != "":
		resp.status, resp.body = http.StatusOK, []byte(f.Body)
		if strings.HasPrefix(f.Body, "<") {
			resp.header.Set("Content-Type", "text/html; charset=UTF-8")
		}
	case f.Status >= http.StatusBadRequest:
		resp.body = refusal(f.Status, path).body
	}
	if f.Status != 0 {
		resp.status = f.Status
	}
	if f.RetryAfter != "" {
		resp.header.Set("Retry-After", f.RetryAfter)
	}
	for name, values := range f.Headers {
		resp.header[http.CanonicalHeaderKey(name)] = values
	}
	return resp
}

// deliver sends the response.
func (f Fault) deliver(w http.ResponseWriter, r *http.Request, resp response) {
	sleep(r.Context(), f.Latency)
	switch {
	case f.Hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case f.Reset:
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), resp.header)
	w.WriteHeader(resp.status)
	body, size := resp.body, len(resp.body)
	if f.CutOff > 0 {
		body = body[:min(f.CutOff, size)]
	}
	if f.Drip > 0 {
		size = dripChunk
	}
	f.write(r.Context(), w, body, size)
	if f.CutOff > 0 {
		panic(http.ErrAbortHandler)
	}
}

// write sends the body in chunks of the given size. With Drip or CutOff it flushes each
// chunk. The response then has no Content-Length, so the client notices a cut.
func (f Fault) write(ctx context.Context, w http.ResponseWriter, body []byte, size int) {
	flusher := http.NewResponseController(w)
	for chunk := range slices.Chunk(body, max(1, size)) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
		if f.Drip > 0 || f.CutOff > 0 {
			_ = flusher.Flush() // fails only if the client has left
		}
		sleep(ctx, f.Drip)
	}
}

// sleep waits for d, or until ctx is done.
func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
