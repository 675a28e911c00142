package e2e

import (
	"bytes"
	"flag"
	"image/png"
	"os"
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
	if err != nil || image.Bounds().Dx() > desk || len(text) > maxPicture {
		t.Errorf("%s: %v, %v, %d bytes; go test -run Picture -picture updates it", pictureFile, err, image.Bounds(), len(text))
	}
}

// takePicture takes a picture of the account of the demo whose captures fail.
func takePicture(t *testing.T) {
	exporter := demo(t)
	time.Sleep(time.Minute) // for some events
	b := startBrowser(t)
	b.open("http://"+exporter.addr+"/", desk)
	clip := eval[map[string]float64](b, `(() => {
		const card = [...document.querySelectorAll("article")].find(card => card.innerText.includes("`+prodName+`"))
		const {x, y, width, height} = card.getBoundingClientRect()
		return {x: x - 8, y: y + scrollY - 8, width: width + 16, height: height + 16, scale: 1}
	})()`)
	var shot struct{ Data []byte }
	b.call("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true, "clip": clip}, &shot)
	if err := os.WriteFile(pictureFile, shot.Data, 0o600); err != nil {
		t.Fatal(err)
	}
}
