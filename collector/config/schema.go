package config

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	promconfig "github.com/prometheus/common/config"
	"go.yaml.in/yaml/v3"
)

// scalars are structs that are scalars in the file.
var scalars = map[reflect.Type]string{
	reflect.TypeFor[promconfig.URL](): "a URL such as http://proxy.example.com:3128",
}

// checkSchema returns an error if a node has another form than the type, or unknown or
// duplicate keys. The YAML library would quote the file, which may contain a secret in the
// wrong place; errors here contain names of the schema only.
func checkSchema(node *yaml.Node, name string, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	form, isScalar := scalars[t]
	switch {
	case node.Tag == "!!null" || node.Kind == yaml.AliasNode: // an alias was checked at its anchor
		return nil
	case isScalar:
		return checkScalar(node, name, form)
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return checkMapping(node, name, t)
	case reflect.Slice:
		if node.Kind != yaml.SequenceNode {
			return wrongForm(node, name, "a list")
		}
		for _, element := range node.Content {
			if err := checkSchema(element, "each of "+name, t.Elem()); err != nil {
				return err
			}
		}
		return nil
	case reflect.Bool:
		if node.Tag != "!!bool" {
			return wrongForm(node, name, "true or false")
		}
		return nil
	}
	return checkScalar(node, name, "a single value")
}

func checkMapping(node *yaml.Node, name string, t reflect.Type) error {
	if node.Kind != yaml.MappingNode {
		return wrongForm(node, name, "a mapping of keys to values")
	}
	fields, element := keys(t)
	seen := make(map[string]int)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		if key.Tag == "!!merge" {
			continue // the merged mapping was checked at its anchor
		}
		field, known := fields[key.Value]
		if first, again := seen[key.Value]; again {
			return fmt.Errorf("line %d: duplicate key, first used in line %d", key.Line, first)
		}
		seen[key.Value] = key.Line
		name := key.Value
		switch {
		case element != nil:
			field, name = element, "the value"
		case !known:
			return fmt.Errorf("line %d: unknown key; the keys here are %s", key.Line, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
		}
		if err := checkSchema(node.Content[i+1], name, field); err != nil {
			return err
		}
	}
	return nil
}

// keys returns the types of the values of a mapping by key. If any key is allowed, it
// returns the type of all values instead.
func keys(t reflect.Type) (fields map[string]reflect.Type, element reflect.Type) {
	if t.Kind() == reflect.Map {
		return nil, t.Elem()
	}
	fields = make(map[string]reflect.Type)
	for field := range t.Fields() {
		tag, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		switch {
		case !field.IsExported() || tag == "-":
		case strings.Contains(options, "inline"):
			inlined, element := keys(field.Type)
			if element != nil {
				return nil, element
			}
			maps.Copy(fields, inlined)
		case tag != "" && !strings.HasSuffix(tag, "_ref"): // there is no secret manager
			fields[tag] = field.Type
		}
	}
	return fields, nil
}

func checkScalar(node *yaml.Node, name, form string) error {
	if node.Kind != yaml.ScalarNode {
		return wrongForm(node, name, form)
	}
	return nil
}

func wrongForm(node *yaml.Node, name, form string) error {
	return fmt.Errorf("line %d: %s must be %s", node.Line, name, form)
}

// checkProxy returns an error if a proxy URL lacks its scheme or host. Libraries would
// report that for each request.
func checkProxy(url promconfig.URL) error {
	if url.URL == nil || url.String() == "" {
		return nil
	}
	if !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, url.Scheme) || url.Host == "" {
		return errors.New("proxy_url must have the form http://HOST:PORT")
	}
	return nil
}
