package config

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/prometheus/common/config"
	"go.yaml.in/yaml/v3"
)

// lines maps parts of the file to line numbers.
type lines struct{ root *yaml.Node }

func newLines(text []byte) lines {
	var doc yaml.Node
	if yaml.Unmarshal(text, &doc) != nil || len(doc.Content) == 0 {
		return lines{&yaml.Node{Tag: "!!null"}}
	}
	return lines{doc.Content[0]}
}

// wrap prefixes err with the line of the node at the given keys.
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

// explain turns an error of the YAML library into one line. It quotes nothing of the
// file, because a token may be in the wrong place.
func (l lines) explain(err error) error {
	credentials := child(l.root, "credentials")
	for i := 1; i < len(credentials.Content); i += 2 {
		var c config.HTTPClientConfig
		if err := credentials.Content[i].Decode(&c); err != nil {
			return fmt.Errorf("line %d: %w", credentials.Content[i].Line, explainCredential(err))
		}
	}
	line := lineNumber.FindString(err.Error())
	if line == "" {
		return errors.New("invalid YAML")
	}
	if strings.Contains(err.Error(), "cannot start any token") {
		return fmt.Errorf("%s: invalid YAML: indent with spaces, not tabs, and quote values that start with @ or `", line)
	}
	return fmt.Errorf("%s: invalid YAML", line)
}

var lineNumber = regexp.MustCompile(`line \d+`)

// explainCredential keeps only the errors of Validate that quote nothing of the file.
func explainCredential(err error) error {
	text := err.Error()
	switch {
	case strings.HasPrefix(text, "at most one of "), strings.HasPrefix(text, "authorization "), strings.HasPrefix(text, "if proxy_connect_header "):
		return err
	case strings.Contains(text, "first path segment in URL"), strings.HasPrefix(text, "parse "):
		return errors.New("proxy_url must have the form http://HOST:PORT")
	}
	return errors.New("invalid HTTP client configuration")
}
