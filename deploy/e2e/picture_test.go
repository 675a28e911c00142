package e2e

import (
	"bytes"
	"errors"
	"flag"
	"image/png"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

var picture = flag.Bool("picture", false, "update the picture of the status page")

const (
	pictureFile = "../status-page.png"
	maxPicture  = 200 << 10
)

// TestPicture checks the size of the picture of the status page. With -picture, it takes a new
// picture first.
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

// takePicture takes a picture of the demo when its capture is overdue.
func takePicture(t *testing.T) {
	exporter := demo(t)
	overdue := func() error {
		page, err := get(t, http.DefaultClient, "http://"+exporter.addr+"/")
		if err == nil && !strings.Contains(page, "overdue</strong>") {
			err = errors.New("no capture is overdue")
		}
		return err
	}
	time.Sleep(time.Minute) // not yet
	eventually(t, overdue)
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
