package accounts

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"time"

	"github.com/go-kit/log"
	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/ratelimit"
	"cloudflare_pcap_exporter/collector/coalesce"
	"cloudflare_pcap_exporter/collector/config"
)

// tokenTTL is the minimum interval between two verifications of a token.
const tokenTTL = time.Hour

// A Credential authorizes requests. All accounts with the same credential share its
// client and its rate limit.
type Credential struct {
	Name   string
	Client *cfapi.Client

	config    promconfig.HTTPClientConfig
	transport *transport
	token     *coalesce.Cache[cfapi.Token]
	visible   *coalesce.Cache[[]cfapi.Account]
}

// newCredential returns a credential with a client of its own. It takes over the
// rate-limit state of old, if that has the same token or key.
func newCredential(name string, cfg promconfig.HTTPClientConfig, old *Credential, o *Options) (*Credential, error) {
	next, err := promconfig.NewRoundTripperFromConfig(cfg, name)
	if err != nil {
		return nil, err
	}
	c := &Credential{Name: name, config: cfg}
	c.transport = &transport{next: next, check: c.Check}
	c.Client = &cfapi.Client{
		BaseURL:   o.BaseURL,
		UserAgent: o.UserAgent,
		Transport: c.transport,
		OnRequest: o.OnRequest,
		Limiter:   &ratelimit.Limiter{Limit: o.RateLimit},
	}
	if old != nil && reflect.DeepEqual(old.config.Authorization, cfg.Authorization) && reflect.DeepEqual(old.config.HTTPHeaders, cfg.HTTPHeaders) {
		c.Client.Limiter = old.Client.Limiter
	}
	logger := log.With(o.Logger, "credential", name)
	c.token = newCache[cfapi.Token]("verifying the token", tokenTTL, o.Timeout, logger)
	c.visible = newCache[[]cfapi.Account]("discovering accounts", discoveryTTL, o.Timeout, o.Logger)
	return c, nil
}

// newCache returns a cache that logs when its call starts to fail, and when it works
// again.
func newCache[T any](what string, ttl, timeout time.Duration, logger log.Logger) *coalesce.Cache[T] {
	var failure failureState
	return coalesce.NewCache[T](ttl, timeout, func(err error) { failure.observe(logger, what, err) })
}

// Token returns the state of the token, requested at most once an hour. It returns
// false after a failure. The account is any that uses the credential.
func (c *Credential) Token(ctx context.Context, account string) (cfapi.Token, bool) {
	return c.token.Get(ctx, func(ctx context.Context) (cfapi.Token, error) {
		return c.Client.Token(ctx, account)
	})
}

// Check returns an error if the credential cannot be read.
func (c *Credential) Check() error {
	for _, file := range c.files() {
		content, err := os.ReadFile(file) //nolint:gosec // the path is the user's
		if err != nil {
			return fmt.Errorf("%w: %w", cfapi.ErrCredentials, err)
		}
		if err := config.CheckToken(string(content)); err != nil {
			return fmt.Errorf("%w: file %s: %w", cfapi.ErrCredentials, file, err)
		}
	}
	return nil
}

// files returns the files that contain a token or a key.
func (c *Credential) files() (files []string) {
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
