package cfapitest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

const emptyList = `{"result":[],"success":true,"errors":[],"messages":[]}`

func refused(code int, text string) string {
	return fmt.Sprintf(`{"result":null,"success":false,"errors":[{"code":%d,"message":"%s"}],"messages":[]}`, code, text)
}

func TestFaultAnswers(t *testing.T) {
	tests := []struct {
		name   string
		fault  Fault
		status int
		body   string
		header http.Header // at least
	}{
		{"none", Fault{}, 200, emptyList, nil},
		{"401", Fault{Status: 401}, 401, refused(10000, "Authentication error"), http.Header{"Content-Type": {"application/json"}}},
		{"403", Fault{Status: 403}, 403, refused(10000, "Authentication error"), nil},
		{"404", Fault{Status: 404}, 404,
			refused(7003, "Could not route to "+testPath+", perhaps your object identifier is invalid?"), nil},
		{"429", Fault{Status: 429, RetryAfter: "soon"}, 429,
			refused(971, "Please wait and consider throttling your request speed"), http.Header{"Retry-After": {"soon"}}},
		{"500", Fault{Status: 500}, 500, refused(10500, "Internal Server Error"), nil},
		{"HTML", Fault{Status: 502, Body: "<html>bad</html>"}, 502, "<html>bad</html>",
			http.Header{"Content-Type": {"text/html; charset=UTF-8"}}},
		{"body", Fault{Body: "nonsense"}, 200, "nonsense", nil},
		{"refuse", Fault{Refuse: true}, 200, refused(1001, "The request was refused"), nil},
		{"redirect", Fault{Redirect: "https://example.com/"}, 302, "", http.Header{"Location": {"https://example.com/"}}},
		{"moved", Fault{Redirect: "/", Status: 308}, 308, "", http.Header{"Location": {"/"}}},
		{"headers", Fault{Headers: http.Header{"ratelimit": {`"default";r=0;t=7`}, "Cf-Ray": nil, "X-Extra": {"1", "2"}}},
			200, emptyList, http.Header{"Ratelimit": {`"default";r=0;t=7`}, "Cf-Ray": nil, "X-Extra": {"1", "2"}}},
		{"drip", Fault{Drip: time.Millisecond}, 200, emptyList, nil},
		{"another account's", Fault{Account: DemoLabID, Status: 500}, 200, emptyList, nil},
		{"this account's", Fault{Account: testID, Status: 204}, 204, "", nil},
	}
	api, url := serve(t)
	for _, tt := range tests {
		api.Inject(tt.fault)
		resp, body, err := fetch(url, patience)
		api.Heal()
		if err != nil || resp.StatusCode != tt.status || string(body) != tt.body {
			t.Errorf("%s: %v, %v, %s", tt.name, err, resp, body)
			continue
		}
		for name, want := range tt.header {
			if got := resp.Header.Values(name); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %s: %q, want %q", tt.name, name, got, want)
			}
		}
		if requests := api.Requests(); requests[len(requests)-1].Status != tt.status {
			t.Errorf("%s: logged as %+v", tt.name, requests[len(requests)-1])
		}
	}
}

func TestFaultOrder(t *testing.T) {
	api := new(API)
	api.Account(testID)
	api.Inject(Fault{Account: DemoLabID, Status: 501})
	api.Inject(Fault{Status: 502, Times: 2})
	api.Inject(Fault{Status: 503, Times: 1})
	api.Inject(Fault{Status: 504})
	for i, want := range []int{502, 502, 503, 504, 504} {
		if w := ask(api, "GET", testPath, ""); w.Code != want {
			t.Errorf("request %d: %d, want %d", i, w.Code, want)
		}
	}
	api.Heal()
	if w := ask(api, "GET", testPath, ""); w.Code != http.StatusOK {
		t.Errorf("healed: %d", w.Code)
	}
}

func TestCutOff(t *testing.T) {
	api, url := serve(t)
	for n := 1; n <= len(emptyList); n += 7 {
		api.Inject(Fault{CutOff: n, Times: 1})
		resp, body, err := fetch(url, patience)
		if !errors.Is(err, io.ErrUnexpectedEOF) || resp.StatusCode != http.StatusOK || string(body) != emptyList[:n] {
			t.Errorf("at %d: %v, %q", n, err, body)
		}
	}
	api.Inject(Fault{CutOff: 1000, Drip: time.Millisecond, Times: 1})
	if _, body, err := fetch(url, patience); !errors.Is(err, io.ErrUnexpectedEOF) || string(body) != emptyList {
		t.Errorf("behind the end: %v, %q", err, body)
	}
}

func TestReset(t *testing.T) {
	api, url := serve(t)
	api.Inject(Fault{Reset: true})
	if resp, _, err := fetch(url, patience); !errors.Is(err, io.EOF) {
		t.Errorf("%v, %v", resp, err)
	}
	if got := api.Requests(); len(got) != 1 || got[0].Status != 0 {
		t.Errorf("logged %+v", got)
	}
}

// The client's timeout must end these, and the server's Close, at the end of
// the test, must not wait for them.
func TestTimeouts(t *testing.T) {
	api, url := serve(t)
	for name, fault := range map[string]Fault{"hang": {Hang: true}, "latency": {Latency: time.Hour}} {
		api.Inject(fault)
		_, _, err := fetch(url, 20*time.Millisecond)
		api.Heal()
		if netErr, ok := errors.AsType[net.Error](err); !ok || !netErr.Timeout() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDripFlushes(t *testing.T) {
	api, url := serve(t)
	api.Inject(Fault{Drip: time.Hour})
	client := http.Client{Timeout: patience}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	piece := make([]byte, dripChunk)
	if _, err := io.ReadFull(resp.Body, piece); err != nil || string(piece) != emptyList[:dripChunk] {
		t.Errorf("%q, %v", piece, err)
	}
}

func TestLatency(t *testing.T) {
	api, url := serve(t)
	api.Inject(Fault{Latency: 20 * time.Millisecond, Status: 500})
	start := time.Now()
	resp, _, err := fetch(url, patience)
	if err != nil || resp.StatusCode != 500 || time.Since(start) < 20*time.Millisecond {
		t.Errorf("%v after %v, %v", resp, time.Since(start), err)
	}
}
