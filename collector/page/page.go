// Package page renders the status page, which shows the last results in a browser. It turns
// data into HTML and sends no requests.
package page

import (
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"html/template"
	"time"

	"cloudflare_pcap_exporter/collector/captures"
)

//go:embed page.html
var text string

// style is inlined, so that the page is never shown without it.
//
//go:embed style.css
var style template.CSS

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"bytes": humanBytes, "clock": clock, "duration": humanDuration, "message": captures.CleanMessage, "plural": plural,
	"progress": progressBar, "sanitize": captures.Sanitize, "segments": segments,
	"reasons": func() []string { return captures.FailureReasons }, "style": func() template.CSS { return style },
	"tolerance": func() time.Duration { return tolerance },
}).Parse(text))

// ContentSecurityPolicy returns the policy to send with the page. It allows the inlined
// style and the inlined icon only.
func ContentSecurityPolicy() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
