package flags

import "testing"

func TestUsage(t *testing.T) {
	for args, want := range map[string]string{ //nolint:gosec // nothing here is a credential
		"--demoo":                       "unknown flag --demoo: did you mean --demo? See --help",
		"--web.max-request=SECRET":      "unknown flag --web.max-request: did you mean --web.max-requests? See --help",
		"--cloudflare.api-token=SECRET": "unknown flag --cloudflare.api-token: did you mean --cloudflare.api-token-file? See --help",
		"--listen=:1":                   "unknown flag --listen: see --help",
		"--demo=true":                   "--demo takes no value: use --demo or --no-demo",
		"--no-demo=false":               "--demo takes no value: use --demo or --no-demo",
		"--demo SECRET":                 "unexpected argument that is not a flag: see --help",
		"--scrape.timeout":              "--scrape.timeout needs a value: see --help",
		"-x":                            "flags begin with --: see --help",
		"--demo --cloudflare.account-id=" + accountID:               "--demo has its own accounts and API: remove --cloudflare.account-id",
		"--cloudflare.api-token-file=x --demo":                      "--demo has its own accounts and API: remove --cloudflare.api-token-file",
		"--demo --cloudflare.api-url=https://api.invalid/client/v4": "--demo has its own accounts and API: remove --cloudflare.api-url",
		"--demo --config.file=x.yml":                                "--demo has its own accounts and API: remove --config.file",
	} {
		_, err := parse(args)
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", args, err, want)
		}
	}
}

// Variables of other programs do not keep the demo from starting.
func TestDemoIgnoresVariables(t *testing.T) {
	t.Setenv("CLOUDFLARE_ACCOUNT_ID", accountID)
	t.Setenv("CLOUDFLARE_API_TOKEN", "x")
	if _, err := parse("--demo"); err != nil {
		t.Error(err)
	}
}
