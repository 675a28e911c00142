package collector

import (
	"fmt"
	"net/http"
	"os"

	"github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
)

// Credential is what authorizes requests, with the client that sends them. All
// that share a credential share its rate limit.
type Credential struct {
	Name   string
	Client *cfapi.Client

	file string // with the token; "" if it is not in a file
}

// NewCredential returns a credential whose client calls the API at baseURL. The
// token is read from its file for each request.
func NewCredential(name string, cfg config.HTTPClientConfig, baseURL, userAgent string, api *APIMetrics) (*Credential, error) {
	next, err := config.NewRoundTripperFromConfig(cfg, name)
	if err != nil {
		return nil, err
	}
	c := &Credential{Name: name}
	if cfg.Authorization != nil {
		c.file = cfg.Authorization.CredentialsFile
	}
	c.Client = &cfapi.Client{
		BaseURL:   baseURL,
		UserAgent: userAgent,
		Transport: &checked{next: next, credential: c},
		Done:      api.Observe,
	}
	return c, nil
}

// Check returns an error if the credential cannot be read.
func (c *Credential) Check() error {
	if c.file == "" {
		return nil
	}
	content, err := os.ReadFile(c.file)
	if err != nil {
		return fmt.Errorf("%w: %w", cfapi.ErrCredentials, err)
	}
	if err := CheckToken(string(content)); err != nil {
		return fmt.Errorf("%w: file %s: %w", cfapi.ErrCredentials, c.file, err)
	}
	return nil
}

// checked sends nothing without a credential.
type checked struct {
	next       http.RoundTripper
	credential *Credential
}

// RoundTrip implements http.RoundTripper.
func (t *checked) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.credential.Check(); err != nil {
		return nil, err
	}
	return t.next.RoundTrip(req)
}
