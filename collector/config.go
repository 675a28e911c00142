package collector

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/prometheus/common/config"
	"go.yaml.in/yaml/v3"
)

// DefaultCredential is the name of the credential of accounts that name none.
const DefaultCredential = "default"

// Config says which accounts to export, with which credentials.
type Config struct {
	Accounts    []AccountConfig                    `yaml:"accounts"`
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
	if err := cfg.validate(lines); err != nil {
		return nil, err
	}
	return &cfg, nil
}

func (c *Config) validate(at lines) error {
	if len(c.Accounts) == 0 {
		return errors.New("no account: list one below accounts")
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
	case !known && a.Credential != DefaultCredential:
		return fmt.Errorf("there is no credential %q", a.Credential)
	}
	return nil
}

// lines finds the line of a part of the file.
type lines struct{ root *yaml.Node }

func newLines(text []byte) lines {
	var doc yaml.Node
	if yaml.Unmarshal(text, &doc) != nil || len(doc.Content) == 0 {
		return lines{&yaml.Node{}}
	}
	return lines{doc.Content[0]}
}

// wrap puts the line of the node below the keys before err.
func (l lines) wrap(err error, keys ...string) error {
	node := l.root
	for _, key := range keys {
		node = child(node, key)
	}
	return fmt.Errorf("line %d: %w", node.Line, err)
}

func child(node *yaml.Node, key string) *yaml.Node {
	if i, err := strconv.Atoi(key); err == nil && node.Kind == yaml.SequenceNode && i < len(node.Content) {
		return node.Content[i]
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return node
}

// repeated is how the libraries repeat values, which may be secrets, and what
// they say of Go's types.
var repeated = regexp.MustCompile(" `[^`]*`| into [^ ]*$| in type [^ ]*$|parse \"[^\"]*\": ")

// explain makes one line of the YAML library's error.
func (l lines) explain(err error) error {
	if many, ok := errors.AsType[*yaml.TypeError](err); ok {
		return errors.New(repeated.ReplaceAllString(many.Errors[0], ""))
	}
	text := repeated.ReplaceAllString(err.Error(), "")
	credentials := child(l.root, "credentials")
	for i := 1; i < len(credentials.Content); i += 2 {
		var c config.HTTPClientConfig
		if credentials.Content[i].Decode(&c) != nil {
			return fmt.Errorf("line %d: %s", credentials.Content[i].Line, text)
		}
	}
	return errors.New(text)
}
