package page

import (
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"html/template"
	"io"
)

// refresh is after how many seconds a browser loads the page again. A browser
// that does so by itself keeps the old page until it has the new one, and the
// place to which one has scrolled.
const refresh = 10

//go:embed page.html
var text string

// style stands in the page itself, so that there is no moment without it.
//
//go:embed style.css
var style template.CSS

var page = template.Must(template.New("page").Funcs(template.FuncMap{"span": span, "plural": plural}).Parse(text))

// Write writes the page.
func Write(w io.Writer, v *View) error { return page.Execute(w, newModel(v)) }

// ContentSecurityPolicy is the policy to send with the page: nothing but its own
// style and, for the icon, what is in its own text.
func ContentSecurityPolicy() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
