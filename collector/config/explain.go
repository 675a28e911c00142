package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	promconfig "github.com/prometheus/common/config"
	"go.yaml.in/yaml/v3"
)

var lineNumber = regexp.MustCompile(`line (\d+)`)

// explain turns an error of the YAML library into one line. It quotes nothing of the file,
// because a token may be in the wrong place.
func explain(err error, text []byte) error {
	if types, ok := errors.AsType[*yaml.TypeError](err); ok {
		line, text, _ := strings.Cut(types.Errors[0], ": ")
		return fmt.Errorf("%s: %s", line, explainType(text))
	}
	var file struct{ Credentials map[string]yaml.Node }
	_ = yaml.Unmarshal(text, &file) // fails if the error is one of syntax
	for _, name := range slices.Sorted(maps.Keys(file.Credentials)) {
		node := file.Credentials[name]
		if err := node.Decode(new(promconfig.HTTPClientConfig)); err != nil {
			return fmt.Errorf("credential %s: %w", name, explainCredential(err))
		}
	}
	match := lineNumber.FindStringSubmatch(err.Error())
	if match == nil {
		return errors.New("invalid YAML: an alias without an anchor, or not UTF-8")
	}
	line, _ := strconv.Atoi(match[1])
	if strings.Contains(err.Error(), "did not find expected ") { // the library counts these lines from 0
		line = min(line+1, bytes.Count(bytes.TrimSpace(text), []byte("\n"))+1)
	}
	return fmt.Errorf("line %d: invalid YAML: check the indentation of this block (spaces, not tabs), and its brackets and quotes", line)
}

// keys are the keys of the types of this package, as the YAML library calls them.
var keys = map[string]string{
	"config.Config":  "accounts, credentials, discover, exclude",
	"config.Account": "credential, id, name",
}

// explainType replaces a text such as "cannot unmarshal !!seq into string".
func explainType(text string) string {
	typ := text[strings.LastIndexByte(text, ' ')+1:]
	_, first, duplicate := strings.Cut(text, " already defined at ")
	switch {
	case duplicate:
		return "duplicate key, first used in " + first
	case !strings.HasPrefix(text, "cannot unmarshal "):
		return "unknown key: check its spelling and indentation; the keys here are " + cmp.Or(keys[typ], "as in http_config of Prometheus")
	case strings.HasPrefix(typ, "[]"):
		return "the value must be a list"
	case typ == "bool":
		return "the value must be true or false"
	case strings.HasPrefix(text, "cannot unmarshal !!map"), typ == "string":
		return "the key must have a single value"
	}
	return "the value must be a mapping such as \"key: value\""
}

// harmless matches errors of Validate that quote nothing of the file.
var harmless = regexp.MustCompile(`^((at most|exactly) one of|authorization|if proxy_|if no_proxy) `)

func explainCredential(err error) error {
	if _, ok := errors.AsType[*url.Error](err); ok {
		return errProxy
	}
	if harmless.MatchString(err.Error()) {
		return err
	}
	return errors.New("invalid; the keys of a credential are as in http_config of Prometheus")
}
