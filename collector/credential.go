package collector

import (
	"fmt"
	"os"
	"reflect"

	"github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
)

// credential is what authorizes requests, with the client that sends them. All
// that share a credential share its rate limit.
type credential struct {
	Name   string
	Client *cfapi.Client

	config    config.HTTPClientConfig
	transport *transport
	token     *token
	visible   *poll[[]cfapi.Account] // the accounts that it can see
}

// newCredential returns a credential with a client of its own. Its files are
// read for each request. One that was there before with the same token, though
// reached in another way, passes on its limits.
func newCredential(name string, cfg config.HTTPClientConfig, before *credential, o Options, api *apiMetrics) (*credential, error) {
	next, err := config.NewRoundTripperFromConfig(cfg, name)
	if err != nil {
		return nil, err
	}
	c := &credential{Name: name, config: cfg}
	c.transport = &transport{next: next, credential: c}
	c.Client = &cfapi.Client{
		BaseURL:   o.BaseURL,
		UserAgent: o.UserAgent,
		RateLimit: o.RateLimit,
		Transport: c.transport,
		Done:      api.Observe,
	}
	if before != nil && reflect.DeepEqual(before.config.Authorization, cfg.Authorization) && reflect.DeepEqual(before.config.HTTPHeaders, cfg.HTTPHeaders) {
		c.Client.ShareLimits(before.Client)
	}
	c.token = newToken(name, c.Client, o.Timeout, o.Logger)
	c.visible = newPoll[[]cfapi.Account]("discovering accounts", discoverEvery, o.Timeout, o.Logger)
	return c, nil
}

// Check returns an error if the credential cannot be read.
func (c *credential) Check() error {
	for _, file := range c.files() {
		content, err := os.ReadFile(file) //nolint:gosec // the user names it
		if err != nil {
			return fmt.Errorf("%w: %w", cfapi.ErrCredentials, err)
		}
		if err := CheckToken(string(content)); err != nil {
			return fmt.Errorf("%w: file %s: %w", cfapi.ErrCredentials, file, err)
		}
	}
	return nil
}

// files are those with a token or a key.
func (c *credential) files() (files []string) {
	if c.config.Authorization != nil && c.config.Authorization.CredentialsFile != "" {
		files = append(files, c.config.Authorization.CredentialsFile)
	}
	if c.config.HTTPHeaders != nil {
		for _, header := range c.config.HTTPHeaders.Headers {
			files = append(files, header.Files...)
		}
	}
	return files
}
