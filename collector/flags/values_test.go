package flags

import "testing"

// Errors of all values have the flag.
func TestNumber(t *testing.T) {
	checkErrors(t, map[string]string{
		"--cloudflare.rate-limit=-1":      `--cloudflare.rate-limit: "-1" is not valid: the minimum is 0`,
		"--scrape.concurrency=0":          `--scrape.concurrency: "0" is not valid: the minimum is 1`,
		"--web.max-requests=1.5":          `--web.max-requests: "1.5" is not a valid integer`,
		"--collector.max-staleness=1d":    `--collector.max-staleness: time: unknown unit "d" in duration "1d"`,
		"--collector.min-interval=-1s":    `--collector.min-interval: "-1s" is not valid: the minimum is 0s`,
		"--scrape.timeout-offset=-1s":     "--scrape.timeout-offset: ",
		"--scrape.timeout=0s":             `--scrape.timeout: "0s" is not valid: the minimum is 1ms`,
		"--demo --scrape.timeout=10":      `--scrape.timeout: time: missing unit in duration "10"`,
		"--collector.capture-series=some": "--collector.capture-series: enum value must be one of none,unfinished,failed,all, got 'some'",
		"--log.level=loud":                "--log.level: ",
		"--log.format=xml":                "--log.format: ",
	})
}
