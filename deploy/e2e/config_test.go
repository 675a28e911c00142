package e2e

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// speed is how many times faster configurations run here than for users.
const speed = 60

var (
	duration = regexp.MustCompile(`\b(\d+)([smhd])\b`)
	units    = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}
)

// faster divides each duration in a configuration.
func faster(config string) string {
	return duration.ReplaceAllStringFunc(config, func(text string) string {
		found := duration.FindStringSubmatch(text)
		n, _ := strconv.Atoi(found[1]) // digits only
		return fmt.Sprintf("%dms", (time.Duration(n) * units[found[2]] / speed).Milliseconds())
	})
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
