package config

import "testing"

func TestExplain(t *testing.T) {
	checkErrors(t, map[string]string{ //nolint:gosec // no credentials
		"accounts: [":                     "line 1: invalid YAML",
		"accounts:\n\t- id: SECRET":       "line 2: invalid YAML: indent with spaces, not tabs",
		oneAccount + "---\n" + oneAccount: "more than one YAML document",
		oneAccount + "---\n[":             "more than one YAML document",
		"credentials:\n  lab: {authorization: {credentials: *SECRET}}":                                  "invalid YAML",
		"credentials:\n  lab: {proxy_url: 'http://u:SECRET@h:x'}":                                       "line 2: proxy_url must have the form http://HOST:PORT",
		"credentials:\n  lab: {authorization: {type: Basic, credentials: SECRET}}":                      `line 2: authorization type cannot be set to "basic"`,
		"credentials:\n  ok: {}\n  lab:\n    authorization: {credentials: SECRET, credentials_file: y}": "line 4: at most one of authorization credentials",
	})
}
