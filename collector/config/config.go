// Package config reads the configuration file: accounts and credentials.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	promconfig "github.com/prometheus/common/config"
	"go.yaml.in/yaml/v3"
)

// maxSize is the maximum size of a configuration file.
const maxSize = 16 << 20

// DefaultCredential is the credential of accounts that specify none.
const DefaultCredential = "default"

// Config is a configuration.
type Config struct {
	Accounts    []Account                              `yaml:"accounts"`
	Exclude     []string                               `yaml:"exclude"`     // ids and names of discovered accounts to leave out
	Discover    bool                                   `yaml:"discover"`    // also export every account that the default credential can see
	Credentials map[string]promconfig.HTTPClientConfig `yaml:"credentials"` // by name
}

// Account is an account to export.
type Account struct {
	ID         string `yaml:"id"`         // 32 lower-case hex digits
	Name       string `yaml:"name"`       // display name; may be ""
	Credential string `yaml:"credential"` // name of a credential; "" is DefaultCredential
}

// New returns a configuration without a file: accounts with one bearer token.
func New(accounts []Account, token promconfig.Authorization) *Config {
	token.Type = "Bearer"
	credential := promconfig.HTTPClientConfig{Authorization: &token}
	credential.ProxyFromEnvironment = true
	return &Config{Accounts: accounts, Credentials: map[string]promconfig.HTTPClientConfig{DefaultCredential: credential}}
}

// Load reads a configuration file. Paths in it are relative to it. An error is one
// line with the path of the file.
func Load(path string) (*Config, error) {
	text, err := ReadFile(path, maxSize)
	if err != nil {
		return nil, err
	}
	cfg, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for name, c := range cfg.Credentials {
		c.SetDirectory(filepath.Dir(path))
		cfg.Credentials[name] = c
	}
	return cfg, nil
}

// Parse parses and validates the text of a configuration file. An error is one line
// and quotes nothing of the text that may be secret.
func Parse(text []byte) (*Config, error) {
	var cfg Config
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	err := decoder.Decode(&cfg)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, explain(err, text)
	}
	if !errors.Is(decoder.Decode(new(yaml.Node)), io.EOF) {
		return nil, errors.New("more than one YAML document: keep only one")
	}
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &cfg, nil
}
