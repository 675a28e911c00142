package cfapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

const (
	accountID = "023e105f4ecef8ad9ca31a8372d0c353"
	token     = "test-token-6b1f"
)

// newServer returns the simulated API with one account, and a client that uses a socket.
func newServer(t *testing.T) (*simulation.API, *cfapi.Client) {
	t.Helper()
	api := newAPI()
	return api, newHandlerServer(t, api)
}

func newAPI() *simulation.API {
	api := &simulation.API{Token: token}
	api.Account(accountID)
	return api
}

func newHandlerServer(t *testing.T, handler http.Handler) *cfapi.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return &cfapi.Client{BaseURL: server.URL, Transport: transport, Authorize: authorize}
}

// newPipeServer is newServer for a synctest bubble. It uses pipes, because time does not
// advance while a goroutine waits for a socket.
func newPipeServer(t *testing.T) (*simulation.API, *cfapi.Client) {
	t.Helper()
	api := newAPI()
	return api, newPipeHandlerServer(t, api)
}

func newPipeHandlerServer(t *testing.T, handler http.Handler) *cfapi.Client {
	t.Helper()
	transport, stop := simulation.Pipe(handler)
	t.Cleanup(stop)
	return &cfapi.Client{BaseURL: "http://pipe.invalid", Transport: transport, Authorize: authorize}
}

// roundTripper is a transport without a network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func authorize(context.Context) (http.Header, error) {
	return http.Header{"Authorization": {"Bearer " + token}}, nil
}

// scriptedClient returns a client that receives each of the bodies in turn.
func scriptedClient[T string | []byte](bodies ...T) *cfapi.Client {
	var readers []io.Reader
	for _, body := range bodies {
		readers = append(readers, strings.NewReader(string(body)))
	}
	return readerClient(http.StatusOK, readers...)
}

func readerClient(status int, bodies ...io.Reader) *cfapi.Client {
	return &cfapi.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if len(bodies) == 0 {
			return nil, errors.New("there are no more responses")
		}
		body := bodies[0]
		bodies = bodies[1:]
		return &http.Response{StatusCode: status, Body: io.NopCloser(body), Request: r}, nil
	})}
}

// listing is everything that Client.Captures returns.
type listing struct {
	cfapi.CaptureList
	err error
}

func list(ctx context.Context, client *cfapi.Client) (l listing) {
	l.CaptureList, l.err = client.Captures(ctx, accountID)
	return l
}

func mustList(t *testing.T, client *cfapi.Client) listing {
	t.Helper()
	l := list(t.Context(), client)
	if l.err != nil {
		t.Fatal(l.err)
	}
	return l
}

// wantReason also checks the length of the text and what must not be in it.
func wantReason(t *testing.T, err error, want cfapi.Reason) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want reason %q", want)
		return
	}
	if got := cfapi.ReasonOf(err); got != want {
		t.Errorf("reason %q, want %q: %v", got, want, err)
	}
	if n := len(err.Error()); n > 500 {
		t.Errorf("the error has %d bytes: %.200s", n, err)
	}
	for _, s := range []string{"\n", "\r", "?", token, "Bearer", "per_page", "SECRET"} {
		if strings.Contains(err.Error(), s) {
			t.Errorf("the error contains %q: %v", s, err)
		}
	}
}

func wantRequests(t *testing.T, api *simulation.API, want int) {
	t.Helper()
	if got := len(api.Requests()); got != want {
		t.Errorf("%d requests, want %d", got, want)
	}
}

// recorder keeps the arguments of Client.OnRequest.
type recorder struct {
	mu       sync.Mutex
	requests []cfapi.Request
}

func (r *recorder) record(req cfapi.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, req)
}

// wrap puts the elements of a list into an envelope.
func wrap(elements string) string {
	return `{"result":[` + elements + `],"success":true,"errors":[],"messages":[]}`
}

// page returns a response with these captures and, unless info is "", its result_info.
func page(info string, ids ...string) []byte {
	var elements []string
	for _, id := range ids {
		elements = append(elements, fmt.Sprintf(`{"id":%q}`, id))
	}
	return listPage(info, elements...)
}

func listPage(info string, elements ...string) []byte {
	if info != "" {
		info = `,"result_info":{` + info + `}`
	}
	return []byte(`{"success":true,"result":[` + strings.Join(elements, ",") + `]` + info + `}`)
}

func pageInfo(n, perPage, total int) string {
	return fmt.Sprintf(`"page":%d,"per_page":%d,"total_count":%d`, n, perPage, total)
}

// captures returns a function that lists the captures of the account.
func captures(account string) func(context.Context, *cfapi.Client) error {
	return func(ctx context.Context, client *cfapi.Client) error {
		_, err := client.Captures(ctx, account)
		return err
	}
}

// auxiliaryCalls are the calls other than Captures, by endpoint.
var auxiliaryCalls = map[string]func(context.Context, *cfapi.Client) error{
	cfapi.EndpointOwnership: func(ctx context.Context, c *cfapi.Client) error {
		_, err := c.Buckets(ctx, accountID)
		return err
	},
	cfapi.EndpointVerify: func(ctx context.Context, c *cfapi.Client) error {
		_, err := c.Token(ctx, accountID)
		return err
	},
	cfapi.EndpointAccounts: func(ctx context.Context, c *cfapi.Client) error {
		_, err := c.Accounts(ctx)
		return err
	},
}
