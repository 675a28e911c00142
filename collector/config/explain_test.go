package config

import "testing"

// Errors contain the line and names of the schema, and quote nothing of the file.
func TestExplain(t *testing.T) {
	const (
		lab        = "credentials:\n  lab: "
		mapping    = `the value must be a mapping such as "key: value"`
		block      = "invalid YAML: check the indentation of this block (spaces, not tabs), and its brackets and quotes"
		here       = "unknown key: check its spelling and indentation; the keys here are accounts, credentials, discover, exclude"
		prometheus = "line 2: unknown key: check its spelling and indentation; the keys here are as in http_config of Prometheus"
	)
	checkErrors(t, map[string]string{ //nolint:gosec // no credentials
		"SECRET":                           "line 1: " + mapping,
		"acounts: []":                      "line 1: " + here,
		"SECRET: x":                        "line 1: " + here,
		"accounts:\n- nam: x":              "line 2: unknown key: check its spelling and indentation; the keys here are credential, id, name",
		"accounts:\n- id: x\n  id: SECRET": "line 3: duplicate key, first used in line 2",
		"accounts: {id: SECRET}":           "line 1: the value must be a list",
		"accounts:\n- SECRET":              "line 2: " + mapping,
		"accounts: [{id: [SECRET]}]":       "line 1: the key must have a single value",
		"discover: SECRET":                 "line 1: the value must be true or false",
		"credentials: [SECRET]":            "line 1: " + mapping,

		lab + "{authorization: SECRET}":                                "line 2: " + mapping,
		lab + "{authorization: {credentials:SECRET}}":                  prometheus,
		lab + "{authorization: {credentials: {SECRET: x}}}":            "line 2: the key must have a single value",
		lab + "{http_headers: {X: {file: SECRET}}}":                    prometheus,
		lab + "{http_headers: {X: {values: SECRET}}}":                  "line 2: the value must be a list",
		lab + "{authorization: {credentials: *SECRET}}":                "invalid YAML: an alias without an anchor",
		lab + "{proxy_url: 'http://u:SECRET@h:x'}":                     "credential lab: proxy_url must have the form http://HOST:PORT",
		lab + "{authorization: {type: Basic, credentials: SECRET}}":    `credential lab: authorization type cannot be set to "basic"`,
		lab + "{tls_config: {min_version: SECRET}}":                    "credential lab: invalid; the keys of a credential are as in http_config",
		lab + "{authorization: {credentials: SECRET}, basic_auth: {}}": "credential lab: at most one of basic_auth, oauth2 & authorization",

		"accounts: [": "line 1: " + block,
		"accounts:\n- id: a\n   name: SECRET\ndiscover: true": "line 3: " + block,
		"accounts:\n- id: a\n  name: b\n credential: SECRET":  "line 4: " + block,
		"discover: true\naccounts:\n- {id: SECRET\n- {id: b}": "line 3: " + block,
		"accounts:\n\t- id: SECRET":                           "line 2: " + block,
		oneAccount + "---\n" + oneAccount:                     "more than one YAML document",
	})
}
