package flags

import (
	"fmt"
	"regexp"
	"strings"

	toolkit "github.com/prometheus/exporter-toolkit/web"
	"go.yaml.in/yaml/v3"

	"cloudflare_pcap_exporter/collector/config"
)

const maxWebConfig = 1 << 20

var bcryptHash = regexp.MustCompile(`^\$2[aby]?\$\d\d\$[./\w]{53}$`)

// validateWebConfig checks the file of the toolkit. If a password is wrong, its error names the
// line, which the error of the toolkit does not.
func validateWebConfig(path string) error {
	err := toolkit.Validate(path)
	if err == nil || !strings.Contains(err.Error(), "bcrypt") {
		return err
	}
	var file struct {
		Users yaml.Node `yaml:"basic_auth_users"`
	}
	if text, err := config.ReadFile(path, maxWebConfig); err == nil {
		_ = yaml.Unmarshal(text, &file) // the toolkit could read it
	}
	for i := 1; i < len(file.Users.Content); i += 2 {
		if password := file.Users.Content[i]; !bcryptHash.MatchString(password.Value) {
			return fmt.Errorf("line %d: the password is not a bcrypt hash: make one with htpasswd -nB USER", password.Line)
		}
	}
	return err
}
