package config

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/prometheus/common/config"
	"go.yaml.in/yaml/v3"
)

// lines maps parts of the file to line numbers.
type lines struct {
	root  *yaml.Node
	count int
}

func newLines(text []byte) lines {
	l := lines{new(yaml.Node), bytes.Count(bytes.TrimSpace(text), []byte("\n")) + 1}
	var doc yaml.Node
	if yaml.Unmarshal(text, &doc) == nil && len(doc.Content) > 0 {
		l.root = doc.Content[0]
	}
	return l
}

// wrap prefixes err with the line of the node at the given keys.
func (l lines) wrap(err error, keys ...string) error {
	node, line := l.root, l.root.Line
	for _, key := range keys {
		if value, at := child(node, key); value != nil {
			node, line = value, at
		}
	}
	return fmt.Errorf("line %d: %w", line, err)
}

// child returns the value of a key and the line of the key, or the element with an index and
// its line, or nil.
func child(node *yaml.Node, key string) (value *yaml.Node, line int) {
	if i, err := strconv.Atoi(key); err == nil && node.Kind == yaml.SequenceNode && i < len(node.Content) {
		return node.Content[i], node.Content[i].Line
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1], node.Content[i].Line
		}
	}
	return nil, 0
}

// explain turns an error of the YAML library into one line. It quotes nothing of the file,
// because a token may be in the wrong place.
func (l lines) explain(err error) error {
	if types, ok := errors.AsType[*yaml.TypeError](err); ok {
		line, text, _ := strings.Cut(types.Errors[0], ": ")
		return fmt.Errorf("%s: %s", line, explainType(text))
	}
	if credentials, _ := child(l.root, "credentials"); credentials != nil {
		for i := 0; i+1 < len(credentials.Content); i += 2 {
			var c config.HTTPClientConfig
			if err := credentials.Content[i+1].Decode(&c); err != nil {
				key, err := explainCredential(err)
				return l.wrap(err, "credentials", credentials.Content[i].Value, key)
			}
		}
	}
	match := lineNumber.FindStringSubmatch(err.Error())
	if match == nil {
		return errors.New("invalid YAML: an alias without an anchor, or not UTF-8")
	}
	line, _ := strconv.Atoi(match[1])
	if strings.Contains(err.Error(), "did not find expected ") {
		line = min(line+1, l.count) // the library counts the lines of these errors from 0
	}
	if strings.Contains(err.Error(), "cannot start any token") {
		return fmt.Errorf("line %d: invalid YAML: indent with spaces, not tabs, and quote values that start with @ or `", line)
	}
	return fmt.Errorf("line %d: invalid YAML: check the indentation of this block, and its brackets and quotes", line)
}

var lineNumber = regexp.MustCompile(`line (\d+)`)

// keys are the keys of the types of this package, as the YAML library calls them.
var keys = map[string]string{
	"config.Config":  "accounts, credentials, discover",
	"config.Account": "credential, id, name",
}

// explainType replaces a text such as "cannot unmarshal !!seq into string".
func explainType(text string) string {
	typ := text[strings.LastIndexByte(text, ' ')+1:]
	_, first, duplicate := strings.Cut(text, " already defined at ")
	switch {
	case duplicate:
		return "duplicate key, first used in " + first
	case !strings.HasPrefix(text, "cannot unmarshal ") && keys[typ] != "":
		return "unknown key; the keys here are " + keys[typ]
	case !strings.HasPrefix(text, "cannot unmarshal "):
		return "unknown key; the keys of a credential are as in http_config of Prometheus"
	case strings.HasPrefix(typ, "[]"):
		return "the value must be a list"
	case typ == "bool":
		return "the value must be true or false"
	case strings.HasPrefix(text, "cannot unmarshal !!map"), typ == "string":
		return "the value must be a single one"
	}
	return "the value must be a mapping of keys to values"
}

// explainCredential keeps only the errors of Validate that quote nothing of the file. It returns
// the key that is wrong, too.
func explainCredential(err error) (key string, _ error) {
	text := err.Error()
	switch {
	case strings.HasPrefix(text, "at most one of "), strings.HasPrefix(text, "authorization "), strings.HasPrefix(text, "if proxy_connect_header "):
		return firstKey.FindString(text), err
	case strings.Contains(text, "first path segment in URL"), strings.HasPrefix(text, "parse "):
		return "proxy_url", errProxy
	}
	return "", errors.New("invalid HTTP client configuration")
}

var firstKey = regexp.MustCompile(`\b(authorization|basic_auth|bearer_token|proxy_connect_header|proxy_url|proxy_from_environment|no_proxy)\b`)
