package flags_test

import (
	"io"
	"strings"
	"testing"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/collector/flags"
)

const accountID = "023e105f4ecef8ad9ca31a8372d0c353"

// check does with a command line what comes before the exporter serves.
func check(args string) error {
	f, err := flags.Parse(strings.Fields(args), io.Discard)
	if err != nil {
		return err
	}
	if err := f.Validate(); err != nil {
		return err
	}
	_, err = f.App(log.NewNopLogger())
	return err
}

func TestRefusals(t *testing.T) {
	for args, want := range map[string]string{ //nolint:gosec // no credentials
		"":                                     "no account: set --cloudflare.account-id, $CLOUDFLARE_ACCOUNT_ID or --config.file, or try --demo",
		"--cloudflare.account-id=x":            `--cloudflare.account-id: "x" is not an account id`,
		"--cloudflare.account-id=" + accountID: "no token: set --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN",
		"--cloudflare.account-id=" + accountID + " --cloudflare.account-id=" + accountID:   "given twice",
		"--cloudflare.account-id=" + accountID + " --cloudflare.api-token-file=/nowhere/t": "--cloudflare.api-token-file: credential default: cannot read the credential: open /nowhere/t",
		"--config.file=/nowhere/c":                                        "--config.file: open /nowhere/c",
		"--config.file=/nowhere/c --cloudflare.account-id=" + accountID:   "not by both",
		"--config.file=/nowhere/c --cloudflare.api-token-file=/nowhere/t": "drop --cloudflare.api-token-file",
		"--collector.max-staleness=old":                                   "--collector.max-staleness: ",
		"--collector.min-interval=-1s":                                    "--collector.min-interval: ",
		"--web.telemetry-path=/sd":                                        "--web.telemetry-path: /sd is taken",
		"--cloudflare.api-url=http://192.0.2.1/":                          "--cloudflare.api-url: plain http is only for loopback",
		"--collector.capture-series=some":                                 `--collector.capture-series: "some" is not one of none, unfinished, failed, all`,
		"--scrape.timeout=0s":                                             "--scrape.timeout: must be more than 0",
		"--scrape.timeout=10":                                             `--scrape.timeout: "10" is not a duration`,
		"--scrape.timeout-offset=-1s":                                     "--scrape.timeout-offset: ",
		"--scrape.concurrency=0":                                          `--scrape.concurrency: "0" is not a whole number of at least 1`,
		"--web.max-requests=many":                                         "--web.max-requests: ",
		"--web.telemetry-path=metrics":                                    "--web.telemetry-path: ",
		"--web.telemetry-path=/probe":                                     "--web.telemetry-path: /probe is taken",
		"--web.telemetry-path=/{x}":                                       "--web.telemetry-path: ",
		"--demo --config.file=x.yml":                                      "--demo has accounts of its own: drop --config.file",
		"--demo --web.listen-address=nowhere":                             "--web.listen-address: ",
		"--demo --web.config.file=/nowhere/w":                             "--web.config.file: ",
		"--log.level=loud":                                                "--log.level: ",
		"--log.format=xml":                                                "--log.format: ",
		"--no-such-flag":                                                  "unknown long flag '--no-such-flag'",
		"what":                                                            "unexpected what",
	} {
		err := check(args)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %s", args, err, want)
		}
	}
}

func TestRefusedVariables(t *testing.T) {
	t.Setenv("CLOUDFLARE_ACCOUNT_ID", accountID+", "+strings.Repeat("f", 32))
	for token, want := range map[string]string{"two words": "$CLOUDFLARE_API_TOKEN: ", " ": "$CLOUDFLARE_API_TOKEN: the token is empty"} {
		t.Setenv("CLOUDFLARE_API_TOKEN", token)
		err := check("")
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "words") {
			t.Errorf("token %q: got %v, want %s", token, err, want)
		}
	}
	t.Setenv("CLOUDFLARE_API_TOKEN", "secret")
	t.Setenv("CLOUDFLARE_BASE_URL", "ftp://host")
	if err := check(""); err == nil || !strings.Contains(err.Error(), "--cloudflare.api-url: ") {
		t.Errorf("URL: %v", err)
	}
}
