package config

import "testing"

// Errors contain the line and names of the schema, and quote nothing of the file.
func TestCheckSchema(t *testing.T) {
	const credential = "credentials:\n  lab: "
	checkErrors(t, map[string]string{ //nolint:gosec // no credentials
		"SECRET":                               "line 1: the file must be a mapping of keys to values",
		"acounts: []":                          "line 1: unknown key; the keys here are accounts, credentials, discover",
		"SECRET: x":                            "line 1: unknown key; the keys here are accounts, credentials, discover",
		"accounts:\n- nam: x":                  "line 2: unknown key; the keys here are credential, id, name",
		"accounts:\n- id: x\n  id: SECRET":     "line 3: duplicate key, first used in line 2",
		"accounts: SECRET":                     "line 1: accounts must be a list",
		"accounts: {id: SECRET}":               "line 1: accounts must be a list",
		"accounts: [SECRET]":                   "line 1: each of accounts must be a mapping of keys to values",
		"accounts: [{id: [SECRET]}]":           "line 1: id must be a single value",
		"discover: SECRET":                     "line 1: discover must be true or false",
		"credentials: [SECRET]":                "line 1: credentials must be a mapping of keys to values",
		credential + "SECRET":                  "line 2: the value must be a mapping of keys to values",
		credential + "{authorization: SECRET}": "line 2: authorization must be a mapping of keys to values",
		credential + "{authorization: {credentials:SECRET}}":       "line 2: unknown key; the keys here are credentials, credentials_file, type",
		credential + "{authorization: {credentials: {SECRET: x}}}": "line 2: credentials must be a single value",
		credential + "{http_headers: {X: {values: SECRET}}}":       "line 2: values must be a list",
		credential + "{http_headers: {X: {file: SECRET}}}":         "line 2: unknown key; the keys here are files, secrets, values",
		credential + "{tls_config: {ca_ref: SECRET}}":              "line 2: unknown key; the keys here are ca, ca_file, cert, cert_file, insecure_skip_verify, key, key_file, max_version, min_version, server_name",
		credential + "{proxy_url: [SECRET]}":                       "line 2: proxy_url must be a URL such as http://proxy.example.com:3128",
		credential + "{enable_http2: SECRET}":                      "line 2: enable_http2 must be true or false",
	})
}

func TestCheckProxy(t *testing.T) {
	for _, url := range []string{"proxy.example.com:3128", "SECRET", "//proxy:3128", "ftp://proxy", "http://", "http:proxy"} {
		checkErrors(t, map[string]string{
			"accounts: [{id: " + accountID + "}]\ncredentials:\n  default: {authorization: {credentials: x}, proxy_url: '" + url + "'}": "line 3: ",
		})
	}
	if _, err := Parse([]byte(oneAccount + "\n")); err != nil {
		t.Error(err)
	}
	for _, url := range []string{"http://proxy:3128", "socks5://user:SECRET@proxy:1080", ""} {
		if _, err := Parse([]byte("accounts: [{id: " + accountID + "}]\ncredentials:\n  default: {authorization: {credentials: x}, proxy_url: '" + url + "'}")); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
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
