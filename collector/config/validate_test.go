package config

import "testing"

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
		credential("&default {authorization: &auth {credentials: x}}\n  lab: {<<: *default, enable_http2: false}\n  other: {authorization: *auth}"),
	} {
		if _, err := Parse([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	const auth = "{authorization: {credentials: x}}"
	checkErrors(t, map[string]string{ //nolint:gosec // no credentials
		"":                                    "no account: add one to accounts, or set discover to true",
		oneAccount + "exclude: [SECRET]":      "exclude applies to discovered accounts: set discover to true",
		"discover: true":                      `discover requires a credential named "default"`,
		"accounts: [{id: " + accountID + "}]": "account " + accountID + `: unknown credential: add it to credentials (an account without one uses "default")`,
		oneAccount + "- id: SECRET":           "account 2 of 2: the id must have 32 lower-case hex digits",
		oneAccount + "- id: " + accountID:     "account " + accountID + ": duplicate id",
		oneAccount + "  credential: lab":      "account " + accountID + ": unknown credential: add it",
		oneAccount + "  name: " + otherID:     "account " + accountID + ": the name looks like an account id",
		oneAccount + "  name: a\n- {id: " + otherID + ", name: a}": "account " + otherID + ": duplicate name",

		credential(auth + "\n  lab: {}"):                                                          "credential lab: no token or key: set authorization or http_headers",
		credential("{authorization: {credentials: 'SEC T'}}"):                                     "credential default: the token has a space or another character than visible ASCII: write it again",
		credential("{authorization: {credentials: ' '}}"):                                         "credential default: the token is empty",
		credential(`{authorization: {type: "SEC RET", credentials: x}}`):                          "credential default: the type of authorization must be Bearer",
		credential("{authorization: {type: Token, credentials: x}}"):                              "credential default: the type of authorization must be Bearer",
		credential("{http_headers: {X-Auth-Email: {values: [x]}}}"):                               "credential default: X-Auth-Email and X-Auth-Key work only together: set both",
		credential("{http_headers: {X-Auth-Key: {secrets: [SECRET]}}}"):                           "credential default: X-Auth-Email and X-Auth-Key",
		credential(`{http_headers: {"X SECRET": {values: [x]}}}`):                                 "credential default: a name in http_headers is empty or has characters",
		credential(`{http_headers: {X-Auth-Key: {values: ["SECRET\nx"]}}}`):                       "credential default: a value in http_headers has a line break",
		credential(`{http_headers: {X-Auth-Key: {secrets: ["SECRET\x7f"]}}}`):                     "credential default: a value in http_headers has a line break",
		credential("{basic_auth: {username: SECRET}}"):                                            "credential default: the API accepts neither basic_auth nor oauth2",
		credential("{oauth2: {client_id: SECRET, client_secret: SECRET, token_url: 'http://x'}}"): "accepts neither basic_auth nor oauth2",
	})
}
