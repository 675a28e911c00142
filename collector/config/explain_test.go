package config

import "testing"

func TestExplain(t *testing.T) {
	checkErrors(t, map[string]string{ //nolint:gosec // no credentials
		"accounts: x":                         "line 1: value of the wrong type",
		"accounts: [":                         "line 1: invalid YAML",
		"acounts: []":                         "line 1: unknown key",
		"accounts:\n- nam: x":                 "line 2: unknown key",
		oneAccount + "---\n" + oneAccount:     "more than one YAML document",
		oneAccount + "---\n[":                 "more than one YAML document",
		"credentials:\n  lab: [SECRET, x: y]": "line 2: ",
		"credentials:\n  lab:\n    authorization: {typo: x}":                                            "line 3: unknown key",
		"credentials:\n  lab: {authorization: {credentials:SECRET}}":                                    "line 2: unknown key",
		"credentials:\n  lab: {authorization: {credentials: *SECRET}}":                                  "invalid YAML",
		"credentials:\n  lab: {authorization: SECRET}":                                                  "line 2: value of the wrong type",
		"credentials:\n  lab: {proxy_url: 'http://u:SECRET@h:x'}":                                       "line 2: invalid HTTP client configuration",
		"credentials:\n  lab: {authorization: {type: Basic, credentials: SECRET}}":                      `line 2: authorization type cannot be set to "basic"`,
		"credentials:\n  ok: {}\n  lab:\n    authorization: {credentials: SECRET, credentials_file: y}": "line 4: at most one of authorization credentials",
	})
}
