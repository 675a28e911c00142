package page

import (
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"html/template"
	"io"

	"cloudflare_pcap_exporter/collector/captures"
)

// refresh is the number of seconds after which a browser reloads the page. With meta
// refresh it keeps the old page and the scroll position until the new one is loaded.
const refresh = 10

//go:embed page.html
var text string

// style is inlined, so that the page is never shown without it.
//
//go:embed style.css
var style template.CSS

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"bytes": humanBytes, "duration": humanDuration, "message": captures.CleanMessage, "plural": plural, "progress": progressBar,
	"reasons": func() []string { return captures.FailureReasons }, "sanitize": captures.Sanitize,
}).Parse(text))

// Write renders the page.
func Write(w io.Writer, v *View) error { return page.Execute(w, newModel(v)) }

// ContentSecurityPolicy returns the policy to send with the page. It allows the inlined
// style and the inlined icon only.
func ContentSecurityPolicy() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
