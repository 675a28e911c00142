package flags

import "testing"

func TestUsage(t *testing.T) {
	checkErrors(t, map[string]string{ //nolint:gosec // nothing here is a credential
		"--demoo":                       "unknown flag --demoo: did you mean --demo? See --help",
		"--web.max-request=SECRET":      "unknown flag --web.max-request: did you mean --web.max-requests? See --help",
		"--cloudflare.api-token=SECRET": "unknown flag --cloudflare.api-token: did you mean --cloudflare.api-token-file? See --help",
		"--listen=:1":                   "unknown flag --listen: see --help",
		"--demo=fault":                  "--demo does not take this value: use --demo or --no-demo, or see --help",
		"--no-demo=false":               "--demo does not take this value: use --demo or --no-demo, or see --help",
		"--demo SECRET":                 "unexpected argument that is not a flag: see --help",
		"--scrape.timeout":              "expected argument for flag '--scrape.timeout'",
		"-x":                            "unknown short flag '-x'",
	})
}
