package flags

import (
	"strings"
	"testing"
)

func TestValueErrors(t *testing.T) {
	checkErrors(t, map[string]string{ //nolint:gosec // no credentials
		"--cloudflare.account-id=x":              "--cloudflare.account-id: an account id must have 32 lower-case hex digits",
		account + " " + account:                  "--cloudflare.account-id: duplicate account id " + accountID,
		"--cloudflare.account-id=x,":             "--cloudflare.account-id: id 1 of 2: an account id must have",
		"--cloudflare.rate-limit=-1":             `--cloudflare.rate-limit: "-1" is not an integer of at least 0`,
		"--cloudflare.api-url=http://192.0.2.1/": "--cloudflare.api-url: plain http would expose the token",
		"--collector.capture-series=some":        `--collector.capture-series: "some" is not one of none, unfinished, failed, all`,
		"--collector.max-staleness=old":          `--collector.max-staleness: "old" is not a duration such as`,
		"--collector.min-interval=-1s":           `--collector.min-interval: "-1s" is not a duration such as`,
		"--scrape.timeout=0s":                    "--scrape.timeout: must be greater than 0",
		"--scrape.timeout=10":                    `--scrape.timeout: "10" is not a duration`,
		"--scrape.timeout-offset=-1s":            "--scrape.timeout-offset: ",
		"--scrape.concurrency=0":                 `--scrape.concurrency: "0" is not an integer of at least 1`,
		"--web.max-requests=many":                `--web.max-requests: "many" is not an integer`,
		"--web.telemetry-path=metrics":           `--web.telemetry-path: "metrics" is not a path such as /metrics`,
		"--web.telemetry-path=/{x}":              "--web.telemetry-path: ",
		"--web.telemetry-path=/":                 "--web.telemetry-path: ",
		"--web.telemetry-path=/probe":            "--web.telemetry-path: /probe is reserved",
		"--web.telemetry-path=/sd":               "--web.telemetry-path: /sd is reserved",
		"--web.telemetry-path=/-/x":              "--web.telemetry-path: /-/x is reserved",
		"--web.telemetry-path=/debug/x":          "--web.telemetry-path: /debug/x is reserved",
		"--log.level=loud":                       "--log.level: ",
		"--log.format=xml":                       "--log.format: ",
	})
	t.Setenv("CLOUDFLARE_BASE_URL", "ftp://host")
	checkErrors(t, map[string]string{
		"":                              "$CLOUDFLARE_BASE_URL: must start with https://",
		"--cloudflare.api-url=http://x": "--cloudflare.api-url: plain http",
	})
	t.Setenv("CLOUDFLARE_BASE_URL", "")
	t.Setenv("CLOUDFLARE_ACCOUNT_ID", accountID+", SECRET,x")
	checkErrors(t, map[string]string{"": "$CLOUDFLARE_ACCOUNT_ID: id 2 of 3: an account id must have"})
	t.Setenv("CLOUDFLARE_ACCOUNT_ID", accountID+"\nx")
	checkErrors(t, map[string]string{"": "$CLOUDFLARE_ACCOUNT_ID: an account id must have"})
}

func TestAPIURL(t *testing.T) {
	for text, want := range map[string]string{
		"https://api.cloudflare.com/client/v4/": "https://api.cloudflare.com/client/v4",
		"http://127.0.0.1:8080":                 "http://127.0.0.1:8080",
		"http://[::1]:8080/x":                   "http://[::1]:8080/x",
		"http://localhost/x//":                  "http://localhost/x",
		"http://api.cloudflare.com/client/v4":   "",
		"http://127.0.0.1.example.com":          "",
		"ftp://127.0.0.1":                       "",
		"api.cloudflare.com":                    "",
		"https://":                              "",
		"https://user:secret@host/":             "",
		"https://host/?token=secret":            "",
		"https://host/?":                        "",
		"https://host/#secret":                  "",
		"":                                      "",
		"https://ho st/secret":                  "",
	} {
		got, err := apiURL(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error quotes the URL: %v", text, err)
		}
	}
}
