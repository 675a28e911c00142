package cfapitest

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// dripChunk is how much Fault.Drip writes at once, in bytes.
const dripChunk = 32

// A Fault changes what is answered, or how. Its fields combine where that has a
// meaning: Latency, Drip and CutOff act on whatever the answer is.
type Fault struct {
	Account  string // id of the account whose requests it meets; "" is every request
	Endpoint string // last word of the path of the requests it meets; "" is every request
	Times    int    // requests that it meets; 0 is all until Heal

	Status     int         // replaces the status; from 400 on, the body too, by the API's for it
	RetryAfter string      // Retry-After header, as it is
	Headers    http.Header // replace those of the same name; a nil value removes one
	Body       string      // replaces the body; the status is then 200, unless Status is set
	Refuse     bool        // 200 with "success": false
	Redirect   string      // 302 to that Location

	Latency time.Duration // before the answer, in real time
	Hang    bool          // no answer until the client leaves: close it before the server
	Drip    time.Duration // pause between small pieces of the body, in real time
	CutOff  int           // bytes of the body before the connection breaks; 0 is all, and no break
	Reset   bool          // the connection breaks before any answer. On a connection used before, net/http's client sends the request once more
}

// Inject adds a fault. Of those that meet a request, the first added applies.
func (a *API) Inject(f Fault) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults = append(a.faults, f)
}

// Heal removes all faults. Requests that wait for one go on waiting.
func (a *API) Heal() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults = nil
}

// nextFault returns the fault for a request, and counts it. It is zero if there
// is none.
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

// alter changes what is answered.
func (f Fault) alter(ans answer, path string) answer {
	switch {
	case f.Hang || f.Reset:
		return answer{}
	case f.Redirect != "":
		ans.status, ans.body = http.StatusFound, nil
		ans.header.Set("Location", f.Redirect)
	case f.Refuse:
		m := message{1001, "The request was refused"}
		ans.status, ans.body = http.StatusOK, encode(envelope{Errors: []message{m}})
	case f.Body != "":
		ans.status, ans.body = http.StatusOK, []byte(f.Body)
		if strings.HasPrefix(f.Body, "<") {
			ans.header.Set("Content-Type", "text/html; charset=UTF-8")
		}
	case f.Status >= http.StatusBadRequest:
		ans.body = refusal(f.Status, path).body
	}
	if f.Status != 0 {
		ans.status = f.Status
	}
	if f.RetryAfter != "" {
		ans.header.Set("Retry-After", f.RetryAfter)
	}
	for name, values := range f.Headers {
		ans.header[http.CanonicalHeaderKey(name)] = values
	}
	return ans
}

// deliver sends the answer. The zero Fault sends it at once and in one piece.
func (f Fault) deliver(w http.ResponseWriter, r *http.Request, ans answer) {
	sleep(r.Context(), f.Latency)
	switch {
	case f.Hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case f.Reset:
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), ans.header)
	w.WriteHeader(ans.status)
	body, size := ans.body, len(ans.body)
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

// write sends the body in pieces of that size. They are flushed if there is
// more to come or a cut, for otherwise net/http would buffer them; that an
// answer is then without Content-Length lets the client see any cut.
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

// sleep waits, but not for a client that has left.
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
