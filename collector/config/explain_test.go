package config

import "testing"

// Errors contain the line and names of the schema, and quote nothing of the file.
func TestExplain(t *testing.T) {
	const (
		credential = "credentials:\n  lab: "
		mapping    = "the value must be a mapping of keys to values"
		block      = "invalid YAML: check the indentation of this block, and its brackets and quotes"
		here       = "unknown key; the keys here are accounts, credentials, discover"
		prometheus = "line 2: unknown key; the keys of a credential are as in http_config of Prometheus"
	)
	checkErrors(t, map[string]string{ //nolint:gosec // no credentials
		"SECRET":                           "line 1: " + mapping,
		"acounts: []":                      "line 1: " + here,
		"SECRET: x":                        "line 1: " + here,
		"accounts:\n- nam: x":              "line 2: unknown key; the keys here are credential, id, name",
		"accounts:\n- id: x\n  id: SECRET": "line 3: duplicate key, first used in line 2",
		"accounts: {id: SECRET}":           "line 1: the value must be a list",
		"accounts:\n- SECRET":              "line 2: " + mapping,
		"accounts: [{id: [SECRET]}]":       "line 1: the value must be a single one",
		"discover: SECRET":                 "line 1: the value must be true or false",
		"credentials: [SECRET]":            "line 1: " + mapping,

		credential + "{authorization: SECRET}":                                                                "line 2: " + mapping,
		credential + "{authorization: {credentials:SECRET}}":                                                  prometheus,
		credential + "{authorization: {credentials: {SECRET: x}}}":                                            "line 2: the value must be a single one",
		credential + "{http_headers: {X: {file: SECRET}}}":                                                    prometheus,
		credential + "{http_headers: {X: {values: SECRET}}}":                                                  "line 2: the value must be a list",
		credential + "{authorization: {credentials: *SECRET}}":                                                "invalid YAML: an alias without an anchor",
		credential + "{proxy_url: 'http://u:SECRET@h:x'}":                                                     "line 2: proxy_url must have the form http://HOST:PORT",
		credential + "{authorization: {type: Basic, credentials: SECRET}}":                                    `line 2: authorization type cannot be set to "basic"`,
		"credentials:\n  ok: {}\n  lab:\n    authorization: {credentials: SECRET, credentials_file: y}":       "line 4: at most one of authorization credentials",
		"credentials:\n  lab:\n    enable_http2: true\n    proxy_url: 'http://u:SECRET@h:x'":                  "line 4: proxy_url must",
		"credentials:\n  lab:\n    enable_http2: true\n    authorization: {type: Basic, credentials: SECRET}": `line 4: authorization type cannot`,

		"accounts: [": "line 1: " + block,
		"accounts:\n- id: a\n   name: SECRET\ndiscover: true": "line 3: " + block,
		"accounts:\n- id: a\n  name: b\n credential: SECRET":  "line 4: " + block,
		"discover: true\naccounts:\n- {id: SECRET\n- {id: b}": "line 3: " + block,
		"accounts:\n\t- id: SECRET":                           "line 2: invalid YAML: indent with spaces, not tabs",
		oneAccount + "---\n" + oneAccount:                     "more than one YAML document",
	})
}

// Anchors, aliases and merges are valid.
func TestAliases(t *testing.T) {
	_, err := Parse([]byte(`
credentials:
  default: &default
    authorization: &auth {credentials: x}
  lab: {<<: *default, enable_http2: false}
  other: {authorization: *auth}
accounts: [{id: ` + accountID + `, credential: lab}]
`))
	if err != nil {
		t.Error(err)
	}
}
