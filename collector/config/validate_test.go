package config

import (
	"testing"
)

func TestValidate(t *testing.T) {
	credential := func(yaml string) string {
		return "accounts: [{id: " + accountID + "}]\ncredentials:\n  default: " + yaml
	}
	for _, text := range []string{
		oneAccount,
		"discover: true\ncredentials: {default: {authorization: {credentials: x}}}",
		oneAccount + "- {id: " + otherID + "}\n", // both without a name
		credential("{authorization: {credentials_file: /nowhere}}"),
		credential("{http_headers: {x-auth-key: {secrets: [x]}, X-Auth-Email: {values: [a@b]}}}"),
		credential("{authorization: {type: bearer, credentials: x}, http_headers: {X-Team: {values: [a b]}}}"),
	} {
		if _, err := Parse([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	checkErrors(t, map[string]string{ //nolint:gosec // no credentials
		"":                                    "no account: add one to accounts, or set discover to true",
		"accounts: []":                        "no account: ",
		oneAccount + "exclude: [SECRET]":      "line 4: exclude applies to discovered accounts: set discover to true",
		"\ndiscover: true":                    `line 2: discover requires a credential named "default"`,
		"accounts: [{id: " + accountID + "}]": "line 1: unknown credential: add it to credentials",
		"accounts:\n- id: SECRET":             "line 2: an account id must have 32 lower-case hex digits",
		oneAccount + "\n- id: " + accountID:   "line 5: duplicate account id",
		oneAccount + "  credential: lab":      "line 4: unknown credential: add it",
		oneAccount + "  name: " + otherID:     "line 4: the account name looks like an account id",
		oneAccount + "  name: a\n- {id: " + otherID + ", name: a}": "line 5: duplicate account name",

		credential("{}"): "line 3: credential default: no token or key: set authorization or http_headers",
		credential("{authorization: {credentials: 'SEC T'}}"):                                                "line 3: credential default: the token has characters other than visible ASCII",
		credential("{authorization: {credentials: x}}\n  lab: {}"):                                           "line 4: credential lab: no token or key",
		credential("{authorization: {credentials: ' '}}"):                                                    "line 3: credential default: the token is empty",
		credential(`{authorization: {type: "SEC RET", credentials: x}}`):                                     "line 3: credential default: the type of authorization must be Bearer",
		credential("\n    authorization: {type: Token, credentials: x}"):                                     "line 4: credential default: the type of authorization must be Bearer",
		credential("\n    authorization: {credentials: x}\n    proxy_url: SECRET"):                           "line 5: credential default: proxy_url must",
		credential("\n    authorization: {credentials: x}\n    http_headers: {X-Auth-Email: {values: [x]}}"): "line 5: credential default: X-Auth-Email and X-Auth-Key authorize together only: set both",
		credential("{http_headers: {X-Auth-Key: {secrets: [SECRET]}}}"):                                      "line 3: credential default: X-Auth-Email and X-Auth-Key",
		credential(`{http_headers: {"X SECRET": {values: [x]}}}`):                                            "line 3: credential default: a name in http_headers is empty or has characters",
		credential(`{http_headers: {X-Auth-Key: {values: ["SECRET\nx"]}}}`):                                  "line 3: credential default: a value in http_headers has a line break",
		credential(`{http_headers: {X-Auth-Key: {secrets: ["SECRET\x7f"]}}}`):                                "line 3: credential default: a value in http_headers has a line break",
		credential("{basic_auth: {username: SECRET}}"):                                                       "line 3: credential default: the API accepts neither basic_auth nor oauth2",
		credential("{oauth2: {client_id: SECRET, client_secret: SECRET, token_url: 'http://x'}}"):            "accepts neither basic_auth nor oauth2",
	})
}

func TestIsProxy(t *testing.T) {
	proxy := func(url string) string {
		return "accounts: [{id: " + accountID + "}]\ncredentials:\n  default: {authorization: {credentials: x}, proxy_url: '" + url + "'}"
	}
	for _, url := range []string{"proxy.example.com:3128", "SECRET", "//proxy:3128", "ftp://proxy", "http://", "http:proxy"} {
		checkErrors(t, map[string]string{proxy(url): "line 3: "})
	}
	for _, url := range []string{"http://proxy:3128", "socks5://user:SECRET@proxy:1080", ""} {
		if _, err := Parse([]byte(proxy(url))); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}
