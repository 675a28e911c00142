package e2e

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var picture = flag.Bool("picture", false, "update the picture of the status page")

const (
	pictureFile = "../status-page.png"
	maxPicture  = 200 << 10
)

// TestPicture checks the size of the picture of the status page. With -picture, it takes a new
// picture first, with an account in each state.
func TestPicture(t *testing.T) {
	if *picture {
		takePicture(t)
	}
	text, err := os.ReadFile(pictureFile)
	if err != nil {
		t.Fatal(err)
	}
	image, err := png.Decode(bytes.NewReader(text))
	if err != nil || image.Bounds().Dx() != desk || len(text) > maxPicture {
		t.Errorf("%s: %v, %v, %d bytes; go test -run Picture -picture updates it", pictureFile, err, image.Bounds(), len(text))
	}
}

func takePicture(t *testing.T) {
	api := httptest.NewServer(&pictureAPI{})
	t.Cleanup(api.Close)
	config := filepath.Join(t.TempDir(), "config.yml")
	text := "credentials: { default: { authorization: { credentials: e2e } } }\naccounts:\n"
	for i, name := range []string{"edge-prod", "edge-lab", "edge-office", "edge-idle"} {
		text += fmt.Sprintf("- { id: %s%d, name: %s }\n", prodID[1:], i, name)
	}
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	exporter := start(t, nil, exporterBinary, "--web.listen-address=127.0.0.1:0", "--cloudflare.api-url="+api.URL, "--config.file="+config)
	scrapeOnce(t, exporter)
	scrapeOnce(t, exporter)
	b := startBrowser(t)
	b.open("http://"+exporter.addr+"/", desk)
	screenshot(b, pictureFile)
}

func screenshot(b *browser, file string) {
	b.t.Helper()
	var shot struct{ Data []byte }
	b.call("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, &shot)
	if err := os.WriteFile(file, shot.Data, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// pictureAPI is an API with an account in each state.
type pictureAPI struct {
	requests atomic.Int32 // for the account that fails from the second request on
}

// ServeHTTP implements http.Handler.
func (p *pictureAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var list []map[string]any
	capture := func(n int, status, typ, colo, message string, age time.Duration) {
		for i := range n {
			list = append(list, map[string]any{
				"id": fmt.Sprintf("%032x", len(list)), "status": status, "type": typ, "system": "magic-transit", "colo_name": colo, "error_message": message,
				"submitted": time.Now().Add(-age - time.Duration(i)*time.Hour).UTC(), "time_limit": 300,
			})
		}
	}
	w.Header().Set("Ratelimit", `"default";r=1043;t=210`)
	w.Header().Set("Ratelimit-Policy", `"default";q=1200;w=300`)
	switch account := strings.TrimPrefix(r.URL.Path, "/accounts/"); account[31:32] {
	case "0":
		capture(1, "running", "full", "ams01", "", 187*time.Second)
		capture(1, "conversion_running", "simple", "", "", 301*time.Second)
		capture(1, "pending", "simple", "", "", 4*time.Second)
		capture(17, "complete", "full", "ord02", "", time.Hour)
		capture(9, "complete", "full", "fra08", "", 2*time.Hour)
		capture(12, "success", "simple", "", "", time.Hour)
		capture(3, "failed", "full", "ord02", "No packets matched the filter", 26*time.Minute)
		capture(2, "failed", "full", "fra08", "upload to bucket", 9*time.Hour)
		capture(1, "failed", "full", "fra08", "interrupted", 5*time.Hour)
	case "1":
		capture(1, "running", "full", "lhr03", "", 731*time.Second)
		capture(8, "complete", "full", "lhr03", "", time.Hour)
		capture(5, "success", "simple", "", "", time.Hour)
	case "2":
		if p.requests.Add(1) > 1 {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		capture(6, "complete", "full", "ams01", "", time.Hour)
		capture(2, "failed", "full", "ams01", "No packets matched the filter", time.Hour)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "result": list})
}
