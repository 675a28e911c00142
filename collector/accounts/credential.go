package accounts

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-kit/log"
	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/coalesce"
	"cloudflare_pcap_exporter/collector/config"
)

// tokenTTL is the minimum interval between two verifications of a token.
const tokenTTL = time.Hour

// maxSecretFile is the maximum size of a file with a token, a key or a certificate.
const maxSecretFile = 64 << 10

// A Credential authorizes requests. All accounts with the same credential share its
// client.
type Credential struct {
	Name   string
	Client *cfapi.Client

	config  promconfig.HTTPClientConfig
	headers coalesce.Group[http.Header]
	token   *coalesce.Group[cfapi.Token]
}

func (s *Set) newCredentials(ctx context.Context, cfg *config.Config) (credentials []*Credential, err error) {
	for _, name := range slices.Sorted(maps.Keys(cfg.Credentials)) {
		c, err := s.newCredential(ctx, name, cfg.Credentials[name])
		if err != nil {
			return nil, fmt.Errorf("credential %s: %w", name, err)
		}
		credentials = append(credentials, c)
	}
	return credentials, nil
}

// newCredential returns a credential with a client of its own.
func (s *Set) newCredential(ctx context.Context, name string, cfg promconfig.HTTPClientConfig) (*Credential, error) {
	o := &s.options
	transport, err := newTransport(ctx, cfg, o.IPVersion)
	if err != nil {
		return nil, err
	}
	c := &Credential{Name: name, config: cfg, headers: coalesce.Group[http.Header]{Timeout: o.Timeout}}
	c.Client = &cfapi.Client{
		Name:      name,
		BaseURL:   o.BaseURL,
		UserAgent: o.UserAgent,
		Transport: cmp.Or(o.Transport, transport),
		OnRequest: o.OnRequest,
		Limiter:   &s.limiter,
		Authorize: c.header,
	}
	logger := log.With(o.Logger, "credential", name)
	c.token = newCache[cfapi.Token]("verifying the token", tokenTTL, o.Timeout, logger)
	_, err = c.header(ctx)
	return c, err
}

// Token returns the state of the token, requested at most once an hour. It returns the zero
// Token after a failure, which is logged. The account can be any that uses the credential.
func (c *Credential) Token(ctx context.Context, account string) cfapi.Token {
	token, _ := c.token.Do(ctx, func(ctx context.Context) (cfapi.Token, error) {
		return c.Client.Token(ctx, account)
	})
	return token
}

// Check returns an error if the credential or a file for TLS cannot be read.
func (c *Credential) Check(ctx context.Context) error {
	if _, err := c.header(ctx); err != nil {
		return err
	}
	_, err := newTransport(ctx, c.config, "")
	return err
}

// header returns the headers that authorize a request. Callers share a read, because each one of
// a file on a mount that hangs blocks a thread.
func (c *Credential) header(ctx context.Context) (http.Header, error) {
	return c.headers.Do(ctx, c.readHeader)
}

func (c *Credential) readHeader(context.Context) (http.Header, error) {
	header := make(http.Header)
	if auth := c.config.Authorization; auth != nil {
		token := string(auth.Credentials)
		if auth.CredentialsFile != "" {
			var err error
			if token, err = read(auth.CredentialsFile, config.CheckToken); err != nil {
				return nil, err
			}
		}
		header.Set("Authorization", auth.Type+" "+token)
	}
	if c.config.HTTPHeaders == nil {
		return header, nil
	}
	for name, values := range c.config.HTTPHeaders.Headers {
		for _, value := range values.Values {
			header.Add(name, value)
		}
		for _, secret := range values.Secrets {
			header.Add(name, string(secret))
		}
		for _, file := range values.Files {
			value, err := read(file, config.CheckHeader)
			if err != nil {
				return nil, err
			}
			header.Add(name, value)
		}
	}
	return header, nil
}

// read returns the content of a file that passes a check, without white space around it.
func read(file string, check func(string) error) (string, error) {
	content, err := config.ReadFile(file, maxSecretFile)
	if err != nil {
		return "", err
	}
	if err := check(string(content)); err != nil {
		return "", fmt.Errorf("file %s: %w", file, err)
	}
	return strings.TrimSpace(string(content)), nil
}
