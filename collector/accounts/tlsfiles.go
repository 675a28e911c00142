package accounts

import (
	"context"
	"fmt"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/config"
)

// secretFiles reads files for the TLS settings of promconfig, which would read them
// without a bound.
type secretFiles struct{}

// Fetch implements promconfig.SecretManager.
func (s secretFiles) Fetch(_ context.Context, path string) (string, error) {
	content, err := config.ReadFile(path, maxSecretFile)
	if err != nil {
		return "", fmt.Errorf("%w: %w", cfapi.ErrCredentials, err)
	}
	return string(content), nil
}

// settings makes the files of cfg references to secretFiles. It returns false if there are
// none.
func (s secretFiles) settings(cfg *promconfig.TLSConfig) (settings promconfig.TLSRoundTripperSettings, ok bool) {
	refer := func(file, ref *string) promconfig.SecretReader {
		if *file == "" {
			return nil
		}
		*ref, *file, ok = *file, "", true
		return secretFile{s, *ref}
	}
	settings.CA = refer(&cfg.CAFile, &cfg.CARef)
	settings.Cert = refer(&cfg.CertFile, &cfg.CertRef)
	settings.Key = refer(&cfg.KeyFile, &cfg.KeyRef)
	return settings, ok
}

// secretFile is one of the files.
type secretFile struct {
	files secretFiles
	path  string
}

// Fetch implements promconfig.SecretReader.
func (f secretFile) Fetch(ctx context.Context) (string, error) { return f.files.Fetch(ctx, f.path) }

// Description implements promconfig.SecretReader.
func (f secretFile) Description() string { return f.path }

// Immutable implements promconfig.SecretReader.
func (f secretFile) Immutable() bool { return false }
