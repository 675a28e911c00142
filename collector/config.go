package collector

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/prometheus/common/config"
	"go.yaml.in/yaml/v3"
)

// DefaultCredential is the name of the credential of accounts that name none.
const DefaultCredential = "default"

// Config says which accounts to export, with which credentials.
type Config struct {
	Accounts    []AccountConfig                    `yaml:"accounts"`
	Discover    bool                               `yaml:"discover"`    // also every account that the default credential can see
	Credentials map[string]config.HTTPClientConfig `yaml:"credentials"` // by name
}

// AccountConfig is one account.
type AccountConfig struct {
	ID         string `yaml:"id"`         // 32 lower-case hex digits
	Name       string `yaml:"name"`       // for people; may be ""
	Credential string `yaml:"credential"` // "" is DefaultCredential
}

// LoadConfig reads a configuration file. Paths in it are relative to it. Errors
// are one line, which names the file's.
func LoadConfig(path string) (*Config, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the user names it
	if err != nil {
		return nil, err
	}
	cfg, err := ParseConfig(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for name, c := range cfg.Credentials {
		c.SetDirectory(filepath.Dir(path))
		cfg.Credentials[name] = c
	}
	return cfg, nil
}

// ParseConfig reads the text of a configuration file.
func ParseConfig(text []byte) (*Config, error) {
	var cfg Config
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	err := decoder.Decode(&cfg)
	lines := newLines(text)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, lines.explain(err)
	}
	if !errors.Is(decoder.Decode(new(yaml.Node)), io.EOF) {
		return nil, errors.New("there is more than one YAML document")
	}
	if err := cfg.validate(lines); err != nil {
		return nil, err
	}
	return &cfg, nil
}

func (c *Config) validate(at lines) error {
	_, hasDefault := c.Credentials[DefaultCredential]
	switch {
	case len(c.Accounts) == 0 && !c.Discover:
		return errors.New("no account: list one below accounts, or set discover")
	case c.Discover && !hasDefault:
		return at.wrap(errors.New("to discover accounts takes a credential \"default\""), "discover")
	}
	taken := make(map[string]bool)
	for i := range c.Accounts {
		a := &c.Accounts[i]
		if a.Credential == "" {
			a.Credential = DefaultCredential
		}
		if err := c.check(a, taken); err != nil {
			return at.wrap(err, "accounts", strconv.Itoa(i))
		}
		taken[a.ID] = true
		taken[a.Name] = a.Name != ""
	}
	for _, name := range slices.Sorted(maps.Keys(c.Credentials)) {
		if err := checkCredential(c.Credentials[name]); err != nil {
			return at.wrap(fmt.Errorf("credential %s: %w", name, err), "credentials", name)
		}
	}
	return nil
}

// checkCredential refuses what the API does not take.
func checkCredential(c config.HTTPClientConfig) error {
	switch {
	case c.BasicAuth != nil || c.OAuth2 != nil:
		return errors.New("the API takes neither basic_auth nor oauth2: use authorization or http_headers")
	case c.Authorization == nil && c.HTTPHeaders == nil:
		return errors.New("it has neither authorization nor http_headers")
	case c.Authorization != nil && c.Authorization.CredentialsFile == "":
		return CheckToken(string(c.Authorization.Credentials))
	}
	return nil
}

func (c *Config) check(a *AccountConfig, taken map[string]bool) error {
	if err := CheckAccountID(a.ID); err != nil {
		return err
	}
	_, known := c.Credentials[a.Credential]
	switch {
	case taken[a.ID]:
		return fmt.Errorf("account %s is there twice", a.ID)
	case taken[a.Name]:
		return fmt.Errorf("two accounts have the name %q", a.Name)
	case CheckAccountID(a.Name) == nil:
		return fmt.Errorf("the name %q looks like an id", a.Name)
	case !known:
		return fmt.Errorf("there is no credential %q", a.Credential)
	}
	return nil
}
